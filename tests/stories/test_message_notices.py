"""Messages to those who are not there: notified once, together, and never of what is muted or read."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from server.config import Settings
from server.mail import DevelopmentOutbox
from tests.conftest import serving
from tests.people import Person, key
from tests.processes import Servers


@pytest.fixture
async def server(settings: Settings, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A server that does its own jobs, and takes who has just left for gone."""
    monkeypatch.setattr("signaling.registry.GRACE_SECONDS", 0.0)
    monkeypatch.setattr("signaling.registry.SWEEP_SECONDS", 0.1)
    async with serving(settings, servers, mailer=DevelopmentOutbox()) as url:
        yield url


async def opened(ada: Person, *others: Person, title: str | None = None) -> dict[str, Any]:
    more = {} if title is None else {"title": title}
    thread = await ada.asks("thread:open", {"participants": [one.id for one in others], "client_id": key(), **more})
    return {"thread_id": thread["id"]}


async def say(person: Person, where: dict[str, Any], *texts: str) -> None:
    for text in texts:
        await person.asks("message:send", {**where, "message_content": text, "client_id": key()})


async def notified(person: Person, number: int) -> list[dict[str, Any]]:
    """What somebody who is not there was notified of, once it is so many."""
    async with asyncio.timeout(20):
        while len(found := (await person.rest("GET", "/notifications/"))["items"]) < number:
            await asyncio.sleep(0.1)
    return list(found)


async def gone(*people: Person) -> None:
    """Have people leave, and wait until that is known."""
    for person in people:
        await person.leave()
    await asyncio.sleep(0.5)


async def test_who_is_away_is_notified_of_all_messages_as_one(ada: Person, bob: Person) -> None:
    where = await opened(ada, bob)
    await gone(bob)

    await say(ada, where, "hello", "are you there?", "well then")

    (one,) = await notified(bob, 1)
    assert (one["title"], one["count"], one["topic"]) == ("3 messages from ada", 3, "messages")
    assert (one["text"], one["about"], one["actor_id"]) == ("well then", f"thread:{where['thread_id']}", ada.id)
    assert one["data"].pop("message_id")
    assert one["data"] == {"thread_id": where["thread_id"], "seq": 3}
    await say(ada, where, "one more")
    async with asyncio.timeout(20):
        while (await notified(bob, 1))[0]["count"] != 4:
            await asyncio.sleep(0.1)

    # Reading the conversation is reading of it.
    await bob.connect()
    await bob.asks("mark:read", {**where, "up_to": 4})
    assert (await bob.hears("notification:read"))["ids"] == [one["id"]]
    assert await bob.asks("badge:get") == {"unread": 0}


async def test_nobody_is_notified_of_what_they_see_wrote_read_or_muted(ada: Person, bob: Person, eve: Person) -> None:
    seen, read, muted = [await opened(ada, bob), await opened(ada, eve), await opened(ada, bob, eve, title="Guitar")]
    await bob.asks("thread:mute", {**muted, "until": "2999-01-01T00:00:00Z"})
    await gone(eve)

    await say(ada, read, "before")
    await eve.rest("POST", f"/messages/{read['thread_id']}/read/", {"up_to": 1})
    await say(ada, seen, "you see this")
    await say(ada, muted, "not for Bob")

    (one,) = await notified(eve, 1)
    assert (one["title"], one["count"]) == ("ada in Guitar", 1)
    for person in (ada, bob):
        assert (await person.rest("GET", "/notifications/"))["items"] == []


async def test_who_leaves_without_having_read_is_notified_after_all(
    ada: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.chat.notices.LOOK_AGAIN", timedelta(seconds=1))
    where = await opened(ada, bob)
    await say(ada, where, "hello")
    await asyncio.sleep(5)  # It has been looked at once: he was there.
    assert (await bob.rest("GET", "/notifications/"))["items"] == []
    await gone(bob)
    assert (await notified(bob, 1))[0]["text"] == "hello"


async def test_who_says_that_they_are_away_is_notified(ada: Person, bob: Person) -> None:
    where = await opened(ada, bob)
    await bob.asks("presence:set", {"status": "away"})
    await say(ada, where, "hello")
    assert (await bob.hears("notification:created", within=20))["notification"]["text"] == "hello"


async def test_however_many_workers_look_nobody_is_notified_twice(
    ada: Person, bob: Person, settings: Settings, servers: Servers, capsys: pytest.CaptureFixture[str]
) -> None:
    where = [await opened(ada, bob, title=f"Number {number}") for number in range(4)]
    await gone(bob)

    async with (
        serving(settings, servers, mailer=DevelopmentOutbox()) as _,
        serving(settings, servers, mailer=DevelopmentOutbox()) as _,
    ):
        for one in where:
            await say(ada, one, "hello", "again")
        found = await notified(bob, len(where))
        # Whatever the others would still find, they look for it every second.
        await asyncio.sleep(2.5)

    assert sorted(one["about"] for one in found) == sorted(f"thread:{one['thread_id']}" for one in where)
    assert [one["count"] for one in await notified(bob, len(where))] == [2] * len(where)
    assert "look_failed" not in capsys.readouterr().out
