"""When two people can meet: by what both said, whatever their clocks show, and beside all that they do otherwise."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from server.config import Settings
from server.core import utc_now
from server.mail import DevelopmentOutbox
from store.busy_times import BusyTime
from tests.backstage import Backstage
from tests.conftest import serving
from tests.desk import Desk, desk
from tests.doors import Door, both_doors
from tests.people import Person, refused
from tests.processes import Servers

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def monday() -> datetime:
    """Of next March, or one soon after: New York changes its clocks on the Sunday after it, London two weeks later."""
    for year in itertools.count(utc_now().year + 1):
        second_sunday = 14 - date(year, 3, 1).weekday()
        # The last Sunday is the fourth one.
        if second_sunday > 10:
            break
    return datetime(year, 3, second_sunday - 6, tzinfo=UTC)


MONDAY = monday()


@pytest.fixture
async def server(settings: Settings, servers: Servers) -> AsyncIterator[str]:
    """A server whose clock shows midnight of that Monday, in UTC."""
    async with serving(settings, servers, ahead=MONDAY - utc_now()) as url:
        yield url


@pytest.fixture
async def office(settings: Settings, servers: Servers) -> AsyncIterator[Desk]:
    """Where swaps take people's time."""
    async with desk(servers.mongodb_url, settings.mongodb_database) as made:
        yield made


def on(days: int) -> str:
    """The date so many days after that Monday."""
    return (MONDAY + timedelta(days=days)).date().isoformat()


def hours(start: str, end: str) -> list[dict[str, str]]:
    return [{"start": start, "end": end}]


async def says(person: Person, zone: str, **week: Any) -> None:
    more = {name: week.pop(name) for name in list(week) if not name.endswith("day")}
    said = {"time_zone": zone, "weekly": week, "notice_minutes": 0, "step_minutes": 60, **more}
    await person.asks("availability:set", said)


async def starts(person: Person, other: Person, **asked: Any) -> list[str]:
    week = {"from": MONDAY.isoformat(), "to": (MONDAY + 7 * 24 * HOUR).isoformat()}
    answer = await person.asks("slots:get", {"user_id": other.id, **week, **asked})
    found = [datetime.fromisoformat(slot["start"]) for slot in answer["items"]]
    return [f"{(start - MONDAY).days}T{start:%H:%M}".removesuffix(":00") for start in found]


@both_doors
async def test_ten_oclock_is_ten_oclock_on_both_sides_of_a_change(ada: Person, bob: Person, door: Door) -> None:
    for person, zone, start, end in (
        (ada, "Europe/London", "14:00", "17:00"),
        (bob, "America/New_York", "09:00", "12:00"),
    ):
        said = {"time_zone": zone, "weekly": {"monday": hours(start, end)}, "notice_minutes": 0, "step_minutes": 60}
        told = await door(person, "availability:set", said)
        assert await door(person, "availability:get", {}) == told
        assert (told["is_set"], told["time_zone"], told["weekly"]["monday"]) == (True, zone, hours(start, end))
        assert (await person.hears("availability:updated"))["availability"] == told

    asked = {"user_id": bob.id, "from": f"{on(0)}T00:00:00Z", "to": f"{on(22)}T00:00:00+01:00", "duration": 60}
    found = await door(ada, "slots:get", asked)

    both = [(slot["start"], slot["yours"]["start"], slot["theirs"]["start"]) for slot in found["items"]]
    assert both == [
        (f"{on(0)}T14:00:00Z", f"{on(0)}T14:00:00Z", f"{on(0)}T09:00:00-05:00"),
        (f"{on(0)}T15:00:00Z", f"{on(0)}T15:00:00Z", f"{on(0)}T10:00:00-05:00"),
        (f"{on(0)}T16:00:00Z", f"{on(0)}T16:00:00Z", f"{on(0)}T11:00:00-05:00"),
        # New York has changed its clocks, London not yet: an hour less in common.
        (f"{on(7)}T14:00:00Z", f"{on(7)}T14:00:00Z", f"{on(7)}T10:00:00-04:00"),
        (f"{on(7)}T15:00:00Z", f"{on(7)}T15:00:00Z", f"{on(7)}T11:00:00-04:00"),
        (f"{on(14)}T14:00:00Z", f"{on(14)}T14:00:00Z", f"{on(14)}T10:00:00-04:00"),
        (f"{on(14)}T15:00:00Z", f"{on(14)}T15:00:00Z", f"{on(14)}T11:00:00-04:00"),
        # Both have.
        (f"{on(21)}T13:00:00Z", f"{on(21)}T14:00:00+01:00", f"{on(21)}T09:00:00-04:00"),
        (f"{on(21)}T14:00:00Z", f"{on(21)}T15:00:00+01:00", f"{on(21)}T10:00:00-04:00"),
        (f"{on(21)}T15:00:00Z", f"{on(21)}T16:00:00+01:00", f"{on(21)}T11:00:00-04:00"),
    ]
    assert (found["time_zone"], found["their_time_zone"]) == ("Europe/London", "America/New_York")
    elsewhere = await door(ada, "slots:get", {**asked, "tz": "Asia/Tokyo", "limit": 1})
    assert elsewhere["items"][0]["yours"]["start"] == f"{on(0)}T23:00:00+09:00"

    pages, cursor = [], None
    while cursor is not None or not pages:
        page = await door(ada, "slots:get", {**asked, "limit": 3} | ({"cursor": cursor} if cursor else {}))
        pages += page["items"]
        cursor = page["next_cursor"]
    assert pages == found["items"]


