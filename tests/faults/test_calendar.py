"""Calendars that fail in every way while workers are killed: in the end they say what the swaps are, once each."""

import asyncio
import random
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from handlers.calendar_port import event_id
from server.config import Settings
from tests.asks.swaps import a_swap_request, at
from tests.calendars import FakeCalendars, connected
from tests.conftest import serving
from tests.fake_google import CLIENT_ID, CLIENT_SECRET, PAGE
from tests.faults.scene import SEED
from tests.faults.test_jobs import WORKER, Workers, environment_of
from tests.people import Person, Refusal
from tests.processes import Servers

pytestmark = [
    pytest.mark.faults,
    pytest.mark.soak,
    pytest.mark.timeout(1800),
    pytest.mark.xdist_group("faults"),
    pytest.mark.usefixtures("unlimited"),
]

HOST = "skillnet.example"
FAULTS = ("500", "429", "403", "hang", "reset", "lost")
HOUR = timedelta(hours=1)
# The real program, except that nobody has to wait for minutes.
IMPATIENT = WORKER.replace(
    "from server.__main__",
    """
import server.google_calendar
server.jobs.FIRST_PAUSE, server.jobs.LONGEST_PAUSE = datetime.timedelta(seconds=0.2), datetime.timedelta(seconds=2)
# A killed worker's try counts as one.
server.jobs.MOST_ATTEMPTS = 40
server.google_calendar.PATIENCE_SECONDS = 1.5
from server.__main__""",
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"web_url": f"https://{HOST}"})


@pytest.fixture
async def server(settings: Settings, servers: Servers, calendars: FakeCalendars) -> AsyncIterator[str]:
    """A server that leaves all work to others, and that Google reaches."""
    async with serving(settings, servers) as url:
        await calendars.reaches(HOST, url)
        yield url


@pytest.fixture
def workers(settings: Settings, servers: Servers, google_issuer: str, tmp_path: Path) -> Iterator[Workers]:
    google = {
        "GOOGLE_ISSUER": google_issuer,
        "GOOGLE_CALENDAR_URL": google_issuer,
        "GOOGLE_CLIENT_ID": CLIENT_ID,
        "GOOGLE_CLIENT_SECRET": CLIENT_SECRET,
        "GOOGLE_REDIRECT_URIS": PAGE,
        "WEB_URL": settings.web_url,
    }
    with ExitStack() as stack:
        yield Workers(environment_of(settings, servers, tmp_path) | google, stack, IMPATIENT)


@pytest.fixture
def two(ada: Person, bob: Person) -> tuple[Person, Person]:
    return ada, bob


@pytest.mark.parametrize(("count", "kills"), [(30, 4), (100, 8)])
async def test_swaps_stand_there_once_each_whatever_fails_and_whoever_is_killed(
    two: tuple[Person, Person], calendars: FakeCalendars, workers: Workers, count: int, kills: int
) -> None:
    """G15."""
    ada, bob = two
    chance = random.Random(SEED)
    working = [await asyncio.to_thread(workers.start) for _ in range(2)]
    await connected(ada, PAGE)
    await calendars.fails(*FAULTS, share=0.4, hang=2.5, seed=chance.randrange(1000))
    swaps = []
    for number in range(count):
        swap = await patiently(ada, "swap:request", a_swap_request(bob, days=3 + 2 * number))
        await patiently(bob, "swap:update", {"swap_id": swap["id"], "action": "accept"})
        await patiently(ada, "calendar:sync", {"swap_id": swap["id"]})
        swaps.append(swap["id"])
        if number % (count // kills) == 5:
            killed = working.pop(0)
            killed.kill()
            working.append(await asyncio.to_thread(workers.start))
    # What happens to them meanwhile: moved and called off here, and moved by hand there.
    for number, swap_id in enumerate(swaps[: count * 3 // 5]):
        how: dict[str, Any] = {"action": "cancel"}
        if number % 3:
            how = {"action": "reschedule", "scheduled_time": at(4 + 2 * number)}
        await patiently(bob, "swap:update", {"swap_id": swap_id, **how})
    by_hand = {
        swap_id: datetime.fromisoformat(at(4.1 + 2 * n)) for n, swap_id in enumerate(swaps) if n >= count * 9 // 10
    }
    for swap_id, start in by_hand.items():
        await settled(ada, calendars, [swap_id])
        await calendars.moved(event_id(swap_id, ada.id), start, start + HOUR)
    working.pop().kill()
    await asyncio.to_thread(workers.start)

    await settled(ada, calendars, swaps)

    for swap_id, start in by_hand.items():
        async with asyncio.timeout(120):
            while (swap := await patiently(ada, "swap:get", {"swap_id": swap_id}))["status"] != "countered":
                await asyncio.sleep(0.2)
        assert datetime.fromisoformat(swap["scheduled_time"]) == start
    await settled(ada, calendars, swaps)
    written = await calendars.written()
    print(f"{written['asked']} requests, of which {written['failed']} failed; {kills + 1} workers killed")
    assert written["failed"] > count


async def patiently(person: Person, event: str, asked: dict[str, Any]) -> Any:
    """As every client does: what the database had no time for is asked again; done already is as good as done."""
    while True:
        try:
            return await person.asks(event, asked)
        except Refusal as refusal:
            if refusal.code == "invalid_transition":
                return refusal.problem["current"]
            if refusal.code != "unavailable":
                raise


async def settled(ada: Person, calendars: FakeCalendars, wanted: Collection[str]) -> None:
    """Wait until these stand in the calendar as they are, once each, or not at all where they were called off."""
    while True:
        swaps = (await patiently(ada, "swap:list", {"limit": 100}))["items"]
        events = (await calendars.written())["events"]
        if all(_is_so(one, events) for one in swaps if one["id"] in wanted):
            return
        await asyncio.sleep(1)


def _is_so(swap: dict[str, Any], events: list[dict[str, Any]]) -> bool:
    there = [
        one
        for one in events
        if one["status"] != "cancelled" and one["extendedProperties"]["private"]["skillnet_swap"] == swap["id"]
    ]
    if swap["status"] == "cancelled":
        return there == []
    assert len(there) <= 1
    return [datetime.fromisoformat(one["start"]["dateTime"]) for one in there] == [
        datetime.fromisoformat(swap["scheduled_time"])
    ]
