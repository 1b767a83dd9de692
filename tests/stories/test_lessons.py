"""A series of lessons beside a swap, by both doors: proposed, agreed on, booked whole, and changed one by one."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from handlers.deletion import UNDO
from server.config import Settings
from server.mail import DevelopmentOutbox
from tests.asks.times import an_agreed_swap, some_lessons
from tests.conftest import serving
from tests.desk import Desk, desk
from tests.doors import Door, both_doors
from tests.people import PASSWORD, Person, refused
from tests.processes import Servers

HOUR = timedelta(hours=1)
FROM, UNTIL = [datetime.fromisoformat(f"{year}-01-01T00:00:00Z") for year in (2020, 2040)]


@pytest.fixture
async def office(settings: Settings, servers: Servers) -> AsyncIterator[Desk]:
    """Where people's time is taken."""
    async with desk(servers.mongodb_url, settings.mongodb_database) as made:
        yield made


async def booked(office: Desk, person: Person, swap: dict[str, Any]) -> list[str]:
    """When somebody has lessons; the swap itself is none."""
    spans = await office.busy(person.id, FROM, UNTIL)
    meeting = datetime.fromisoformat(swap["scheduled_time"])
    return [span.start.isoformat().replace("+00:00", "Z") for span in spans if span.start != meeting]


def starts(series: dict[str, Any]) -> list[str]:
    return [lesson["start"] for lesson in series["lessons"] if lesson["state"] != "cancelled"]


@both_doors
async def test_a_series_is_agreed_on_and_booked_whole(
    ada: Person, bob: Person, eve: Person, office: Desk, door: Door
) -> None:
    swap = await an_agreed_swap(ada, bob)
    this = {"swap_id": swap["id"]}
    with refused("not_found"):
        await door(ada, "series:get", this)

    proposed = await door(ada, "series:propose", some_lessons(swap))

    assert (proposed["state"], proposed["turn"], proposed["version"]) == ("proposed", bob.id, 1)
    assert [lesson["local"]["start"][10:16] for lesson in proposed["lessons"]] == ["T10:00"] * 3
    assert (await bob.hears("series:updated")) == {"series": proposed, "by": ada.id}
    assert await booked(office, bob, swap) == []
    with refused("forbidden"):
        await door(ada, "series:accept", {**this, "version": 1})
    with refused("not_found"):
        await door(eve, "series:accept", {**this, "version": 1})
    with refused("conflict"):
        await door(bob, "series:accept", {**this, "version": 2})
    with refused("invalid_transition"):
        await door(bob, "series:propose", some_lessons(swap))

    agreed = await door(bob, "series:accept", {**this, "version": 1})

    assert (agreed["state"], agreed["turn"], agreed["version"]) == ("agreed", None, 2)
    for person in (ada, bob):
        assert await booked(office, person, swap) == starts(agreed) == starts(proposed)
        assert await door(person, "series:get", this) == agreed
    said = (await ada.asks("message:list", {"thread_id": swap["thread_id"]}))["items"]
    assert [one["system"] for one in said][-2:] == ["series:propose", "series:accept"]


@both_doors
async def test_one_called_off_or_moved_is_not_all(ada: Person, bob: Person, office: Desk, door: Door) -> None:
    swap = await an_agreed_swap(ada, bob)
    this = {"swap_id": swap["id"]}
    series = await door(bob, "series:propose", some_lessons(swap, count=5, without=[4]))
    await door(ada, "series:accept", {**this, "version": 1})
    first, _, third, fourth = starts(series)

    off = await door(ada, "series:cancel", {**this, "number": 1})
    assert [lesson["state"] for lesson in off["lessons"]] == ["planned", "cancelled", "planned", "planned", "cancelled"]
    assert await booked(office, bob, swap) == [first, third, fourth]

    later = (datetime.fromisoformat(third) + HOUR / 2).isoformat()
    moving = await door(ada, "series:move", {**this, "number": 2, "start": later})
    assert (moving["lessons"][2]["state"], moving["lessons"][2]["proposed_by"]) == ("planned", ada.id)
    assert await booked(office, bob, swap) == [first, third, fourth]
    with refused("invalid_transition"):
        await door(ada, "series:accept", {**this, "version": moving["version"]})
    moved = await door(bob, "series:accept", {**this, "version": moving["version"]})
    lesson = moved["lessons"][2]
    assert (lesson["state"], lesson["planned_start"], lesson["proposed_start"]) == ("moved", third, None)
    assert await booked(office, ada, swap) == [first, lesson["start"], fourth]

    # Not onto another lesson, and not without the other side.
    clash = await door(bob, "series:move", {**this, "number": 2, "start": fourth})
    with refused("conflict"):
        await door(ada, "series:accept", {**this, "version": clash["version"]})
    assert await booked(office, ada, swap) == [first, lesson["start"], fourth]
    for number in (1, 4, 5, 51):
        with refused("invalid_transition"):
            await door(ada, "series:cancel", {**this, "number": number})

    # What comes next is seen by both; by the door that asks, and of nobody else.
    for person, other in ((ada, bob), (bob, ada)):
        coming = (await door(person, "dashboard:get", {}))["next_lessons"]
        assert [(one["swap_id"], one["user_id"]) for one in coming] == [(swap["id"], other.id)] * 3
        assert [one["lesson"]["start"] for one in coming] == sorted(await booked(office, person, swap))
        assert [one["lesson"]["number"] for one in coming] == [0, 2, 3]

    # The swap called off is no lesson called off; all of them are by ending the series.
    await ada.asks("swap:update", {**this, "action": "cancel"})
    assert await booked(office, ada, swap) == [first, lesson["start"], fourth]
    ended = await door(bob, "series:end", this)
    assert (ended["state"], ended["lessons"][2]["proposed_start"]) == ("ended", None)
    assert await booked(office, ada, swap) == await booked(office, bob, swap) == []
    for name, more in (("series:end", {}), ("series:accept", {"version": ended["version"]})):
        with refused("invalid_transition"):
            await door(ada, name, {**this, **more})


