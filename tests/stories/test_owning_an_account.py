"""Owning an account: seeing where one is signed in, ending it from afar, and changing what protects it."""

from datetime import timedelta

import aiohttp
import jwt
import pytest
from pydantic import SecretStr

from handlers import auth
from handlers.auth import LogIn
from handlers.context import Context
from server.config import Settings
from server.core import utc_now
from store.users import User
from tests.backstage import Backstage
from tests.conftest import serving
from tests.people import OTHER_PASSWORD, PASSWORD, Person, refused
from tests.processes import Servers


async def test_a_lost_phone_is_signed_out_from_the_laptop(
    ada: Person, bob_elsewhere: Person, other_server: str
) -> None:
    phone = await ada.signed_in_again()
    await phone.connect(url=other_server)
    assert (await ada.hears("account:activity"))["activity"]["what"] == "signed_in"

    page = await ada.rest("GET", "/auth/sessions/")
    assert [(one["id"], one["current"]) for one in page["items"]] == [(phone.session_id, False), (ada.session_id, True)]
    with refused("not_found"):
        await bob_elsewhere.rest("DELETE", f"/auth/sessions/{phone.session_id}/")
    await ada.rest("DELETE", f"/auth/sessions/{phone.session_id}/")

    ended = await phone.hears("session:ended", within=15)
    assert (ended["code"], ended["reconnect"]) == ("session_ended", False)
    for path in ("/auth/sessions/", "/auth/profile"):
        with refused("unauthenticated"):
            await phone.rest("GET", path)
    with refused("unauthenticated"):
        await phone.refresh()
    with refused("not_found"):
        await ada.rest("DELETE", f"/auth/sessions/{phone.session_id}/")
    assert [one["id"] for one in (await ada.rest("GET", "/auth/sessions/"))["items"]] == [ada.session_id]
    await phone.leave()


async def test_all_others_are_signed_out_at_once(ada: Person) -> None:
    others = [await ada.another_device() for _ in range(2)]
    assert await ada.rest("DELETE", "/auth/sessions/") == {"ended": 2}
    for other in others:
        assert (await other.hears("session:ended", within=15))["code"] == "session_ended"
        await other.leave()
    assert await ada.rest("DELETE", "/auth/sessions/") == {"ended": 0}
    await ada.rest("GET", "/auth/profile")


async def test_a_new_password_ends_every_other_session(ada: Person) -> None:
    thief = await ada.another_device()
    with refused("invalid"):
        await ada.rest("PUT", "/auth/password", {"current_password": "not this one", "new_password": OTHER_PASSWORD})
    await thief.rest("GET", "/auth/profile")

    await ada.rest("PUT", "/auth/password", {"current_password": PASSWORD, "new_password": OTHER_PASSWORD})

    assert (await thief.hears("session:ended", within=15))["code"] == "password_changed"
    with refused("unauthenticated"):
        await thief.refresh()
    with refused("unauthenticated"):
        await ada.signed_in_again()
    login = {"email": ada.email, "password": OTHER_PASSWORD}
    assert (await ada.rest("POST", "/auth/login", login))["user"]["id"] == ada.id
    await ada.refresh()
    await thief.leave()


