"""What only its owner may read is in no log and in no refusal: a process that logs all it can, and is searched."""

import asyncio
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest
from pyotp import TOTP

from server.config import Settings
from store.users import Role
from tests.backstage import Backstage
from tests.calling import a_call, inside
from tests.fake_google import CLIENT_ID, CLIENT_SECRET, PAGE, FakeGoogle, somebody
from tests.faults.workers import SECRET, workers
from tests.people import Person, Refusal, key, refused
from tests.processes import Servers

PASSWORD = f"planted password {uuid4().hex}"
WRONG = f"planted guess {uuid4().hex}"
WORDS = f"planted words {uuid4().hex}"
TOKEN = f"planted.{uuid4().hex}.{uuid4().hex}"
TURN_SECRET = f"planted secret of relays {uuid4().hex}"
PHONE = f"+4930{uuid4().int % 10**8:08}"


class Searched:
    """Everything that must not be seen, and everything that was said in refusing."""

    def __init__(self) -> None:
        self.secrets = {PASSWORD, WRONG, WORDS, TOKEN, SECRET, CLIENT_SECRET, TURN_SECRET, PHONE}
        self.refusals: list[str] = []

    def plants(self, answer: dict[str, object], *names: str) -> None:
        self.secrets |= {str(answer[name]) for name in names}

    def require_unseen(self, text: str) -> None:
        seen = sorted(secret for secret in self.secrets if secret in text)
        assert not seen, f"{len(seen)} of {len(self.secrets)} secrets were written: {[one[:12] for one in seen]}"


async def refuses(searched: Searched, person: Person, method: str, path: str, body: object) -> None:
    """Ask for what is refused, and keep what was said."""
    with pytest.raises(Refusal) as caught:
        await person.rest(method, path, body)
    searched.refusals.append(str(caught.value.problem))


async def sign_in_in_all_ways(searched: Searched, person: Person, google: FakeGoogle) -> None:
    account = {"name": "Ada", "email": f"{uuid4().hex}@example.org", "password": PASSWORD}
    person.email = account["email"]
    signed_in = await person.rest("POST", "/auth/signup", account)
    person._take(signed_in)
    searched.plants(signed_in, "access_token", "refresh_token")
    await refuses(searched, person, "POST", "/auth/login", {"email": person.email, "password": WRONG})
    await refuses(searched, person, "POST", "/auth/signup", {**account, "surprise": WRONG})
    refreshed = await person.rest("POST", "/auth/refresh", {"refresh_token": person.refresh_token})
    searched.plants(refreshed, "access_token", "refresh_token")
    await refuses(searched, person, "POST", "/auth/refresh", {"refresh_token": TOKEN})
    await refuses(searched, person, "POST", "/auth/password/reset", {"token": TOKEN, "new_password": PASSWORD})
    await refuses(searched, person, "PUT", "/auth/password", {"current_password": WRONG, "new_password": PASSWORD})
    begun = await person.rest("POST", "/auth/second-factor/begin", {"current_password": PASSWORD})
    searched.plants(begun, "secret")
    made = await person.rest("POST", "/auth/second-factor/confirm", {"code": TOTP(begun["secret"]).now()})
    searched.secrets |= set(made["recovery_codes"])
    await refuses(searched, person, "POST", "/auth/login", {
        "email": person.email, "password": PASSWORD, "code": made["recovery_codes"][0] + "0",
    })  # fmt: skip
    await google.sets(somebody())
    tried = await person.rest("POST", "/auth/google/begin", {"redirect_uri": PAGE})
    back = await google.agree(tried["authorization_url"])
    searched.plants(tried, "browser_key")
    searched.plants(back, "code")
    ours = {"state": tried["state"], "browser_key": tried["browser_key"]}
    await person.rest("POST", "/auth/google/prove", {**ours, "authorization_code": back["code"]})
    await refuses(searched, person, "POST", "/auth/google/prove", {**ours, "authorization_code": back["code"]})
    searched.plants(await person.rest("POST", "/auth/google/login", ours), "access_token", "refresh_token")


async def send_what_is_broken(searched: Searched, person: Person) -> None:
    api = f"{person.url}/api/v1"
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    broken = {"data": f'{{"password": "{PASSWORD}", '.encode(), "headers": {"Content-Type": "application/json"}}
    for method, url, more in (
        ("POST", f"{api}/auth/login", broken),
        ("POST", f"{api}/auth/login", {"data": PASSWORD.encode(), "headers": {"Content-Type": "text/plain"}}),
        ("GET", f"{api}/auth/profile?token={TOKEN}", {}),
        ("GET", f"{api}/auth/profile", {"headers": bearer}),
        ("GET", f"{person.url}/{TOKEN}", {}),
        ("GET", f"{person.url}/socket.io/?EIO=4&transport=polling&token={TOKEN}", {}),
        ("POST", f"{person.url}/socket.io/?EIO=4&transport=polling&sid={TOKEN}", {"data": f"40{PASSWORD}"}),
    ):
        async with person.http.request(method, url, **more) as response:
            searched.refusals.append(await response.text())