async def test_all_conflicts_are_listed_and_nothing_is_booked(ada: Person, bob: Person, office: Desk) -> None:
    swap = await an_agreed_swap(ada, bob)
    series = await ada.asks("series:propose", some_lessons(swap, count=6))
    times = [datetime.fromisoformat(start) for start in starts(series)]
    await office.takes([ada.id], [(times[1] - HOUR / 2, times[1] + HOUR / 2)], "swap:1")
    await office.takes([bob.id], [(times[4] + HOUR / 2, times[4] + 2 * HOUR)], "swap:2")

    answer = await bob.ack("series:accept", {"swap_id": swap["id"], "version": 1})

    assert answer["error"]["code"] == "conflict"
    busy = [(one["user_id"], datetime.fromisoformat(one["start"])) for one in answer["error"]["current"]["busy"]]
    assert sorted(busy) == sorted([(ada.id, times[1]), (bob.id, times[4] + HOUR / 2)])
    assert len(await booked(office, ada, swap)) == len(await booked(office, bob, swap)) == 1
    assert (await bob.asks("series:get", {"swap_id": swap["id"]}))["state"] == "proposed"
    # What stands in the way is left out, and the rest is booked.
    for number in (1, 4):
        left = await bob.asks("series:cancel", {"swap_id": swap["id"], "number": number})
    await bob.asks("series:accept", {"swap_id": swap["id"], "version": left["version"]})
    assert len(await booked(office, ada, swap)) == 5


async def test_a_year_of_lessons_is_one_transaction(ada: Person, bob: Person, office: Desk) -> None:
    swap = await an_agreed_swap(ada, bob)
    await ada.asks("series:propose", some_lessons(swap, count=52, duration_minutes=240))
    this = {"swap_id": swap["id"], "version": 1}

    answers = await asyncio.gather(*(bob.ack("series:accept", this) for _ in range(3)))

    assert sorted(answer["ok"] for answer in answers) == [False, False, True]
    assert {answer["error"]["code"] for answer in answers if not answer["ok"]} == {"conflict"}
    assert len(await booked(office, bob, swap)) == 52
    await ada.asks("series:end", {"swap_id": swap["id"]})
    # And again, now that it is over.
    again = await bob.asks("series:propose", some_lessons(swap))
    assert (again["state"], again["turn"], len(again["lessons"])) == ("proposed", ada.id, 3)


@both_doors
async def test_what_is_no_series(ada: Person, bob: Person, door: Door) -> None:
    swap = await an_agreed_swap(ada, bob)
    for more in (
        {"start": "2020-03-08T10:00"},
        {"start": "2099-03-08T10:00"},
        {"start": "2027-02-30T10:00"},
        {"start": "2027-03-08T10:00:00Z"},
        {"time_zone": "Europe/Atlantis"},
        {"count": 1},
        {"count": 53},
        {"every_weeks": 0},
        {"duration_minutes": 61},
        {"without": [0, 1, 2]},
        {"without": [-1]},
    ):
        with refused("invalid"):
            await door(ada, "series:propose", some_lessons(swap) | more)
    await ada.asks("swap:update", {"swap_id": swap["id"], "action": "cancel"})
    with refused("invalid_transition"):
        await door(ada, "series:propose", some_lessons(swap))


@pytest.mark.usefixtures("unlimited")
async def test_who_leaves_gives_back_the_time_of_both(
    ada: Person, bob: Person, office: Desk, settings: Settings, servers: Servers
) -> None:
    swap = await an_agreed_swap(ada, bob)
    await ada.asks("series:propose", some_lessons(swap, weeks=4))
    await bob.asks("series:accept", {"swap_id": swap["id"], "version": 1})
    await ada.rest("POST", "/auth/deletion", {"current_password": PASSWORD})

    async with serving(settings, servers, ahead=UNDO + HOUR, mailer=DevelopmentOutbox()):
        async with asyncio.timeout(20):
            while await booked(office, bob, swap):
                await asyncio.sleep(0.05)

    assert (await bob.asks("series:get", {"swap_id": swap["id"]}))["state"] == "ended"