async def test_nobody_gets_in_beside_a_change_of_the_password(
    ada: Person, settings: Settings, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has just shown the old one at that moment, or waits for a letter to an address of theirs, is out as well."""
    matched, changed = auth._with_password, list[str]()

    async def slowly(command: LogIn, ctx: Context) -> User | None:
        user = await matched(command, ctx)
        if not changed:
            changed.append(OTHER_PASSWORD)
            said = {"current_password": PASSWORD, "new_password": OTHER_PASSWORD}
            await ada.rest("PUT", "/auth/password", said)
        return user

    await ada.rest("PUT", "/auth/email", {"email": "thief@example.org", "current_password": PASSWORD})
    monkeypatch.setattr(auth, "_with_password", slowly)
    with refused("unauthenticated"):
        await ada.signed_in_again()
    assert changed and len((await ada.rest("GET", "/auth/sessions/"))["items"]) == 1
    assert (await Backstage(settings, servers).user(ada.id)).next_email is None


async def test_a_sign_in_too_many_ends_the_one_that_was_idle_the_longest(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.signing_in.MOST_SESSIONS", 2)
    tablet = await ada.another_device()
    await ada.refresh()
    phone = await ada.signed_in_again()
    assert (await tablet.hears("session:ended"))["code"] == "session_superseded"
    left = {one["id"] for one in (await ada.rest("GET", "/auth/sessions/"))["items"]}
    assert left == {ada.session_id, phone.session_id}
    await tablet.leave()


async def test_who_is_kept_out_gets_no_new_tokens(ada: Person, settings: Settings, servers: Servers) -> None:
    """Whatever became of their sessions."""
    closes_at = utc_now() + timedelta(days=7)
    await Backstage(settings, servers).does(lambda ctx: ctx.store.users.update(ada.id, {"closes_at": closes_at}))
    with refused("unauthenticated"):
        await ada.refresh()


async def test_what_happened_is_written_down(ada: Person, bob: Person) -> None:
    phone = await ada.signed_in_again()
    await phone.rest("POST", "/auth/logout")
    await ada.rest("PUT", "/auth/password", {"current_password": PASSWORD, "new_password": OTHER_PASSWORD})

    found: list[tuple[str, str]] = []
    path = "/auth/activity/?limit=2"
    while True:
        page = await ada.rest("GET", path)
        found += [(one["what"], one["session_id"]) for one in page["items"]]
        if page["next_cursor"] is None:
            break
        path = f"/auth/activity/?limit=2&cursor={page['next_cursor']}"

    assert found == [
        ("password_changed", ada.session_id),
        ("signed_out", phone.session_id),
        ("signed_in", phone.session_id),
        ("signed_up", ada.session_id),
    ]
    assert [one["what"] for one in (await bob.rest("GET", "/auth/activity/"))["items"]] == ["signed_up"]


async def test_keys_are_exchanged_without_signing_anybody_out(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession
) -> None:
    old, new = SecretStr("o" * 32), SecretStr("n" * 32)
    both = settings.model_copy(update={"jwt_secret": new, "jwt_secret_also": old})
    async with serving(settings.model_copy(update={"jwt_secret": old}), servers) as server:
        ada = await Person("ada", server, http).join()
    async with serving(both, servers) as ada.url:
        await ada.rest("GET", "/auth/profile")
        before = ada.refresh_token
        await ada.refresh()
        after = ada.refresh_token
        # A lost answer is no harm, whichever key was first.
        ada.refresh_token = before
        await ada.refresh()
        assert ada.refresh_token == after
    async with serving(settings.model_copy(update={"jwt_secret": new}), servers) as ada.url:
        await ada.rest("GET", "/auth/profile")
        ada.refresh_token = before
        with refused("unauthenticated"):
            await ada.refresh()
        ada.refresh_token = after
        await ada.refresh()


async def test_a_token_names_its_key_and_nothing_else(ada: Person) -> None:
    claims = jwt.decode(ada.token, options={"verify_signature": False})
    good = jwt.get_unverified_header(ada.token)["kid"]
    for kid in ("", "0" * 16, "../../dev/null", good.upper(), f"{good} "):
        ada.token = jwt.encode(claims, "s" * 32, "HS256", {"kid": kid})
        with refused("unauthenticated"):
            await ada.rest("GET", "/auth/profile")


@pytest.mark.parametrize("end", ["\u00e9" * 43, "x" * 43, "", "\u0663", "." * 10])
async def test_a_refresh_token_is_ours_to_the_last_letter(ada: Person, end: str) -> None:
    ada.refresh_token = f"{ada.session_id}.1.{end}".ljust(20, "x")
    with refused("unauthenticated"):
        await ada.refresh()