async def test_what_either_does_otherwise_is_left_out(ada: Person, bob: Person, office: Desk) -> None:
    await says(bob, "UTC", monday=hours("09:00", "18:00"))
    day = ["0T09", "0T10", "0T11", "0T12", "0T13", "0T14", "0T15", "0T16", "0T17"]
    assert await starts(ada, bob) == day
    nine = MONDAY + 9 * HOUR

    # Ada, who never said when she wants to meet, is booked at ten; what Bob holds at one is as good as booked.
    await office.takes([ada.id], [(nine + HOUR, nine + 2 * HOUR)], "swap:1")
    await office.takes([bob.id], [(nine + 4 * HOUR, nine + 5 * HOUR)], "swap:2", MONDAY + 24 * HOUR)
    assert await starts(ada, bob) == ["0T09", "0T11", "0T12", "0T14", "0T15", "0T16", "0T17"]
    # Room around a meeting: what he needs after one and before the next, and nobody else's.
    await says(bob, "UTC", monday=hours("09:00", "18:00"), buffer_before_minutes=15, buffer_after_minutes=10)
    assert await starts(ada, bob) == ["0T09", "0T11", "0T15", "0T16", "0T17"]
    assert await starts(ada, bob, duration=30) == ["0T09", "0T11", "0T12", "0T15", "0T16", "0T17"]
    await office.gives_back("swap:2")

    # What his calendars say; of what they said before nothing stays.
    for busy in (nine, nine + 3 * HOUR):
        start, end = busy + 10 * MINUTE, busy + 20 * MINUTE
        times = [BusyTime(user_id=bob.id, source="google", start=start, end=end, good_until=busy)]
        await office.store.busy_times.replace(bob.id, "google", times)
    assert await starts(ada, bob) == ["0T09", "0T11", "0T13", "0T14", "0T15", "0T16", "0T17"]
    assert await starts(ada, bob, duration=65) == ["0T13", "0T14", "0T15", "0T16"]

    await bob.rest("PUT", "/auth/profile", {"vacation": {"since": f"{on(0)}T15:30:00Z"}})
    assert await starts(ada, bob) == ["0T09", "0T11", "0T13", "0T14"]


async def test_days_that_are_otherwise_notice_and_how_far_ahead(ada: Person, bob: Person) -> None:
    others = [
        {"date": on(1), "hours": []},
        {"date": on(2), "hours": hours("20:00", "22:00")},
        {"date": on(5), "hours": hours("22:00", "24:00")},
        {"date": on(6), "hours": hours("00:00", "01:00")},
    ]
    week = dict.fromkeys(("monday", "tuesday", "wednesday"), hours("09:00", "10:00"))
    await says(bob, "UTC", **week, overrides=others)
    found = ["0T09", "2T20", "2T21", "5T22", "5T23", "6T00"]
    assert await starts(ada, bob) == found
    # Over midnight as well.
    assert await starts(ada, bob, duration=180) == ["5T22"]

    await says(bob, "UTC", **week, overrides=others, notice_minutes=10 * 60)
    assert await starts(ada, bob) == found[1:]
    await says(bob, "UTC", **week, overrides=others, ahead_days=3)
    assert await starts(ada, bob) == found[:3]
    # By his own questions as well as by hers; what is past is never shown.
    assert await starts(bob, bob, **{"from": f"{on(-7)}T00:00:00Z"}) == found[:3]


