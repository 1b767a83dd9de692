"""Swaps in people's Google calendars: allowed apart from signing in, written by jobs, followed, and given back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import AutoReconnect

from handlers.booking import leave
from handlers.calendar_port import CalendarEntry, event_id
from handlers.errors import Unavailable
from server.config import Settings
from server.google_calendar import GoogleCalendar
from server.mail import DevelopmentOutbox
from store.calendar_events import CalendarEvents, event_key
from tests.asks.accounts import consents
from tests.asks.swaps import a_swap_request, at
from tests.asks.times import an_agreed_swap, some_lessons
from tests.backstage import Backstage
from tests.calendars import FakeCalendars, agreed, connected
from tests.conftest import serving
from tests.doors import Door, both_doors
from tests.fake_google import CLIENT_SECRET, PAGE, FakeGoogle, somebody
from tests.people import Person, refused
from tests.processes import Servers
from tests.stories.test_ics import fetched

pytestmark = pytest.mark.usefixtures("unlimited")

MANY = 20


@pytest.fixture
async def server(settings: Settings, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A server that does its own jobs, and soon tries again."""
    monkeypatch.setattr("server.jobs.FIRST_PAUSE", timedelta(seconds=0.1))
    monkeypatch.setattr("server.jobs.LONGEST_PAUSE", timedelta(seconds=0.4))
    monkeypatch.setattr("server.google_calendar.LONGEST_PAUSE", timedelta(seconds=0.2))
    async with serving(settings, servers, mailer=DevelopmentOutbox()) as url:
        yield url


async def state(person: Person, wanted: str) -> dict[str, Any]:
    """What this person hears of a swap's way into their calendar, once it is that."""
    while True:
        told: dict[str, Any] = (await person.hears("calendar:synced", within=30))["sync"]
        if told["state"] == wanted:
            return told


async def changed(calendars: FakeCalendars, swap_id: str, how: Any) -> list[dict[str, Any]]:
    """What stands of a swap in all calendars, once it is so."""
    async with asyncio.timeout(30):
        while not how(found := await calendars.events_of(swap_id)):
            await asyncio.sleep(0.05)
    return found


async def accepted(ada: Person, bob: Person, **more: Any) -> dict[str, Any]:
    swap = await ada.asks("swap:request", a_swap_request(bob, **more))
    done: dict[str, Any] = await bob.asks("swap:update", {"swap_id": swap["id"], "action": "accept"})
    return done


def lessons(found: list[dict[str, Any]]) -> list[datetime]:
    """When there are lessons, of what stands in calendars."""
    starts = [one["start"]["dateTime"] for one in found if ": lesson " in one["summary"]]
    return sorted(map(datetime.fromisoformat, starts))


def held(series: dict[str, Any]) -> list[datetime]:
    """When there are to be some."""
    return sorted(datetime.fromisoformat(one["start"]) for one in series["lessons"] if one["state"] != "cancelled")


@both_doors
async def test_a_swap_stands_in_the_calendar_of_who_asked_and_follows_what_becomes_of_it(
    door: Door, ada: Person, bob: Person, calendars: FakeCalendars
) -> None:
    await connected(ada, PAGE)
    swap = await accepted(ada, bob)
    this = {"swap_id": swap["id"]}
    assert (await door(ada, "calendar:state", this))["state"] == "off"

    assert (await door(ada, "calendar:sync", this))["state"] == "pending"

    assert (await state(ada, "synced"))["written_version"] == swap["version"]
    (event,) = await calendars.events_of(swap["id"])
    assert event["id"] == event_id(swap["id"], ada.id)
    assert event["summary"] == "SkillNet: Guitar for French, with bob"
    assert datetime.fromisoformat(event["start"]["dateTime"]) == datetime.fromisoformat(swap["scheduled_time"])
    assert event["status"] == "confirmed"
    # By itself, since it was asked for once: moved by the other one, agreed on, and cancelled.
    moved = {**this, "action": "reschedule", "scheduled_time": at(5)}
    await bob.asks("swap:update", moved)
    await changed(calendars, swap["id"], lambda found: found[0]["status"] == "tentative")
    await ada.asks("swap:update", {**this, "action": "accept"})
    (event,) = await changed(calendars, swap["id"], lambda found: found[0]["status"] == "confirmed")
    assert datetime.fromisoformat(event["start"]["dateTime"]) == datetime.fromisoformat(moved["scheduled_time"])
    assert event["sequence"] >= 1
    await ada.asks("swap:update", {**this, "action": "cancel", "reason": "Ill."})
    await changed(calendars, swap["id"], lambda found: found == [])
    assert bob.hears_nothing_of("calendar:synced")


