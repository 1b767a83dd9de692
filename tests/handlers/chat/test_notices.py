"""Messages to those who are not there, with a clock that the test turns: when they are notified, and of what."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from handlers.chat import put_message_away
from handlers.chat.notices import look_for_absent
from handlers.context import Actor, Context
from store.users import Role
from tests.handlers.swaps.world import World, world
from tests.people import key


@pytest.fixture
async def earth(mongodb_url: str, database_name: str) -> AsyncIterator[World]:
    async with world(mongodb_url, database_name, first_messages=1000) as made:
        yield made


async def opened(earth: World, first: str, *others: str) -> dict[str, Any]:
    title = "Band" if others[1:] else None
    thread: dict[str, Any] = await earth.asks(first, "thread:open", participants=others, title=title, client_id=key())
    return thread


async def says(earth: World, person: str, thread: dict[str, Any], text: str) -> dict[str, Any]:
    said: dict[str, Any] = await earth.asks(
        person, "message:send", thread_id=thread["id"], message_content=text, client_id=key()
    )
    return said


async def listed(earth: World, person: str) -> list[dict[str, Any]]:
    return list((await earth.asks(person, "notification:list"))["items"])


async def hide(message_id: str, ctx: Context) -> None:
    await put_message_away(message_id, "private", ctx)


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


@pytest.mark.parametrize("has_read", [False, True])
async def test_what_is_changed_or_deleted_is_so_where_people_were_notified_of_it(earth: World, has_read: bool) -> None:
    ada, bob, eve = [await earth.somebody(name) for name in ("ada", "bob", "eve")]
    staff = Actor(await earth.somebody("staff", role=Role.MODERATOR), "0" * 24, earth.now + timedelta(hours=1))
    thread = await opened(earth, ada, bob, eve)
    message = await says(earth, ada, thread, "meet me at Elm Street 5")
    await look(earth, seconds=5)
    await earth.asks(ada, "thread:remove", thread_id=thread["id"], user_id=eve)
    if has_read:
        await earth.asks(bob, "notification:mark_all_read")

    async def tells(text: str) -> None:
        """What he finds is what his devices were told last, and no more of it than before."""
        (found,) = await listed(earth, bob)
        assert (found["text"], found["unread"], found["count"]) == (text, not has_read, 1)
        assert (await earth.told(bob, "notification:created"))[-1]["notification"] == found

    which = {"thread_id": thread["id"], "message_id": message["id"]}
    assert [one["text"] for one in await listed(earth, bob)] == ["meet me at Elm Street 5"]
    await earth.asks(ada, "message:edit", **which, message_content="meet me at the station")
    await tells("meet me at the station")
    assert [one["text"] for one in await listed(earth, eve)] == [""]
    await earth.has_done(lambda ctx: hide(message["id"], replace(ctx, signed_in=staff)))
    await tells("")
    assert (await earth.envelopes(bob, "notification:created"))[-1]["actor_id"] is None


async def test_what_becomes_of_a_swap_is_told_once_and_not_as_messages(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    swap = await earth.requests(ada, bob, note="On Monday?")
    await look(earth, seconds=5)
    for days in (4, 5, 6):
        swap = await earth.does(ada, swap, "reschedule", scheduled_time=earth.after(days=days), reason="Better.")
        await look(earth, seconds=5)

    (told,) = await listed(earth, bob)
    assert (told["title"], told["about"], told["count"]) == ("Your swap was rescheduled.", f"swap:{swap['id']}", 4)
    assert told["text"] == "With ada: Sunday 7 March 2027, 09:00 (UTC)\nBetter."
    await earth.does(bob, swap, "accept")
    assert await earth.asks(bob, "badge:get") == {"unread": 0}

    # What somebody writes there is a message, and counted without the steps around it.
    thread = {"id": swap["thread_id"]}
    await earth.does(ada, swap, "reschedule", scheduled_time=earth.after(days=7))
    await says(earth, ada, thread, "Sorry!")
    await earth.does(ada, swap, "reschedule", scheduled_time=earth.after(days=8))
    await look(earth, seconds=5)
    (written,) = [one for one in await listed(earth, bob) if one["topic"] == "messages"]
    assert (written["title"], written["text"], written["count"]) == ("ada", "Sorry!", 1)
    await look(earth, seconds=4)
    assert not await earth.store.threads.unnoticed(before=earth.now, limit=1)


async def test_what_becomes_of_lessons_is_told_by_name_and_time(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    swap = await earth.agrees(ada, bob)
    which = {"swap_id": swap["id"]}
    asked = {"start": "2027-03-08T10:00", "time_zone": "Europe/Berlin", "count": 3}
    await earth.asks(bob, "notification:mark_all_read")

    async def told(person: str) -> list[tuple[str, str]]:
        """What somebody has not read of it, once it would have been told as a message, too."""
        await look(earth, seconds=5)
        found = (await earth.asks(person, "notification:list", unread=True))["items"]
        return [(one["title"], one["text"]) for one in found if "esson" in one["title"] or one["topic"] == "messages"]

    await earth.asks(ada, "series:propose", **which, **asked)
    assert await told(bob) == [("Lessons with you are proposed.", "With ada: Monday 8 March 2027, 09:00 (UTC)")]
    series = await earth.asks(bob, "series:accept", **which, version=1)
    assert await told(bob) == []
    assert await told(ada) == [("Your lessons are agreed on.", "With bob: Monday 8 March 2027, 09:00 (UTC)")]
    moving = await earth.asks(ada, "series:move", **which, number=1, start="2027-03-16T09:00:00Z")
    later = "With ada: Tuesday 16 March 2027, 09:00 (UTC)"
    assert await told(bob) == [("Another time is proposed for a lesson of yours.", later)]
    assert await told(ada) == []
    await earth.asks(bob, "series:accept", **which, version=moving["version"])
    later = "With bob: Tuesday 16 March 2027, 09:00 (UTC)"
    assert await told(ada) == [("The other time of a lesson of yours is agreed on.", later)]
    # Who blocked somebody is not named to them.
    await earth.asks(ada, "block:add", user_id=bob)
    await earth.asks(bob, "series:cancel", **which, number=1)
    assert await told(ada) == [("The other time of a lesson of yours is agreed on.", later)]
    await earth.asks(ada, "series:end", **which)
    assert await told(bob) == [("Your lessons were called off.", "")]
    assert series["version"] == 2