async def test_who_never_said_when_and_who_hides_where(ada: Person, bob: Person) -> None:
    await bob.rest("PUT", "/auth/profile", {"time_zone": "Asia/Kathmandu"})
    untold = await ada.asks("slots:get", {"user_id": bob.id})
    assert (untold["items"], untold["hours_known"], untold["their_time_zone"]) == ([], False, "Asia/Kathmandu")
    assert (await bob.asks("availability:get"))["is_set"] is False

    # The zone of the profile holds for hours that name none, and moves with it.
    await bob.asks("availability:set", {"weekly": {"sunday": hours("10:00", "11:00")}, "step_minutes": 15})
    asked = {"user_id": bob.id, "from": MONDAY.isoformat()}
    assert (await ada.asks("slots:get", asked))["items"][0]["start"] == f"{on(6)}T04:15:00Z"
    await bob.rest("PUT", "/auth/profile", {"time_zone": "UTC", "visibility": {"time_zone": "nobody"}})
    hidden = await ada.asks("slots:get", asked)
    assert (hidden["items"][0]["start"], hidden["items"][0]["theirs"]) == (f"{on(6)}T10:00:00Z", None)
    assert hidden["their_time_zone"] is None

    with refused("invalid"):
        await ada.asks("availability:set", {"weekly": {}})
    with refused("not_found"):
        await ada.asks("slots:get", {"user_id": "0" * 24})


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2027-03-08T00:00:00Z", "to": "2027-04-13T00:00:00Z"},
        {"from": "2027-03-08T00:00:00"},
        {"duration": 7},
        {"duration": 0},
        {"tz": "Europe/Atlantis"},
        {"cursor": "99999999999999999999"},
        {"cursor": "²"},
        {"limit": 101},
    ],
    ids=str,
)
@both_doors
async def test_what_is_no_question(ada: Person, asked: dict[str, Any], door: Door) -> None:
    with refused("invalid"):
        await door(ada, "slots:get", {"user_id": ada.id, **asked})


@pytest.mark.parametrize(
    "asked", [{"from": "2999-12-31T23:59:00Z"}, {"to": "1970-01-02T00:00:00Z"}, {"cursor": "99999999999"}]
)
async def test_the_ends_of_time_are_no_fault(ada: Person, asked: dict[str, Any]) -> None:
    await says(ada, "Pacific/Apia", sunday=hours("00:00", "24:00"))
    assert (await ada.asks("slots:get", {"user_id": ada.id, **asked}))["items"] == []


@pytest.mark.parametrize(
    "said",
    [
        {"weekly": {"monday": hours("10:00", "09:00")}},
        {"weekly": {"monday": hours("10:00", "25:00")}},
        {"weekly": {"monday": hours("24:00", "24:00")}},
        {"weekly": {"monday": hours("09:00", "11:00") + hours("10:30", "12:00")}},
        {"weekly": {"someday": []}},
        {"weekly": {}, "overrides": [{"date": "2027-02-29", "hours": []}]},
        {"weekly": {}, "overrides": [{"date": "20270301", "hours": []}]},
        {"weekly": {}, "overrides": [{"date": "2027-03-01", "hours": []}] * 2},
        {"weekly": {}, "time_zone": "../etc/passwd"},
        {"weekly": {}, "step_minutes": 7},
        {"weekly": {}, "step_minutes": 25},
        {"weekly": {}, "slot_minutes": 61},
    ],
    ids=str,
)
@both_doors
async def test_what_nobody_can_mean(ada: Person, said: dict[str, Any], door: Door) -> None:
    with refused("invalid"):
        await door(ada, "availability:set", {"time_zone": "UTC", **said})
    assert (await ada.asks("availability:get"))["is_set"] is False


async def test_when_somebody_is_free_next_is_known(
    bob: Person, office: Desk, settings: Settings, servers: Servers
) -> None:
    backstage = Backstage(settings, servers)
    asks = MONDAY - utc_now()

    async def is_free(at: datetime | None) -> None:
        async with asyncio.timeout(20):
            while (await backstage.user(bob.id)).next_free_at != at:
                await asyncio.sleep(0.05)

    async with serving(settings, servers, ahead=asks, mailer=DevelopmentOutbox()):
        await says(bob, "UTC", monday=hours("09:00", "11:00"), thursday=hours("09:00", "10:00"))
        await is_free(MONDAY + 9 * HOUR)
        await office.takes([bob.id], [(MONDAY + 9 * HOUR, MONDAY + 10 * HOUR)], "swap:1")
        await is_free(MONDAY + 10 * HOUR)
        await office.gives_back("swap:1")
        await is_free(MONDAY + 9 * HOUR)
        await bob.rest("PUT", "/auth/profile", {"vacation": {"until": f"{on(4)}T00:00:00Z"}})
        await is_free(MONDAY + 7 * 24 * HOUR + 9 * HOUR)
        await bob.rest("PUT", "/auth/profile", {"vacation": None})
        await is_free(MONDAY + 9 * HOUR)
    # Nothing was done, and a day went by: one job was left for it, whatever happened meanwhile.
    assert [job.key for job in await backstage.waiting("RefreshNextFree")].count(f"next_free:{bob.id}") == 1
    async with serving(settings, servers, ahead=asks + 25 * HOUR, mailer=DevelopmentOutbox()):
        await is_free(MONDAY + 3 * 24 * HOUR + 9 * HOUR)