async def test_each_has_it_in_their_own_calendar_and_takes_it_out_alone(
    ada: Person, bob: Person, calendars: FakeCalendars
) -> None:
    swap = await accepted(ada, bob)
    this = {"swap_id": swap["id"]}
    for person in (ada, bob):
        await connected(person, PAGE)
        await person.asks("calendar:sync", this)
        # Again changes nothing: there is one.
        await person.asks("calendar:sync", this)
        await state(person, "synced")
    assert len(await calendars.events_of(swap["id"])) == 2

    assert (await bob.asks("calendar:unsync", this))["state"] == "off"

    (left,) = await changed(calendars, swap["id"], lambda found: len(found) == 1)
    assert left["id"] == event_id(swap["id"], ada.id)


async def test_agreed_lessons_stand_there_each_by_itself(ada: Person, bob: Person, calendars: FakeCalendars) -> None:
    """G16, G17: beside the swap, for who asked for it, as the feed shows them; off one by one, or all of them."""
    for person in (ada, bob):
        await connected(person, PAGE)
    swap = await an_agreed_swap(ada, bob)
    this = {"swap_id": swap["id"]}
    await ada.asks("calendar:sync", this)
    series = await bob.asks("series:propose", some_lessons(swap, count=10, without=[9]))
    await calendars.fails("500", "lost", share=0.2)

    agreed = await ada.asks("series:accept", {**this, "version": series["version"]})

    await changed(calendars, swap["id"], lambda found: lessons(found) == held(agreed))
    await calendars.fails()
    address = (await ada.rest("POST", "/calendar/feed/rotate"))["url"].partition("/api/v1")[2]
    feed = await fetched(ada.http, f"{ada.url}/api/v1{address}")
    assert sorted(one.start for one in feed.events if "lesson" in one["SUMMARY"] and one["STATUS"] == "CONFIRMED") == (
        held(agreed)
    )
    off = await bob.asks("series:cancel", {**this, "number": 1})
    await changed(calendars, swap["id"], lambda found: lessons(found) == held(off))
    later = held(off)[0] + timedelta(minutes=90)
    moving = await ada.asks("series:move", {**this, "number": 0, "start": later.isoformat()})
    moved = await bob.asks("series:accept", {**this, "version": moving["version"]})
    assert later in held(moved)
    await changed(calendars, swap["id"], lambda found: lessons(found) == held(moved))
    # Asked for later, by the other one: all there are.
    await bob.asks("calendar:sync", this)
    await changed(calendars, swap["id"], lambda found: lessons(found) == sorted(held(moved) * 2))
    await bob.asks("calendar:unsync", this)
    await changed(calendars, swap["id"], lambda found: lessons(found) == held(moved) and len(found) == 9)
    # The swap called off is no lesson called off.
    await bob.asks("swap:update", {**this, "action": "cancel"})
    await changed(calendars, swap["id"], lambda found: len(found) == 8)
    await bob.asks("series:end", this)
    await changed(calendars, swap["id"], lambda found: found == [])


