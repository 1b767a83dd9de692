"""What people do to swaps in their own Google calendars: a wish to the other side, never done silently."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from handlers.calendar_port import event_id
from server.config import Settings
from server.mail import DevelopmentOutbox
from tests.asks.swaps import a_swap_request, at
from tests.asks.times import some_lessons
from tests.backstage import Backstage
from tests.calendars import FakeCalendars, connected
from tests.conftest import serving
from tests.fake_google import PAGE
from tests.people import Person, refused
from tests.processes import Servers

pytestmark = pytest.mark.usefixtures("unlimited")

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOST = "skillnet.example"
HOOK = "/hooks/google-calendar"
HOUR = timedelta(hours=1)
KNOWN, UNKNOWN = 204, 404


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Of a server that Google reaches."""
    return settings.model_copy(update={"web_url": f"https://{HOST}"})


@pytest.fixture
async def server(
    settings: Settings, servers: Servers, calendars: FakeCalendars, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """A server that does its own jobs, and soon tries again."""
    monkeypatch.setattr("server.jobs.FIRST_PAUSE", timedelta(seconds=0.1))
    monkeypatch.setattr("server.jobs.LONGEST_PAUSE", timedelta(seconds=0.4))
    monkeypatch.setattr("server.google_calendar.LONGEST_PAUSE", timedelta(seconds=0.2))
    monkeypatch.setattr("server.google_calendar.PATIENCE_SECONDS", 1.0)
    async with serving(settings, servers, mailer=DevelopmentOutbox()) as url:
        await calendars.reaches(HOST, url)
        yield url
    await calendars.reaches()


async def synced(ada: Person, bob: Person, *, accept: bool = True, **more: Any) -> tuple[dict[str, Any], str]:
    """A swap that Ada asked of Bob, once it stands in her calendar; and the event's id."""
    swap = await ada.asks("swap:request", a_swap_request(bob, **more))
    if accept:
        swap = await bob.asks("swap:update", {"swap_id": swap["id"], "action": "accept"})
    await ada.asks("calendar:sync", {"swap_id": swap["id"]})
    await written(ada, swap)
    for person in (ada, bob):
        while not person.hears_nothing_of("swap:updated"):
            await person.hears("swap:updated")
    return swap, event_id(swap["id"], ada.id)


async def written(person: Person, swap: dict[str, Any]) -> None:
    """Wait until this version stands in somebody's calendar."""
    while True:
        told = (await person.hears("calendar:synced", within=30))["sync"]
        if (told["swap_id"], told["state"], told["written_version"]) == (swap["id"], "synced", swap["version"]):
            return


async def watched(calendars: FakeCalendars, *, but: str = "") -> dict[str, Any]:
    """The channel by which Google tells of the calendar that was connected last."""
    async with asyncio.timeout(30):
        while not (found := (await calendars.written())["channels"]) or found[-1]["id"] == but:
            await asyncio.sleep(0.05)
    channel: dict[str, Any] = found[-1]
    return channel


async def said(person: Person, channel: dict[str, Any], **other: str) -> int:
    """What a server answers to what Google says by a channel."""
    headers = {"X-Goog-Channel-ID": channel["id"], "X-Goog-Channel-Token": channel["token"], **other}
    async with person.http.post(f"{person.url}{HOOK}", headers=headers) as response:
        assert await response.read() == b""
        return response.status


async def heard(person: Person, channel: dict[str, Any]) -> None:
    """Wait until the server listens to a channel."""
    async with asyncio.timeout(30):
        while await said(person, channel) != KNOWN:
            await asyncio.sleep(0.05)


async def told(person: Person, swap: dict[str, Any], words: str) -> str:
    """What else somebody was notified of, with these words in its title."""
    found = (await person.rest("GET", "/notifications/"))["items"]
    (text,) = {one["text"] for one in found if one["about"] == f"swap:{swap['id']}" and words in one["title"]}
    return str(text)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_what_is_moved_is_proposed_to_the_other_side_once(
    ada: Person, bob: Person, calendars: FakeCalendars
) -> None:
    await connected(ada, PAGE)
    await watched(calendars)
    swap, event = await synced(ada, bob)
    later = moment(swap["scheduled_time"]) + HOUR / 2

    await calendars.moved(event, later, later + HOUR)

    proposed = (await bob.hears("swap:updated"))["swap"]
    assert (proposed["status"], proposed["turn"]) == ("countered", bob.id)
    assert [moment(one) for one in proposed["proposals"]] == [later]
    last = proposed["history"][-1]
    assert (last["by"], last["action"], last["why"]) == (ada.id, "counter", "Moved in their calendar.")
    # Whoever waits may move it again; overlapping what stands there is no hindrance: it is the same meeting.
    await written(ada, proposed)
    await calendars.moved(event, later + HOUR / 4, later + 5 * HOUR / 4)
    again = (await bob.hears("swap:updated"))["swap"]
    assert (again["status"], again["history"][-1]["action"]) == ("pending", "reschedule")
    await written(ada, again)

    agreed = await bob.asks("swap:update", {"swap_id": swap["id"], "action": "accept"})

    await written(ada, agreed)
    (there,) = await calendars.events_of(swap["id"])
    assert (moment(there["start"]["dateTime"]), there["status"]) == (later + HOUR / 4, "confirmed")
    # Of what we wrote ourselves nothing comes back: Google told of it and was asked, and nobody else was.
    await calendars.is_busy(later + timedelta(days=9), later + timedelta(days=9) + HOUR)
    asked = len((await calendars.written())["listed"])
    async with asyncio.timeout(30):
        while len((await calendars.written())["listed"]) == asked:
            await asyncio.sleep(0.05)
    assert (await bob.rest("GET", f"/swaps/{swap['id']}/"))["version"] == agreed["version"]


async def test_what_cannot_be_is_put_back_and_said_why(ada: Person, bob: Person, calendars: FakeCalendars) -> None:
    await connected(ada, PAGE)
    other, _ = await synced(ada, bob, days=9)
    swap, event = await synced(ada, bob)
    start = moment(swap["scheduled_time"])
    taken = moment(other["scheduled_time"])
    for words, act in (
        ("future", lambda: calendars.moved(event, start - timedelta(days=30), start - timedelta(days=30) + HOUR)),
        ("busy", lambda: calendars.moved(event, taken, taken + HOUR)),
        ("whole days", lambda: calendars.made_whole_day(event)),
    ):
        await act()
        await written(ada, swap)
        (there,) = await calendars.events_of(swap["id"])
        assert moment(there["start"]["dateTime"]) == start
        found = (await ada.rest("GET", "/notifications/"))["items"][0]
        assert "put back" in found["title"] and words in found["text"]
    assert (await bob.rest("GET", f"/swaps/{swap['id']}/"))["version"] == swap["version"]
    assert bob.hears_nothing_of("swap:updated")


async def test_what_is_deleted_is_cancelled_unless_it_is_put_back(
    ada: Person, bob: Person, calendars: FakeCalendars, settings: Settings, servers: Servers
) -> None:
    await connected(ada, PAGE)
    swap, event = await synced(ada, bob)
    asked, its_event = await synced(bob, ada, accept=False, days=8) if await connected(bob, PAGE) else ({}, "")

    async def deletes(person: Person, of: dict[str, Any], id_: str) -> None:
        await calendars.deleted(id_)
        for each in (ada, bob):
            told = await each.hears("calendar:deleted")
            assert (told["swap_id"], told["user_id"]) == (of["id"], person.id)
            assert timedelta(minutes=55) < moment(told["cancels_at"]) - datetime.now().astimezone() < HOUR

    # Taken out of the bin, or asked for here once more: it stays.
    for undo in (lambda: calendars.restored(event), lambda: ada.asks("calendar:sync", {"swap_id": swap["id"]})):
        await deletes(ada, swap, event)
        await undo()
        for person in (ada, bob):
            assert (await person.hears("calendar:restored"))["swap_id"] == swap["id"]
    await written(ada, swap)
    assert len(await calendars.events_of(swap["id"])) == 1

    await deletes(ada, swap, event)
    await deletes(bob, asked, its_event)
    for person, other, words in ((bob, "ada", "The other side deleted"), (ada, "bob", "You deleted")):
        assert (await told(person, swap, words)).startswith(f"With {other}: ")
    assert (await bob.rest("GET", f"/swaps/{swap['id']}/"))["status"] == "accepted"
    async with serving(settings, servers, ahead=2 * HOUR, mailer=DevelopmentOutbox()):
        ended = {one["id"]: one for one in [(await bob.hears("swap:updated"))["swap"] for _ in range(2)]}
    assert {one["status"] for one in ended.values()} == {"cancelled"}
    last = ended[swap["id"]]["history"][-1]
    assert (last["by"], last["why"]) == (ada.id, "Deleted in their calendar.")


async def test_what_is_done_to_a_lesson_there_is_a_wish_of_that_lesson_alone(
    ada: Person, bob: Person, calendars: FakeCalendars, settings: Settings, servers: Servers
) -> None:
    await connected(ada, PAGE)
    swap, _ = await synced(ada, bob)
    this = {"swap_id": swap["id"]}
    series = await ada.asks("series:propose", some_lessons(swap))
    series = await bob.asks("series:accept", {**this, "version": series["version"]})
    first, second, third = [moment(one["start"]) for one in series["lessons"]]
    event = event_id(f"{swap['id']}-1", ada.id)

    async def stand(*starts: datetime) -> None:
        async with asyncio.timeout(30):
            while sorted(
                moment(one["start"]["dateTime"])
                for one in await calendars.events_of(swap["id"])
                if ": lesson " in one["summary"] and "dateTime" in one["start"]
            ) != [*starts]:
                await asyncio.sleep(0.05)

    async def hears(person: Person, *, version: int) -> dict[str, Any]:
        while (told := (await person.hears("series:updated", within=30))["series"])["version"] != version:
            pass
        return dict(told)

    await stand(first, second, third)
    wished = second + HOUR / 2

    await calendars.moved(event, wished, wished + HOUR)

    asked = await hears(bob, version=series["version"] + 1)
    moves = [(one["proposed_start"] and moment(one["proposed_start"]), one["proposed_by"]) for one in asked["lessons"]]
    assert moves == [(None, None), (wished, ada.id), (None, None)]
    # It is held as it was until he agrees, and so it stands there.
    await stand(first, second, third)
    series = await bob.asks("series:accept", {**this, "version": asked["version"]})
    await stand(first, wished, third)

    await calendars.moved(event, first, first + HOUR)
    asked = await hears(bob, version=series["version"] + 1)
    with refused("conflict"):
        await bob.asks("series:accept", {**this, "version": asked["version"]})
    await stand(first, wished, third)
    await calendars.made_whole_day(event)
    async with asyncio.timeout(30):
        while "put back" not in (await ada.rest("GET", "/notifications/"))["items"][0]["title"]:
            await asyncio.sleep(0.05)
    await stand(first, wished, third)

    for undo in (lambda: calendars.restored(event), lambda: ada.asks("calendar:sync", this), None):
        await calendars.deleted(event)
        for person in (ada, bob):
            told = await person.hears("calendar:deleted", within=30)
            assert (told["swap_id"], told["user_id"], told["lesson"]) == (swap["id"], ada.id, 1)
        if undo is not None:
            await undo()
            for person in (ada, bob):
                assert (await person.hears("calendar:restored", within=30))["lesson"] == 1
            await stand(first, wished, third)
    async with serving(settings, servers, ahead=2 * HOUR, mailer=DevelopmentOutbox()):
        ended = await hears(bob, version=asked["version"] + 1)
    assert [one["state"] for one in ended["lessons"]] == ["planned", "cancelled", "planned"]
    assert (await bob.rest("GET", f"/swaps/{swap['id']}/"))["version"] == swap["version"]


async def test_where_google_tells_nothing_calendars_are_looked_at(
    ada: Person, bob: Person, calendars: FakeCalendars, settings: Settings, servers: Servers
) -> None:
    """Without a public address, and where a token is too old to tell what changed since."""
    await calendars.reaches()
    await connected(ada, PAGE)
    moved, event = await synced(ada, bob)
    gone, its_event = await synced(ada, bob, days=6)
    await calendars.forgets()
    await calendars.moved(event, moment(at(11)), moment(at(11)) + HOUR)
    await calendars.deleted(its_event)
    await calendars.forgets()
    assert bob.hears_nothing_of("swap:updated")

    unreached = settings.model_copy(update={"web_url": "http://127.0.0.1:8080"})
    async with serving(unreached, servers, ahead=timedelta(minutes=61), mailer=DevelopmentOutbox()):
        assert (await bob.hears("swap:updated"))["swap"]["id"] == moved["id"]
        assert (await bob.hears("calendar:deleted"))["swap_id"] == gone["id"]
    assert (await calendars.written())["listed"][-2:] == ["since", "all"]


async def test_a_channel_is_exchanged_before_it_ends(
    ada: Person, bob: Person, calendars: FakeCalendars, settings: Settings, servers: Servers
) -> None:
    await calendars.fails("500", once=True, at="/watch")
    await connected(ada, PAGE)
    async with asyncio.timeout(30):
        # Until what was found is kept, from when on it is to be read again, by the clock of whoever kept it.
        while not (await calendars.written())["failed"] or not await Backstage(settings, servers).has_done("NoteRead"):
            await asyncio.sleep(0.05)
    # What fails now is tried again soon, and is no reason not to read.
    async with serving(settings, servers, ahead=timedelta(minutes=2), mailer=DevelopmentOutbox()):
        first = await watched(calendars)
        await heard(ada, first)
    assert first["address"] == f"https://{HOST}{HOOK}"
    swap, event = await synced(ada, bob, days=20)

    async with serving(settings, servers, ahead=timedelta(days=6, hours=1), mailer=DevelopmentOutbox()):
        second = await watched(calendars, but=first["id"])
        await heard(ada, second)
    assert first["id"] not in {one["id"] for one in (await calendars.written())["channels"]}
    assert (second["token"], second["resourceId"]) != (first["token"], first["resourceId"])

    await calendars.moved(event, moment(at(21)), moment(at(21)) + HOUR)
    assert (await bob.hears("swap:updated"))["swap"]["id"] == swap["id"]
    # And given back with the rest.
    await ada.rest("DELETE", "/calendar/")
    async with asyncio.timeout(30):
        while second["id"] in {one["id"] for one in (await calendars.written())["channels"]}:
            await asyncio.sleep(0.05)


async def test_nobody_but_google_says_that_something_changed(
    ada: Person, calendars: FakeCalendars, http: aiohttp.ClientSession
) -> None:
    await connected(ada, PAGE)
    channel = await watched(calendars)
    for forged in ({"token": "x" * 43}, {"token": "x" * 300}, {"token": ""}, {"id": "f" * 32}, {"id": ""}):
        assert await said(ada, channel | forged) == UNKNOWN
    with refused("not_found"):
        by_rest = {"channel_id": channel["id"], "token": "x" * 43}
        await Person("nobody", ada.url, http).rest("POST", "/calendar/google/changes/", by_rest)
    async with http.post(f"{ada.url}{HOOK}") as response:
        assert response.status == UNKNOWN
    await heard(ada, channel)
    assert await said(ada, channel, **{"X-Goog-Resource-State": "sync"}) == KNOWN


async def test_whatever_google_does_what_was_moved_is_proposed_once(
    ada: Person, bob: Person, calendars: FakeCalendars
) -> None:
    """G15, the other way."""
    await connected(ada, PAGE)
    await watched(calendars)
    swap, event = await synced(ada, bob)
    await calendars.fails("500", "429", "403", "hang", "reset", "lost", hang=1.5, once=True)

    await calendars.moved(event, moment(at(9)), moment(at(9)) + HOUR)

    proposed = (await bob.hears("swap:updated", within=30))["swap"]
    assert proposed["status"] == "countered"
    await written(ada, proposed)
    assert (await calendars.written())["failed"] == 6
    assert (await bob.rest("GET", f"/swaps/{swap['id']}/"))["version"] == swap["version"] + 1


async def test_what_people_do_elsewhere_is_nobodys_to_take(ada: Person, bob: Person, calendars: FakeCalendars) -> None:
    for person in (ada, bob):
        await connected(person, PAGE)
    busy = moment(at(4)).replace(hour=10, minute=0, second=0)
    days = {day: [{"start": "00:00", "end": "24:00"}] for day in DAYS}
    await bob.rest("PUT", "/availability/", {"time_zone": "UTC", "weekly": days})
    swap = await ada.asks("swap:request", a_swap_request(bob, scheduled_time=(busy + HOUR).isoformat()))
    await calendars.is_busy(busy, busy + 2 * HOUR)

    async def free(since: datetime) -> list[int]:
        asked = urlencode({"from": since.isoformat(), "to": (since + 4 * HOUR).isoformat(), "duration": 60})
        found = (await ada.rest("GET", f"/users/{bob.id}/slots/?{asked}"))["items"]
        return sorted({moment(one["start"]).hour for one in found})

    async with asyncio.timeout(30):
        while await free(busy) != [12, 13]:
            await asyncio.sleep(0.05)
    with refused("conflict"):
        await bob.asks("swap:update", {"swap_id": swap["id"], "action": "accept"})
    with refused("conflict"):
        await ada.asks("swap:request", a_swap_request(bob, scheduled_time=(busy + HOUR).isoformat()))
    moved = {"swap_id": swap["id"], "action": "reschedule", "scheduled_time": (busy + 2 * HOUR).isoformat()}
    await ada.asks("swap:update", moved)
    await bob.asks("swap:update", {"swap_id": swap["id"], "action": "accept"})
    # Our own meeting stands there as busy, and is in nobody's way when it is moved by less than it lasts.
    await bob.asks("calendar:sync", {"swap_id": swap["id"]})
    await written(bob, await bob.rest("GET", f"/swaps/{swap['id']}/"))
    await bob.asks("swap:update", moved | {"scheduled_time": (busy + 5 * HOUR / 2).isoformat()})
    done = await ada.asks("swap:update", {"swap_id": swap["id"], "action": "accept"})
    assert done["status"] == "accepted"
    # So are lessons, once they were read there as well.
    this = {"swap_id": swap["id"]}
    series = await ada.asks("series:propose", some_lessons(swap))
    agreed = await bob.asks("series:accept", {**this, "version": series["version"]})
    tomorrow = busy + timedelta(days=1)
    async with asyncio.timeout(30):
        while len(await calendars.events_of(swap["id"])) != 1 + len(agreed["lessons"]):
            await asyncio.sleep(0.05)
        await calendars.is_busy(tomorrow, tomorrow + 2 * HOUR)
        while await free(tomorrow) != [12, 13]:
            await asyncio.sleep(0.05)
    half = moment(agreed["lessons"][0]["start"]) + HOUR / 2
    moving = await ada.asks("series:move", {**this, "number": 0, "start": half.isoformat()})
    assert (await bob.asks("series:accept", {**this, "version": moving["version"]}))["lessons"][0]["state"] == "moved"
