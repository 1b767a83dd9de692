"""Signing in by Google: the whole way, linking, and the ways in which somebody tries to get into another's account."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import aiohttp
import pytest
from pyotp import TOTP

from server.config import Settings
from server.mail import DevelopmentOutbox
from store.tickets import Purpose
from tests.conftest import serving
from tests.fake_google import APP_ID, CLIENT_ID, PAGE, FakeGoogle, somebody
from tests.people import OTHER_PASSWORD, PASSWORD, Person, refused
from tests.processes import Servers

pytestmark = pytest.mark.usefixtures("unlimited")


@pytest.fixture
def google(google_issuer: str, http: aiohttp.ClientSession) -> FakeGoogle:
    return FakeGoogle(google_issuer, http)


@pytest.fixture
async def server(settings: Settings, servers: Servers) -> AsyncIterator[str]:
    """A server where addresses have to be confirmed."""
    confirming = settings.model_copy(update={"confirm_email": True})
    async with serving(confirming, servers, mailer=DevelopmentOutbox()) as url:
        yield url


@pytest.fixture
def newcomer(server: str, http: aiohttp.ClientSession) -> Person:
    """Somebody at a browser, who is nobody yet."""
    return Person("newcomer", server, http)


async def begun(person: Person) -> dict[str, Any]:
    made: dict[str, Any] = await person.rest("POST", "/auth/google/begin", {"redirect_uri": PAGE})
    return made


async def proven(person: Person, google: FakeGoogle) -> dict[str, Any]:
    """The whole way to Google and back; what to sign in with, or to link."""
    made = await begun(person)
    back = await google.agree(made["authorization_url"])
    assert back["state"] == made["state"]
    ours = {"state": made["state"], "browser_key": made["browser_key"]}
    await person.rest("POST", "/auth/google/prove", {**ours, "authorization_code": back["code"]})
    return ours


async def signed_in(person: Person, google: FakeGoogle, **more: Any) -> dict[str, Any]:
    ours = await proven(person, google)
    answer: dict[str, Any] = await person.rest("POST", "/auth/google/login", {**ours, **more})
    return answer


async def owner(person: Person, email: str) -> Person:
    """Make a password account that owns an address."""
    person.email = email
    person._take(await person.rest("POST", "/auth/signup", {"name": "Ada", "email": email, "password": PASSWORD}))
    assert person.backstage is not None
    token = await person.backstage.link(Purpose.CONFIRM, person.id, email)
    await person.rest("POST", "/auth/email/confirm", {"token": token})
    return person


async def test_who_has_no_account_gets_one(newcomer: Person, google: FakeGoogle) -> None:
    grace = somebody()
    await google.sets(grace)

    first = await signed_in(newcomer, google)
    again = await signed_in(newcomer, google)

    assert (first["user"]["email"], first["user"]["name"]) == (grace["email"], "Grace")
    assert first["user"]["email_confirmed"]
    assert again["user"]["id"] == first["user"]["id"]
    newcomer._take(again)
    assert await newcomer.rest("GET", "/auth/identities/") == {"google": grace["email"], "has_password": False}
    # The address at Google may change: the account stays.
    await google.sets({**grace, "email": "grace@example.org"})
    assert (await signed_in(newcomer, google))["user"]["id"] == first["user"]["id"]
    await (await newcomer.connect()).leave()


async def test_who_has_no_password_shows_who_they_are_by_signing_in(newcomer: Person, google: FakeGoogle) -> None:
    await google.sets(somebody())
    newcomer._take(await signed_in(newcomer, google))
    with refused("invalid_transition"):
        await newcomer.rest("POST", "/auth/google/unlink", {})
    await newcomer.rest("PUT", "/auth/password", {"new_password": OTHER_PASSWORD})
    with refused("invalid"):
        await newcomer.rest("POST", "/auth/google/unlink", {})
    unlinked = await newcomer.rest("POST", "/auth/google/unlink", {"current_password": OTHER_PASSWORD})
    assert unlinked == {"google": None, "has_password": True}
    # That account is free for another one now, which the address, being owned here, is linked to.
    assert (await signed_in(newcomer, google))["user"]["id"] == newcomer.id


async def test_an_account_is_linked_from_within(ada: Person, newcomer: Person, google: FakeGoogle) -> None:
    await google.sets(somebody("ada@corp.example"))
    ours = await proven(ada, google)
    with refused("invalid"):
        await ada.rest("POST", "/auth/google/link", {**ours, "current_password": "not this one"})
    linked = await ada.rest("POST", "/auth/google/link", {**ours, "current_password": PASSWORD})
    assert linked == {"google": "ada@corp.example", "has_password": True}
    assert (await ada.hears("account:activity"))["activity"]["what"] == "identity_linked"
    assert (await signed_in(newcomer, google))["user"]["id"] == ada.id
    # One is shown, and so one there is.
    await google.sets(somebody("another@corp.example"))
    with refused("conflict"):
        await ada.rest("POST", "/auth/google/link", {**await proven(ada, google), "current_password": PASSWORD})


@pytest.mark.parametrize("audience", [CLIENT_ID, APP_ID])
async def test_an_app_sends_the_token_it_was_given(audience: str, newcomer: Person, google: FakeGoogle) -> None:
    made = await newcomer.rest("POST", "/auth/google/begin", {})
    assert made["authorization_url"] is None
    token = await google.sets(somebody(azp=APP_ID), nonce=made["nonce"], audience=audience)
    ours = {"state": made["state"], "browser_key": made["browser_key"]}
    await newcomer.rest("POST", "/auth/google/prove", {**ours, "id_token": token})
    assert (await newcomer.rest("POST", "/auth/google/login", ours))["user"]["name"] == "Grace"
    made = await newcomer.rest("POST", "/auth/google/begin", {})
    strange = await google.sets(somebody(azp="another-app.apps.example"), nonce=made["nonce"])
    with refused("invalid"):
        await newcomer.rest("POST", "/auth/google/prove", {
            "state": made["state"], "browser_key": made["browser_key"], "id_token": strange,
        })  # fmt: skip
    # A token that was caught is of no use for another try.
    made = await newcomer.rest("POST", "/auth/google/begin", {})
    ours = {"state": made["state"], "browser_key": made["browser_key"]}
    with refused("invalid"):
        await newcomer.rest("POST", "/auth/google/prove", {**ours, "id_token": token})


async def test_a_second_factor_is_asked_for_here_too(ada: Person, newcomer: Person, google: FakeGoogle) -> None:
    await google.sets(somebody())
    ours = {**await proven(ada, google), "current_password": PASSWORD}
    await ada.rest("POST", "/auth/google/link", ours)
    begun_factor = await ada.rest("POST", "/auth/second-factor/begin", {"current_password": PASSWORD})
    app = TOTP(begun_factor["secret"])
    codes = await ada.rest("POST", "/auth/second-factor/confirm", {"code": app.now()})

    tried = await proven(newcomer, google)
    with refused("second_factor_required"):
        await newcomer.rest("POST", "/auth/google/login", tried)
    # With the same proof: nobody is sent to Google twice.
    answer = await newcomer.rest("POST", "/auth/google/login", {**tried, "code": codes["recovery_codes"][0]})
    assert answer["user"]["id"] == ada.id


@pytest.mark.parametrize(
    "lie",
    ["issuer", "audience", "nonce", "no nonce", "expired", "no subject", "key", "none", "secret", "wordless"],
)
async def test_a_token_that_is_not_right_proves_nothing(lie: str, newcomer: Person, google: FakeGoogle) -> None:
    await google.sets(somebody(), lie=lie)
    made = await begun(newcomer)
    back = await google.agree(made["authorization_url"])
    ours = {"state": made["state"], "browser_key": made["browser_key"]}
    with refused("invalid"):
        await newcomer.rest("POST", "/auth/google/prove", {**ours, "authorization_code": back["code"]})
    with refused("invalid_transition"):
        await newcomer.rest("POST", "/auth/google/login", ours)


async def test_a_google_that_is_away_is_told(newcomer: Person, google: FakeGoogle) -> None:
    await google.sets(somebody(), lie="down")
    made = await begun(newcomer)
    back = await google.agree(made["authorization_url"])
    ours = {"state": made["state"], "browser_key": made["browser_key"]}
    for _ in range(2):
        # As often as it is said that it may be tried again.
        with refused("unavailable"):
            await newcomer.rest("POST", "/auth/google/prove", {**ours, "authorization_code": back["code"]})


async def test_a_try_belongs_to_the_browser_that_began_it(newcomer: Person, google: FakeGoogle) -> None:
    """T6: forged, replayed, mixed, and slipped into another's browser; pages that are not set."""
    await google.sets(somebody())
    made, others = await begun(newcomer), await begun(newcomer)
    back = await google.agree(made["authorization_url"])
    code = {"authorization_code": back["code"]}
    for wrong in (
        {"state": made["state"], "browser_key": others["browser_key"]},
        {"state": "f" * 40, "browser_key": made["browser_key"]},
    ):
        with refused("invalid"):
            await newcomer.rest("POST", "/auth/google/prove", {**wrong, **code})
        with refused("invalid"):
            await newcomer.rest("POST", "/auth/google/login", wrong)
    ours = {"state": made["state"], "browser_key": made["browser_key"]}
    # A code of another try: Google itself finds that the verifier is not its challenge's.
    with refused("invalid"):
        await newcomer.rest("POST", "/auth/google/prove", {
            "state": others["state"], "browser_key": others["browser_key"], **code,
        })  # fmt: skip
    back = await google.agree(made["authorization_url"])
    await newcomer.rest("POST", "/auth/google/prove", {**ours, "authorization_code": back["code"]})
    with refused("conflict"):
        await newcomer.rest("POST", "/auth/google/prove", {**ours, "authorization_code": back["code"]})
    await newcomer.rest("POST", "/auth/google/login", ours)
    with refused("invalid"):
        await newcomer.rest("POST", "/auth/google/login", ours)
    for page in ("https://evil.example/", PAGE + "/", PAGE + "?next=//evil.example", "//app.example.org/google"):
        with refused("invalid"):
            await newcomer.rest("POST", "/auth/google/begin", {"redirect_uri": page})
    query = parse_qs(urlsplit(made["authorization_url"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert {"nonce", "state", "code_challenge"} <= query.keys()
    assert "browser_key" not in query


@pytest.mark.usefixtures("people")
async def test_nobody_gets_into_an_account_by_its_address(ada: Person, newcomer: Person, google: FakeGoogle) -> None:
    """T7, with the account here first: only where Google owns the address is it linked, and that is told."""
    settled = await owner(Person("settled", ada.url, ada.http, backstage=ada.backstage), "victim@corp.example")
    for attack in (somebody("victim@corp.example"), somebody("victim@corp.example", verified=False)):
        await google.sets(attack)
        with refused("identity_unlinked"):
            await signed_in(newcomer, google)
    at_gmail = await owner(Person("at_gmail", ada.url, ada.http, backstage=ada.backstage), f"{uuid4().hex}@gmail.com")
    await google.sets(somebody(at_gmail.email, verified=False))
    with refused("identity_unlinked"):
        await signed_in(newcomer, google)
    await google.sets(somebody(at_gmail.email))
    assert (await signed_in(newcomer, google))["user"]["id"] == at_gmail.id
    heard = await at_gmail.rest("GET", "/auth/activity/")
    assert "identity_linked" in {one["what"] for one in heard["items"]}
    await google.sets(somebody("settled@corp.example", hd="corp.example"))
    assert (await signed_in(newcomer, google))["user"]["id"] != settled.id


async def test_an_address_that_was_only_claimed_reserves_nothing(newcomer: Person, google: FakeGoogle) -> None:
    """T7, with the thief here first: their password opens what they made, and not what Google's owner gets."""
    email = f"{uuid4().hex}@gmail.com"
    thief = Person("thief", newcomer.url, newcomer.http, email=email)
    stolen = await thief.rest("POST", "/auth/signup", {"name": "Thief", "email": email, "password": PASSWORD})
    await google.sets(somebody(email))

    answer = await signed_in(newcomer, google)

    assert answer["user"]["id"] != stolen["user"]["id"]
    assert answer["user"]["email_confirmed"]
    await thief.log_in()
    assert thief.id == stolen["user"]["id"]
    assert not (await thief.rest("GET", "/auth/profile"))["email_confirmed"]


@pytest.mark.usefixtures("people")
async def test_a_reset_leaves_no_way_in_to_who_only_claimed_the_address(
    ada: Person, newcomer: Person, google: FakeGoogle
) -> None:
    email = f"{uuid4().hex}@corp.example"
    thief = Person("thief", newcomer.url, newcomer.http)
    thief._take(await thief.rest("POST", "/auth/signup", {"name": "Thief", "email": email, "password": PASSWORD}))
    await google.sets(somebody("thief@corp.example"))
    await thief.rest("POST", "/auth/google/link", {**await proven(thief, google), "current_password": PASSWORD})
    assert ada.backstage is not None
    token = await ada.backstage.link(Purpose.RESET, thief.id, email)

    await newcomer.rest("POST", "/auth/password/reset", {"token": token, "new_password": OTHER_PASSWORD})

    mine = await newcomer.rest("POST", "/auth/login", {"email": email, "password": OTHER_PASSWORD})
    assert mine["user"]["id"] == thief.id and mine["user"]["email_confirmed"]
    assert (await signed_in(newcomer, google))["user"]["id"] != thief.id


async def test_where_it_is_not_set_up_it_says_so(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession
) -> None:
    async with serving(settings.model_copy(update={"google_client_id": ""}), servers) as url:
        with refused("not_found"):
            await Person("nobody", url, http).rest("POST", "/auth/google/begin", {})


@pytest.fixture
def provider() -> Iterator[str]:
    """An OpenID provider that others wrote, and that knows nothing of us."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        yield f"http://127.0.0.1:{port}"
        child.terminate()


async def test_the_whole_way_with_a_provider_of_others(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession, provider: str
) -> None:
    await answers(http, f"{provider}/.well-known/openid-configuration")
    grace = {"email": "grace@gmail.com", "email_verified": True, "name": "Grace"}
    async with http.put(f"{provider}/users/grace", json=grace) as response:
        assert response.ok
    elsewhere = settings.model_copy(update={"google_issuer": provider})
    async with serving(elsewhere, servers) as url:
        person = Person("grace", url, http)
        made = await begun(person)
        async with http.post(made["authorization_url"], data={"sub": "grace"}, allow_redirects=False) as response:
            back = parse_qs(urlsplit(response.headers["Location"]).query)
        ours = {"state": made["state"], "browser_key": made["browser_key"]}
        assert back["state"] == [made["state"]]
        told = await person.rest("POST", "/auth/google/prove", {**ours, "authorization_code": back["code"][0]})
        assert told == {"email": "grace@gmail.com", "name": "Grace", "known": False}
        person._take(await person.rest("POST", "/auth/google/login", ours))
        await (await person.connect()).leave()


async def answers(http: aiohttp.ClientSession, url: str) -> None:
    """Wait until something answers there."""
    async with asyncio.timeout(20):
        while True:
            with suppress(aiohttp.ClientError):
                async with http.get(url) as response:
                    if response.ok:
                        return
            await asyncio.sleep(0.05)