async def sit_in_a_call(searched: Searched, person: Person, other: Person) -> None:
    call = await a_call(person, other)
    where = {"session_id": call["session_id"]}
    details = (await person.asks("call:get", where))["token_details"]
    searched.plants(details, "token")
    seat = await inside(person, call)
    searched.plants(seat, "resume_secret")
    searched.plants(seat["ice"]["ice_servers"][-1], "credential")
    for event, guess in (
        ("call:join", {"token": TOKEN}),
        ("call:resume", {"peer_id": seat["peer_id"], "resume_secret": TOKEN}),
    ):
        with pytest.raises(Refusal) as caught:
            await person.asks(event, {**where, **guess})
        searched.refusals.append(str(caught.value.problem))
    await person.asks("call:leave", where)


async def show_what_is_private(searched: Searched, person: Person) -> None:
    """A telephone number, and the address of a calendar, which opens it for whoever has it."""
    await person.rest("PUT", "/auth/profile", {"phone": PHONE})
    await refuses(searched, person, "PUT", "/auth/profile", {"phone": f"{PHONE} or {WRONG}"})
    await refuses(searched, person, "POST", "/auth/phone/code", {})
    for _ in range(2):
        address = (await person.rest("POST", "/calendar/feed/rotate"))["url"].partition("/api/v1/")[2]
        searched.secrets.add(address.rpartition("/")[2].removesuffix(".ics"))
        async with person.http.get(f"{person.url}/api/v1/{address}") as response:
            assert response.status == 200
    async with person.http.get(f"{person.url}/api/v1/calendar/feed/{TOKEN}.ics") as response:
        assert response.status == 404
        searched.refusals.append(await response.text())


async def be_kept_out(searched: Searched, person: Person, by: Person) -> None:
    """Whoever is opens the statement that says why by a text, which nobody else has to know."""
    await by.rest("PUT", f"/staff/people/{person.id}/ban/", {"reason": "Spam"})
    with refused("account_banned") as caught:
        await person.log_in()
    token = caught.value.problem["current"]["token"]
    searched.secrets.add(token[:-1])
    nobody = Person("nobody", person.url, person.http)
    await nobody.rest("POST", "/auth/statements/open", {"token": token})
    await refuses(searched, nobody, "POST", "/auth/statements/open", {"token": token[:-1]})


async def test_no_secret_is_written(settings: Settings, servers: Servers, tmp_path: Path) -> None:
    searched = Searched()
    async with (
        aiohttp.ClientSession() as http,
        workers(
            1,
            mongodb_url=servers.mongodb_url,
            redis_url=servers.redis_url,
            folder=tmp_path,
            MONGODB_DATABASE=settings.mongodb_database,
            LOG_LEVEL="DEBUG",
            GOOGLE_ISSUER=settings.google_issuer,
            GOOGLE_CLIENT_ID=CLIENT_ID,
            GOOGLE_CLIENT_SECRET=CLIENT_SECRET,
            GOOGLE_REDIRECT_URIS=PAGE,
            TURN_URLS="turn:127.0.0.1:3478",
            TURN_SECRET=TURN_SECRET,
        ) as crew,
    ):
        ada = Person("ada", crew[0].url, http)
        await sign_in_in_all_ways(searched, ada, FakeGoogle(settings.google_issuer, http))
        await send_what_is_broken(searched, ada)
        stranger = Person("stranger", ada.url, http, token=TOKEN)
        with refused("unauthenticated"):
            await stranger.connect()
        await ada.connect()
        bob = await Person("bob", ada.url, http).join()
        thread = await ada.asks("thread:open", {"participants": [bob.id], "client_id": key()})
        said = {"thread_id": thread["id"], "message_content": WORDS, "client_id": key()}
        await ada.asks("message:send", said)
        with pytest.raises(Refusal) as caught:
            await ada.asks("message:send", {**said, "client_id": WORDS})
        searched.refusals.append(str(caught.value.problem))
        await show_what_is_private(searched, ada)
        await sit_in_a_call(searched, ada, bob)
        await Backstage(settings, servers).promote(ada.id, Role.ADMIN)
        await be_kept_out(searched, bob, ada)
        # Not the acknowledgement of a refresh, which is the event's own.
        await ada.asks("auth:refresh", {"token": ada.token})
        with refused("unauthenticated"):
            await ada.asks("auth:refresh", {"token": TOKEN})
        await ada.leave()
        log = tmp_path / "web-0.log"
        # That it does log all it can, to the end.
        async with asyncio.timeout(30):
            while "disconnected" not in log.read_text():
                await asyncio.sleep(0.05)
    searched.require_unseen(log.read_text())
    searched.require_unseen("".join(searched.refusals))
