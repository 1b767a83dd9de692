"""Signing up, in and out: tokens that can be lost or stolen, and sessions that end everywhere."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import aiohttp
import jwt
import pytest

from server.config import Settings
from tests.conftest import serving
from tests.people import PASSWORD, Person, Refusal, refused, surely
from tests.processes import Servers

SECRET = "s" * 32


async def test_a_profile_is_read_and_changed(ada: Person) -> None:
    changed = await ada.rest("PUT", "/auth/profile", {"bio": "I teach counterpoint.", "skills": ["fugue"]})

    assert changed["bio"] == "I teach counterpoint."
    assert (await ada.rest("GET", "/auth/profile/")) == changed
    assert (await ada.rest("PUT", "/auth/profile", {"phone": "+49 30 1234"}))["phone"] == "+49 30 1234"
    assert (await ada.rest("PUT", "/auth/profile", {"phone": None}))["phone"] is None


async def test_an_address_has_one_account(ada: Person) -> None:
    body = {"name": "Ada Again", "email": ada.email.upper(), "password": PASSWORD}
    with refused("conflict"):
        await ada.rest("POST", "/auth/signup", body)


async def test_a_wrong_password_and_an_unknown_address_are_told_the_same(ada: Person) -> None:
    answers = []
    for email, password in ((ada.email, "not the password"), ("nobody@example.org", PASSWORD)):
        with pytest.raises(Refusal) as caught:
            await ada.rest("POST", "/auth/login", {"email": email, "password": password})
        answers.append({**caught.value.problem, "request_id": ""})
    assert answers[0] == answers[1]
    assert answers[0]["code"] == "unauthenticated"


async def test_parallel_refreshes_get_the_same_successor(ada: Person) -> None:
    asked = [surely(ada.rest, "POST", "/auth/refresh", {"refresh_token": ada.refresh_token}) for _ in range(20)]
    answers = await asyncio.gather(*asked)

    assert len({answer["refresh_token"] for answer in answers}) == 1
    assert answers[0]["refresh_token"] != ada.refresh_token
    await ada.rest("POST", "/auth/refresh", {"refresh_token": answers[0]["refresh_token"]})


async def test_using_an_old_refresh_token_ends_the_session_everywhere(
    ada: Person, other_server: str, http: aiohttp.ClientSession
) -> None:
    tokens = [ada.refresh_token]
    for _ in range(2):
        answer = await ada.rest("POST", "/auth/refresh", {"refresh_token": tokens[-1]})
        tokens.append(answer["refresh_token"])

    thief = Person("thief", other_server, http)
    with refused("refresh_reused"):
        await thief.rest("POST", "/auth/refresh", {"refresh_token": tokens[0]})

    assert (await ada.hears("session:ended"))["code"] == "refresh_reused"
    with refused("unauthenticated"):
        await ada.rest("GET", "/auth/profile")
    with refused("unauthenticated"):
        await ada.rest("POST", "/auth/refresh", {"refresh_token": tokens[-1]})


async def test_logging_out_is_known_on_every_process(
    ada: Person, other_server: str, http: aiohttp.ClientSession
) -> None:
    elsewhere = Person("ada", other_server, http, token=ada.token)
    await elsewhere.rest("GET", "/auth/profile")
    await ada.rest("POST", "/auth/logout")

    async with asyncio.timeout(15):
        while True:
            try:
                await elsewhere.rest("GET", "/auth/profile")
            except Refusal as refusal:
                assert refusal.code == "unauthenticated"
                break
            await asyncio.sleep(0.02)


def claims(person: Person, **changed: Any) -> dict[str, Any]:
    """The claims of a good access token, some of them changed; None leaves one out."""
    now = datetime.now(UTC)
    good = {
        "iss": "skillnet",
        "aud": "skillnet",
        "typ": "access",
        "sub": person.id,
        "sid": person.session_id,
        "jti": "0" * 24,
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=5)).timestamp()),
    }
    return {name: value for name, value in (good | changed).items() if value is not None}


async def test_only_a_whole_token_of_ours_is_taken(ada: Person) -> None:
    ada.token = jwt.encode(claims(ada), SECRET, "HS256")
    await ada.rest("GET", "/auth/profile")

    forged = [
        jwt.encode(claims(ada), None, "none"),
        jwt.encode(claims(ada), "t" * 32, "HS256"),
        jwt.encode(claims(ada), SECRET + "t" * 32, "HS512"),
        jwt.encode(claims(ada), SECRET, "HS256", headers={"crit": ["b64"], "b64": False}),
        *(jwt.encode(claims(ada, **{name: None}), SECRET, "HS256") for name in claims(ada)),
        jwt.encode(claims(ada, typ="refresh"), SECRET, "HS256"),
        jwt.encode(claims(ada, iss="elsewhere"), SECRET, "HS256"),
        jwt.encode(claims(ada, aud="elsewhere"), SECRET, "HS256"),
        jwt.encode(claims(ada, padding="x" * 5000), SECRET, "HS256"),
        "a.b.c",
        "\u00e9" * 20,
        ada.refresh_token,
    ]
    for token in forged:
        ada.token = token
        with refused("unauthenticated"):
            await ada.rest("GET", "/auth/profile", headers={"Authorization": f"Bearer {token}"})


async def test_an_expired_token_is_told_from_a_wrong_one(ada: Person) -> None:
    past = int((datetime.now(UTC) - timedelta(seconds=1)).timestamp())
    ada.token = jwt.encode(claims(ada, exp=past), SECRET, "HS256")
    with refused("token_expired"):
        await ada.rest("GET", "/auth/profile")


async def test_a_socket_goes_on_with_a_new_token(ada: Person, bob: Person) -> None:
    answer = await ada.rest("POST", "/auth/refresh", {"refresh_token": ada.refresh_token})
    renewed = await ada.asks("auth:refresh", {"token": answer["access_token"]})
    assert datetime.fromisoformat(renewed["expires_at"]) == datetime.fromisoformat(answer["expires_at"])
    with refused("unauthenticated"):
        await ada.asks("auth:refresh", {"token": bob.token})


async def test_a_socket_hears_that_its_token_expires_and_is_closed_when_it_did(
    server: str, http: aiohttp.ClientSession
) -> None:
    ada = await Person("ada", server, http).join()
    soon = int((datetime.now(UTC) + timedelta(seconds=7)).timestamp())
    ada.token = jwt.encode(claims(ada, exp=soon), SECRET, "HS256")
    await ada.connect()

    expiring = await ada.hears("auth:expiring")
    assert datetime.fromisoformat(expiring["expires_at"]).timestamp() == soon
    ended = await ada.hears("session:ended", within=15)
    assert ended == {"session_id": ada.session_id, "code": "token_expired", "reconnect": True}
    await ada.leave()


async def test_who_comes_back_a_day_later_signs_in_silently_and_has_missed_nothing(
    ada: Person, bob: Person, settings: Settings, servers: Servers
) -> None:
    thread = await ada.asks("thread:open", {"participants": [bob.id]})
    await bob.hears("thread:created")
    where = bob.since
    await bob.leave()
    for number in range(20):
        await ada.asks("message:send", {"thread_id": thread["id"], "message_content": str(number)})

    async with serving(settings, servers, ahead=timedelta(hours=24)) as tomorrow:
        bob.url = tomorrow
        with refused("token_expired"):
            await bob.connect(since=where)
        await bob.refresh()
        await bob.connect(since=where)

        assert (bob.hello["recovered"], bob.hello["replayed"]) == (True, 20)
        contents = [(await bob.hears("message:created"))["message"]["message_content"] for _ in range(20)]
        assert contents == [str(number) for number in range(20)]
        await bob.leave()


async def test_a_person_has_so_many_connections_on_all_processes(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession
) -> None:
    few = settings.model_copy(update={"max_connections_per_user": 3})
    async with serving(few, servers) as server, serving(few, servers) as other:
        phone = await (await Person("ada", server, http).join()).connect()
        laptop, tablet = await phone.another_device(), Person("ada", other, http, email=phone.email)
        await tablet.log_in()
        await tablet.connect()
        watch = Person("ada", server, http, email=phone.email)
        await watch.log_in()
        # Those on the other process are known there at once, here a moment later.
        async with asyncio.timeout(15):
            for url in (server, other):
                while True:
                    try:
                        await watch.connect(url=url)
                    except Refusal as refusal:
                        assert refusal.code == "rate_limited"
                        break
                    await watch.leave()
        await laptop.leave()
        async with asyncio.timeout(15):
            while watch.socket is None:
                with suppress(Refusal):
                    await watch.connect(url=other)
        for device in (phone, tablet, watch):
            await device.leave()


async def test_a_password_that_is_too_short_is_told_so_in_words(server: str, http: aiohttp.ClientSession) -> None:
    body = {"name": "Ada", "email": "ada@example.org", "password": "short"}
    with pytest.raises(Refusal) as caught:
        await Person("ada", server, http).rest("POST", "/auth/signup", body)
    assert caught.value.problem["fields"] == [
        {"field": "password", "code": "too_short", "message": "At least 10 characters."}
    ]


@pytest.mark.parametrize(
    "guessed", ["password1234", "qwertyuiop12", "aaaaaaaaaaaaaaa", "grace.hopper99", "skillnet123"]
)
async def test_a_password_that_others_would_guess_is_refused(
    guessed: str, server: str, http: aiohttp.ClientSession
) -> None:
    person = Person("ada", server, http)
    body = {"name": "Grace Hopper", "email": "grace.hopper99@example.org", "password": guessed}
    with pytest.raises(Refusal) as caught:
        await person.rest("POST", "/auth/signup", body)
    (fault,) = caught.value.problem["fields"]
    assert (fault["field"], fault["code"]) == ("password", "weak_password")
    assert guessed not in str(caught.value.problem)


async def test_who_tries_passwords_is_slowed_down_and_keeps_nobody_out(
    ada: Person, settings: Settings, servers: Servers, http: aiohttp.ClientSession
) -> None:
    trusting = settings.model_copy(update={"trusted_proxies": (ip_network("127.0.0.0/8"),)})

    async def tries(person: Person, address: str, password: str, email: str = ada.email) -> None:
        body = {"email": email, "password": password}
        await person.rest("POST", "/auth/login", body, headers={"X-Forwarded-For": address})

    async with serving(trusting, servers) as proxied, serving(settings, servers) as plain:
        thief = Person("thief", proxied, http)
        for number in range(5):
            with refused("unauthenticated"):
                # Of one household: it has all of these.
                await tries(
                    thief, f"2001:db8::{number}", "not this one", ada.email.replace("a", "aA\uff41"[number % 3], 1)
                )
        with pytest.raises(Refusal) as slowed:
            await tries(thief, "2001:db8::ffff", PASSWORD)
        assert slowed.value.code == "rate_limited"
        assert 0 < slowed.value.problem["retry_after_ms"] <= 60_000

        await tries(thief, "198.51.100.9", PASSWORD)

        # Without a proxy that is trusted, what somebody says of their address is nothing.
        liar = Person("liar", plain, http)
        for number in range(5):
            with refused("unauthenticated"):
                await tries(liar, f"198.51.100.{number}", "not this one")
        with refused("rate_limited"):
            await tries(liar, "198.51.100.77", PASSWORD)
