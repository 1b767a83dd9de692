"""A year of lessons with a clock that the test turns: everybody is reminded of each, once, at the right moment."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.handlers.swaps.world import World, world

NEW_YORK = ZoneInfo("America/New_York")
AHEAD = {"24h": timedelta(hours=24), "1h": timedelta(hours=1)}
# A year: week by week with two workers who race for every job, or every fourth week with one.
YEARS = [(13, 4, 1), pytest.param(52, 1, 2, marks=pytest.mark.soak)]


@pytest.fixture
async def earth(mongodb_url: str, database_name: str) -> AsyncIterator[World]:
    async with world(mongodb_url, database_name) as made:
        yield made


def starts(series: dict[str, Any]) -> dict[int, datetime]:
    return {
        one["number"]: datetime.fromisoformat(one["start"]) for one in series["lessons"] if one["state"] != "cancelled"
    }


@pytest.mark.parametrize(("count", "every_weeks", "workers"), YEARS)
async def test_a_year_of_lessons_is_reminded_of_at_its_hour(
    mongodb_url: str, database_name: str, count: int, every_weeks: int, workers: int
) -> None:
    """Clocks are changed in New York in March and in November; one lesson is off, one is moved twice."""
    async with world(mongodb_url, database_name, processes=workers) as earth:
        await a_year(earth, count, every_weeks)


async def a_year(earth: World, count: int, every_weeks: int) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    swap = await earth.agrees(ada, bob, scheduled_time=earth.after(hours=2))
    asked = {
        "start": "2027-03-03T10:00",
        "time_zone": "America/New_York",
        "count": count,
        "every_weeks": every_weeks,
        "without": (3,),
    }
    await earth.asks(ada, "series:propose", swap_id=swap["id"], **asked)
    series = await earth.asks(bob, "series:accept", swap_id=swap["id"], version=1)
    for number, days in ((5, 1), (5, -1), (9, 2)):
        there = starts(series)[number] + timedelta(days=days)
        moving = await earth.asks(ada, "series:move", swap_id=swap["id"], number=number, start=there.isoformat())
        series = await earth.asks(bob, "series:accept", swap_id=swap["id"], version=moving["version"])
    await earth.passes(days=200)
    series = await earth.asks(bob, "series:cancel", swap_id=swap["id"], number=count - 12 // every_weeks)
    away = {"since": earth.after(days=0), "until": earth.after(days=30)}
    await earth.asks(ada, "update_profile", vacation=away)
    back = earth.now + timedelta(days=30)
    paused = earth.now

    await earth.passes(days=180)

    kept = starts(series)
    assert len(kept) == count - 2
    local = [start.astimezone(NEW_YORK) for number, start in kept.items() if number not in {5, 9}]
    assert {(one.hour, one.minute) for one in local} == {(10, 0)}
    assert {one.utcoffset() for one in local} == {timedelta(hours=-4), timedelta(hours=-5)}
    expected = {(number, before): start - AHEAD[before] for number, start in kept.items() for before in AHEAD}
    for person in (ada, bob):
        told = [one for one in await earth.envelopes(person, "swap:reminder") if one["data"]["lesson"] is not None]
        mine = {which: at for which, at in expected.items() if person == bob or not paused <= at < back}
        assert Counter((one["data"]["lesson"], one["data"]["before"]) for one in told) == dict.fromkeys(mine, 1)
        for one in told:
            at = datetime.fromisoformat(one["ts"])
            assert at - mine[one["data"]["lesson"], one["data"]["before"]] < timedelta(seconds=5)
    assert len(mine) == len(expected) > len([at for at in expected.values() if not paused <= at < back])
    titles = {one["title"] for one in (await earth.asks(bob, "notification:list"))["items"]}
    assert titles.isdisjoint({"Your lesson begins in an hour.", "Your lesson begins in a day."})


async def test_of_a_series_that_has_ended_nobody_is_reminded(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    swap = await earth.agrees(ada, bob, scheduled_time=earth.after(hours=2))
    first = datetime(2027, 3, 3, 10, tzinfo=UTC)
    asked = {"start": f"{first:%Y-%m-%dT%H:%M}", "time_zone": "UTC", "count": 4}
    await earth.asks(ada, "series:propose", swap_id=swap["id"], **asked)
    await earth.asks(bob, "series:accept", swap_id=swap["id"], version=1)
    await earth.passes(days=3)
    await earth.asks(ada, "series:end", swap_id=swap["id"])
    await earth.passes(days=40)
    told = [one for one in await earth.told(bob, "swap:reminder") if one["lesson"] is not None]
    assert [(one["lesson"], one["before"]) for one in told] == [(0, "24h"), (0, "1h")]


async def test_a_reminder_goes_with_what_it_reminds_of(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    swap = await earth.agrees(ada, bob, scheduled_time=earth.after(days=1, hours=2))
    asked = {"start": "2027-03-02T10:00", "time_zone": "UTC", "count": 3}
    await earth.asks(ada, "series:propose", swap_id=swap["id"], **asked)
    series = await earth.asks(bob, "series:accept", swap_id=swap["id"], version=1)

    async def unread() -> list[list[str]]:
        found = [(await earth.asks(one, "notification:list"))["items"] for one in (ada, bob)]
        return [sorted(one["title"] for one in mine if "begins" in one["title"] and one["unread"]) for mine in found]

    # By the clock that each lives by: that of the profile, unless they chose another one for what they are told.
    await earth.store.users.update(ada, {"time_zone": "America/New_York"})
    await earth.store.users.update(bob, {"time_zone": "Europe/London"})
    await earth.asks(bob, "preferences:set", time_zone="Asia/Kathmandu")
    await earth.passes(hours=2)
    assert await unread() == [["Your lesson begins in a day.", "Your swap begins in a day."]] * 2
    for person, told in (
        (ada, "With bob: Tuesday 2 March 2027, 06:00 (America/New_York)"),
        (bob, "With ada: Tuesday 2 March 2027, 16:45 (Asia/Kathmandu)"),
    ):
        assert told in [one["text"] for one in (await earth.asks(person, "notification:list"))["items"]]
    # The event says it by both clocks, as the swap itself does.
    for person, zones in ((ada, ("America/New_York", "Europe/London")), (bob, ("Europe/London", "America/New_York"))):
        shown = await earth.asks(person, "swap:get", swap_id=swap["id"])
        heard = {one["lesson"]: one for one in await earth.told(person, "swap:reminder")}
        assert heard[None]["time"] == shown["times"][0]
        assert heard[0]["time"]["yours"]["start"] != heard[0]["time"]["theirs"]["start"]
        for one in (shown, *heard.values()):
            assert (one["your_time_zone"], one["their_time_zone"]) == zones
    await earth.does(ada, swap, "reschedule", scheduled_time=earth.after(days=9))
    assert await unread() == [["Your lesson begins in a day."]] * 2
    later = (starts(series)[0] + timedelta(days=2)).isoformat()
    moving = await earth.asks(ada, "series:move", swap_id=swap["id"], number=0, start=later)
    assert await unread() == [["Your lesson begins in a day."]] * 2
    await earth.asks(bob, "series:accept", swap_id=swap["id"], version=moving["version"])
    assert await unread() == [[], []]
    await earth.passes(days=2)
    assert await unread() == [["Your lesson begins in a day."]] * 2
    await earth.asks(bob, "series:cancel", swap_id=swap["id"], number=0)
    assert await unread() == [[], []]
    await earth.passes(days=5)
    assert await unread() == [["Your lesson begins in a day."]] * 2
    await earth.asks(bob, "series:end", swap_id=swap["id"])
    assert await unread() == [[], []]
