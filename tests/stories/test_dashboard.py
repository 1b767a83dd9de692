"""What somebody sees first, by both doors, through two months: numbers, trends, what comes next and what waits."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.config import Settings
from server.core import utc_now
from tests.asks.swaps import a_swap_request
from tests.conftest import serving
from tests.later import later, until
from tests.people import Person, key
from tests.processes import Servers

pytestmark = pytest.mark.usefixtures("unlimited")

YEAR = utc_now().year + 1
MARCH, APRIL = datetime(YEAR, 3, 10, 9, tzinfo=UTC), datetime(YEAR, 4, 10, 9, tzinfo=UTC)
MET = [APRIL - timedelta(days=5), APRIL - timedelta(days=4)]


@pytest.fixture
async def server(settings: Settings, servers: Servers) -> AsyncIterator[str]:
    """A server whose clock shows the tenth of March."""
    async with serving(settings, servers, ahead=timedelta(days=until(MARCH))) as url:
        yield url


async def agreed(ada: Person, other: Person, when: datetime, **more: Any) -> dict[str, Any]:
    asked = a_swap_request(other, scheduled_time=when.isoformat(), **more)
    swap = await ada.asks("swap:request", asked)
    done: dict[str, Any] = await other.asks("swap:update", {"swap_id": swap["id"], "action": "accept"})
    return done


async def held(swap: dict[str, Any], *people: Person) -> None:
    for person in people:
        await person.asks("swap:update", {"swap_id": swap["id"], "action": "confirm"})


async def seen(person: Person) -> dict[str, Any]:
    """The dashboard, which both doors show alike."""
    by_event: dict[str, Any] = await person.asks("dashboard:get")
    assert await person.rest("GET", "/dashboard/") == by_event
    return by_event


async def with_points(person: Person, points: int) -> dict[str, Any]:
    """Once the work that brings points is done."""
    async with asyncio.timeout(20):
        while (await person.asks("dashboard:get"))["stats"]["points"]["value"] != points:
            await asyncio.sleep(0.05)
    return await seen(person)


async def test_what_was_done_what_comes_and_what_waits(
    ada: Person, bob: Person, eve: Person, settings: Settings, servers: Servers
) -> None:
    empty = await seen(ada)
    assert {one["value"] for one in empty["stats"].values()} == {0}
    assert {one["change_percent"] for one in empty["stats"].values()} == {None}
    assert (empty["next_swaps"], empty["activity"], empty["pending_reviews"]) == ([], [], [])
    first = await agreed(ada, bob, MARCH + timedelta(days=2))
    second = await agreed(ada, bob, MET[0])
    third = await agreed(ada, eve, MET[1], duration_minutes=90)
    coming = [await agreed(ada, bob, APRIL + timedelta(days=days)) for days in (12, 9)]
    assert [one["id"] for one in (await seen(ada))["next_swaps"]] == [
        one["id"] for one in (first, second, third, *coming[::-1])
    ]

    async with later(settings, servers, ada, bob, eve, days=until(MARCH + timedelta(days=5))):
        await held(first, ada, bob)
        # What tells that there is something new to see.
        for event in ("swap:updated", "achievement:awarded", "badge:changed"):
            await ada.hears(event)
        march = await with_points(ada, 20)
        assert (march["stats"]["swaps"], march["chart"]["months"][-1]["swaps"]) == (
            {"value": 1, "previous": 0, "change_percent": None}, 1,
        )  # fmt: skip
        (waiting,) = march["pending_reviews"]
        assert waiting["swap_id"] == first["id"]
        await ada.asks("review:submit", {"associated_swap_request": first["id"], "rating": 5})
        assert (await seen(ada))["pending_reviews"] == []

    async with later(settings, servers, ada, bob, eve, days=until(APRIL)):
        await held(second, ada, bob)
        await held(third, ada, eve)
        # With Bob it is worth half as much as the first time; and what she wrote of that has been opened since.
        april = await with_points(ada, 10 + 20 + 5)

        assert april["stats"] == {
            "swaps": {"value": 2, "previous": 1, "change_percent": 100},
            "minutes": {"value": 150, "previous": 60, "change_percent": 150},
            "points": {"value": 35, "previous": 20, "change_percent": 75},
            "partners": {"value": 2, "previous": 1, "change_percent": 100},
        }
        months = april["chart"]["months"]
        assert [one["month"] for one in months] == [
            f"{YEAR - 1}-11", f"{YEAR - 1}-12", *(f"{YEAR}-0{n}" for n in (1, 2, 3, 4)),
        ]  # fmt: skip
        assert [(one["swaps"], one["minutes"], one["points"]) for one in months] == [(0, 0, 0)] * 4 + [
            (1, 60, 20), (2, 150, 35),
        ]  # fmt: skip
        assert {one["swap_id"] for one in april["pending_reviews"]} == {second["id"], third["id"]}
        assert [one["id"] for one in april["next_swaps"]] == [one["id"] for one in coming[::-1]]
        await what_is_read_is_gone(ada, bob, second["thread_id"])


async def test_who_watches_it_is_told_that_it_changed(ada: Person, bob: Person, eve: Person) -> None:
    for person in (ada, bob):
        await person.asks("dashboard:watch")
    assert (await seen(ada))["unread"] == {"messages": 0, "notifications": 0}

    swap = await agreed(eve, ada, MARCH + timedelta(days=2))

    assert await ada.hears("dashboard:changed") == {}
    assert [one["id"] for one in (await seen(ada))["next_swaps"]] == [swap["id"]]
    assert bob.hears_nothing_of("dashboard:changed") and eve.hears_nothing_of("dashboard:changed")
    await bob.asks("dashboard:unwatch")
    await agreed(eve, bob, MARCH + timedelta(days=3))
    await bob.hears("swap:updated")
    assert bob.hears_nothing_of("dashboard:changed")


async def what_is_read_is_gone(ada: Person, bob: Person, thread_id: str) -> None:
    """What waits to be read, and that it is told and gone once it was."""
    before = (await seen(ada))["unread"]
    await bob.asks("message:send", {"thread_id": thread_id, "message_content": "Thank you!", "client_id": key()})
    assert (await seen(ada))["unread"]["messages"] == before["messages"] + 1
    news = [one["id"] for one in (await seen(ada))["activity"]]
    assert before["notifications"] == (await ada.asks("badge:get"))["unread"] > 0
    assert news == [one["id"] for one in (await ada.asks("notification:list", {"limit": 10}))["items"]]
    await ada.asks("notification:mark_all_read")
    while (await ada.hears("badge:changed"))["unread"]:
        pass
    for thread in (await ada.asks("thread:list"))["items"]:
        await ada.asks("mark:read", {"thread_id": thread["id"], "up_to": thread["last_seq"]})
    assert (await seen(ada))["unread"] == {"messages": 0, "notifications": 0}
