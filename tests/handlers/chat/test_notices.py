"""Messages to those who are not there, with a clock that the test turns: when they are notified, and of what."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from handlers.chat.notices import look_for_absent
from tests.handlers.swaps.world import World, world
from tests.people import key


@pytest.fixture
async def earth(mongodb_url: str, database_name: str) -> AsyncIterator[World]:
    async with world(mongodb_url, database_name, first_messages=1000) as made:
        yield made


async def opened(earth: World, first: str, *others: str) -> dict[str, Any]:
    thread: dict[str, Any] = await earth.asks(first, "thread:open", participants=others, client_id=key())
    return thread


async def says(earth: World, person: str, thread: dict[str, Any], text: str) -> dict[str, Any]:
    said: dict[str, Any] = await earth.asks(
        person, "message:send", thread_id=thread["id"], message_content=text, client_id=key()
    )
    return said


async def listed(earth: World, person: str) -> list[dict[str, Any]]:
    return list((await earth.asks(person, "notification:list"))["items"])


async def look(earth: World, **time: float) -> None:
    """Let time pass, look for who is absent, and do what was found."""
    await earth.passes(**time)
    await earth.looks(look_for_absent)
    await earth.passes(seconds=0.001)


async def test_what_is_said_before_the_second_look_is_looked_at_as_often(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    thread = await opened(earth, ada, bob)
    await earth.is_there(bob)
    await says(earth, ada, thread, "you see this")
    await look(earth, seconds=4)

    await earth.passes(seconds=40)
    await says(earth, ada, thread, "and this?")
    # He has just gone, so that he still seems to be there.
    await look(earth, seconds=4)
    await earth.is_there(bob, there=False)
    await look(earth, seconds=4)
    assert await listed(earth, bob) == []

    await look(earth, seconds=40)
    (told,) = await listed(earth, bob)
    assert (told["count"], told["text"]) == (2, "and this?")
    await look(earth, seconds=4)
    assert not await earth.store.threads.unnoticed(before=earth.now, limit=1)