async def test_a_lesson_that_fails_has_no_other_written_again(
    ada: Person, bob: Person, calendars: FakeCalendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    await connected(ada, PAGE)
    swap = await an_agreed_swap(ada, bob)
    this = {"swap_id": swap["id"]}
    await ada.asks("calendar:sync", this)
    await state(ada, "synced")
    series = await ada.asks("series:propose", some_lessons(swap))
    tries: list[datetime] = []
    put, fails = GoogleCalendar.put, ["again", "at first"]

    async def fails_at_the_second(google: GoogleCalendar, grant: str, entry: CalendarEntry) -> Any:
        tries.append(entry.start)
        if fails and len(set(tries)) == 2:
            raise Unavailable(fails.pop())
        return await put(google, grant, entry)

    monkeypatch.setattr(GoogleCalendar, "put", fails_at_the_second)

    agreed = await bob.asks("series:accept", {**this, "version": series["version"]})

    await changed(calendars, swap["id"], lambda found: lessons(found) == held(agreed))
    first, second, third = held(agreed)
    assert tries == [first, second, second, second, third]


async def test_whoever_leaves_takes_the_lessons_of_both_along(
    ada: Person, bob: Person, calendars: FakeCalendars, settings: Settings, servers: Servers
) -> None:
    swap = await an_agreed_swap(ada, bob)
    this = {"swap_id": swap["id"]}
    for person in (ada, bob):
        await connected(person, PAGE)
        await person.asks("calendar:sync", this)
    series = await ada.asks("series:propose", some_lessons(swap))
    agreed = await bob.asks("series:accept", {**this, "version": series["version"]})
    await changed(calendars, swap["id"], lambda found: lessons(found) == sorted(held(agreed) * 2))
    await ada.rest("DELETE", "/calendar/")
    await changed(calendars, swap["id"], lambda found: lessons(found) == held(agreed) and len(found) == 4)

    await Backstage(settings, servers).does(lambda ctx: leave(ada.id, ctx))

    await changed(calendars, swap["id"], lambda found: len(found) == 1)


async def test_the_permission_is_asked_for_apart_and_for_no_more_than_is_needed(
    ada: Person, bob: Person, calendars: FakeCalendars, google_issuer: str
) -> None:
    """Q16, T6, T20: other scopes than signing in, a try of one's own, once, and nothing without the tick."""
    begun = await ada.rest("POST", "/calendar/google/begin", {"redirect_uri": PAGE})
    query = parse_qs(urlsplit(begun["authorization_url"]).query)
    assert {scope.rpartition("/")[2] for scope in query["scope"][0].split()} == {
        "calendar.events",
        "calendar.freebusy",
    }
    assert (query["access_type"], query["prompt"]) == (["offline"], ["consent"])
    assert query["code_challenge_method"] == ["S256"]
    with refused("invalid"):
        await ada.rest("POST", "/calendar/google/begin", {"redirect_uri": "https://evil.example/"})
    ours = {"state": begun["state"], "authorization_code": await agreed(ada, begun["authorization_url"])}
    with refused("invalid"):
        await bob.rest("POST", "/calendar/google/complete", ours)
    assert (await ada.rest("POST", "/calendar/google/complete", ours))["condition"] == "connected"
    with refused("invalid"):
        await ada.rest("POST", "/calendar/google/complete", ours)
    google = FakeGoogle(google_issuer, ada.http)
    await google.sets(somebody(), lie="unticked")
    with refused("invalid"):
        await connected(bob, PAGE)
    await google.sets(somebody())
    assert (await bob.rest("GET", "/calendar/"))["condition"] is None
    swap = await accepted(ada, bob)
    with refused("invalid_transition"):
        await bob.asks("calendar:sync", {"swap_id": swap["id"]})


async def test_whoever_disconnects_leaves_nothing_there(
    ada: Person, bob: Person, calendars: FakeCalendars, settings: Settings, servers: Servers
) -> None:
    """T20: sealed while it is kept, revoked once it is not."""
    await connected(ada, PAGE)
    swap = await accepted(ada, bob)
    await ada.asks("calendar:sync", {"swap_id": swap["id"]})
    await state(ada, "synced")
    allowed = (await calendars.written())["allowed"]
    async with AsyncMongoClient[dict[str, Any]](servers.mongodb_url) as client:
        database = client[settings.mongodb_database]
        kept = [await database[name].find().to_list() for name in await database.list_collection_names()]
    assert "1//" not in repr(kept)
    assert CLIENT_SECRET not in repr(kept)

    assert (await ada.rest("DELETE", "/calendar/"))["condition"] is None

    await changed(calendars, swap["id"], lambda found: found == [])
    async with asyncio.timeout(30):
        while (await calendars.written())["allowed"] != allowed - 1:
            await asyncio.sleep(0.05)
    assert (await ada.asks("calendar:state", {"swap_id": swap["id"]}))["state"] == "off"
    assert consents((await ada.asks("consent:list"))["items"]) == [
        ("calendar", False, [], "google", None),
        ("calendar", True, [], "google", None),
    ]


@pytest.mark.parametrize("fault", ["500", "429", "403", "hang", "reset", "lost"])
async def test_whatever_google_does_the_swap_is_answered_and_written_once_it_can_be(
    fault: str, ada: Person, bob: Person, calendars: FakeCalendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G15."""
    monkeypatch.setattr("server.google_calendar.PATIENCE_SECONDS", 0.3)
    await connected(ada, PAGE)
    swap = await accepted(ada, bob)
    await calendars.fails(fault, hang=1.0)
    assert (await ada.asks("calendar:sync", {"swap_id": swap["id"]}))["state"] == "pending"
    async with asyncio.timeout(30):
        while (await calendars.written())["failed"] < 2:
            await asyncio.sleep(0.05)
    assert (await ada.asks("calendar:state", {"swap_id": swap["id"]}))["state"] == "pending"

    await calendars.fails()

    await state(ada, "synced")
    assert len(await calendars.events_of(swap["id"])) == 1


async def test_what_was_tried_too_often_is_said_to_have_failed(
    ada: Person, bob: Person, calendars: FakeCalendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.jobs.MOST_ATTEMPTS", 3)
    await connected(ada, PAGE)
    swap = await accepted(ada, bob)
    await calendars.fails("500")
    await ada.asks("calendar:sync", {"swap_id": swap["id"]})
    await state(ada, "failed")
    await calendars.fails()
    assert (await ada.asks("calendar:sync", {"swap_id": swap["id"]}))["state"] == "pending"
    await state(ada, "synced")


async def test_a_grant_that_is_over_is_told_once_and_tried_no_more(
    ada: Person, bob: Person, calendars: FakeCalendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G20, F13: many jobs find it out; one notification, no storm, and all is written once it is connected anew."""
    await connected(ada, PAGE)
    swaps = [await accepted(ada, bob, days=3 + day) for day in range(5)]
    await calendars.is_taken_back()
    for swap in swaps:
        await ada.asks("calendar:sync", {"swap_id": swap["id"]})
    async with asyncio.timeout(30):
        for swap in swaps:
            while (await ada.asks("calendar:state", {"swap_id": swap["id"]}))["state"] != "reconnect_required":
                await asyncio.sleep(0.05)
    assert (await ada.asks("calendar:get"))["condition"] == "reconnect_required"
    told = [one for one in (await ada.rest("GET", "/notifications/"))["items"] if one["about"] == "calendar"]
    assert [one["count"] for one in told] == [1]
    # Where it was taken back is told.
    said = (await ada.asks("consent:list"))["items"]
    assert [(one["granted"], one["device"] == "google") for one in said] == [(False, True), (True, False)]
    before = await calendars.written()
    assert (await ada.asks("calendar:sync", {"swap_id": swaps[0]["id"]}))["state"] == "reconnect_required"
    await ada.asks("swap:update", {"swap_id": swaps[1]["id"], "action": "reschedule", "scheduled_time": at(30)})
    # Something else that a worker does after it.
    await connected(bob, PAGE)
    await bob.asks("calendar:sync", {"swap_id": swaps[0]["id"]})
    await state(bob, "synced")
    after = await calendars.written()
    # Bob's, by what is written and what is read.
    assert after["refreshed"] <= before["refreshed"] + 2
    # Some at a time, and whatever is lost on the way is written all the same.
    monkeypatch.setattr("handlers.calendar.granting.AT_ONCE", 2)
    writes, lost = CalendarEvents.set, ["the third write"]

    async def loses_one(events: CalendarEvents, *said: Any, **more: Any) -> Any:
        done = await writes(events, *said, **more)
        if lost and done is not None and done.id == event_key(swaps[2]["id"], ada.id):
            raise AutoReconnect(lost.pop())
        return done

    monkeypatch.setattr(CalendarEvents, "set", loses_one)

    await connected(ada, PAGE)

    for _ in swaps:
        await state(ada, "synced")
    assert not lost
    for swap in swaps[1:]:
        assert len(await calendars.events_of(swap["id"])) == 1


async def test_however_often_google_fails_each_swap_stands_there_once(
    ada: Person, bob: Person, calendars: FakeCalendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G15, with two of five requests failing in every way."""
    monkeypatch.setattr("server.jobs.MOST_ATTEMPTS", 40)
    await connected(ada, PAGE)
    swaps = [await accepted(ada, bob, days=3 + day) for day in range(MANY)]
    await calendars.fails("500", "429", "403", "reset", "lost", share=0.4)

    for swap in swaps:
        await ada.asks("calendar:sync", {"swap_id": swap["id"]})
    for _ in swaps:
        await state(ada, "synced")

    assert (await calendars.written())["failed"] > MANY // 5
    for swap in swaps:
        (event,) = await calendars.events_of(swap["id"])
        assert event["id"] == event_id(swap["id"], ada.id)
