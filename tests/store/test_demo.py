"""The demo's people and gigs: the same each time, and nothing that the handlers would not have taken."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import combinations, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.availability import SetAvailability
from handlers.context import Context
from handlers.free_time import next_free_at, timetables, usual_week
from handlers.gigs.editing import CreateGig
from handlers.gigs.terms import require_whole
from handlers.profiles import UpdateProfile
from store.availability import Availability
from store.demo import Asked, seed, words
from store.demo.community import PUBLISHED_WITHIN, Community
from store.demo.hours import is_day
from store.demo.places import CITIES
from store.gigs import ASKED_BEFORE, LIFE, Gig, Status, same_as
from store.jobs import State
from store.skill_directory import load_directory
from tests.handlers.swaps.world import World, world

NOW = datetime(2026, 11, 26, 12, 0, 0, 123456, tzinfo=UTC)
LONGEST = timedelta(minutes=90)
# What differs from swap to swap, and marks of what was read.
THEIRS = {
    *("_id", "order", "asked_order", "text", "message_id", "pair_key", "reminded", "notice_at"),
    *("offered_skill", "desired_skill", "duration_minutes", "time_zone", "rating", "comments", "criteria", "skills"),
    *("read_up_to", "shown_read_up_to", "delivered_up_to", "noticed_up_to"),
}
COPIED = ("title", "description", "tags", "languages")


def test_a_seed_makes_the_same_community_however_large() -> None:
    small, large = Community(7, 5, now=NOW), Community(7, 50, now=NOW)
    assert [small.person(number) for number in range(5)] == [large.person(number) for number in range(5)]
    gigs = list(small.gigs(20))
    assert gigs[:10] == list(Community(7, 5, now=NOW).gigs(10))
    assert Community(8, 5, now=NOW).person(0).id != small.person(0).id


def test_every_skill_is_known_and_every_city_has_its_time() -> None:
    directory = load_directory()
    assert [key for key in words.SKILLS if directory.get(key) is None] == []
    assert {len(names) for names in words.SKILLS.values()} == {len(words.LANGUAGES)}
    for city in CITIES:
        assert ZoneInfo(city.time_zone) and city.language in words.LANGUAGES
        assert city.place.point is not None and city.place.point.coordinates == (city.longitude, city.latitude)


@pytest.fixture(scope="module")
def gigs() -> list[Gig]:
    return list(Community(7, 10, now=NOW).gigs(600))


def test_the_handlers_would_take_all_of_it(gigs: list[Gig]) -> None:
    for gig in gigs:
        fields = {name: getattr(gig, name) for name in ("kind", "mode", "category", "level", *COPIED)}
        skills = {name: [one.name for one in getattr(gig, name)] for name in ("offered_skills", "desired_skills")}
        location = gig.location.model_dump() if gig.location else None
        taken = CreateGig.model_validate({**fields, **skills, "location": location})
        assert {name: getattr(taken, name) for name in COPIED} == {name: getattr(gig, name) for name in COPIED}
        require_whole(gig)
    for number in range(10):
        person = Community(7, 10, now=NOW).person(number)
        teaches = [one.model_dump(exclude={"key"}) for one in person.teaches]
        asked = {"name": person.name, "bio": person.bio, "teaches": teaches, "languages": person.languages}
        UpdateProfile.model_validate({**asked, "locale": person.locale, "time_zone": person.time_zone})


def test_the_handlers_would_take_when_they_want_to_meet() -> None:
    said = [person.said for person in Community(7, 50, now=NOW).residents()]
    assert 0 < said.count(None) < 25
    for one in filter(None, said):
        taken = SetAvailability.model_validate(one.model_dump(exclude={"id", "updated_at", "version"}))
        assert Availability(id=one.id, updated_at=one.updated_at, **dict(taken)) == one


async def test_their_past_is_as_the_server_would_have_left_it(mongodb_url: str, database_name: str) -> None:
    async with world(mongodb_url, database_name) as earth:
        ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
        theirs = await kept_of(earth, await held_and_reviewed(earth, ada, bob))
        asked = Asked(people=6, gigs=0, seed=7, into_existing=True)
        await seed(earth.store, asked, now=earth.now, tell=lambda _: None)
        people = [one.user for one in Community(7, 6, now=earth.now).residents()]
        for user in people:
            assert await earth.store.users.get(user.id) == user
            swaps = (await earth.asks(user.id, "swap:list"))["items"]
            page = await earth.asks(user.id, "review:list", user_id=user.id)
            assert page["ratings"]["count"] == len(page["items"]) == len(swaps) == user.ratings.count
            assert (user.rating is None) == (not swaps)
            written = (await earth.asks(user.id, "review:written"))["items"]
            threads = (await earth.asks(user.id, "thread:list"))["items"]
            said = {one["associated_swap_request"] for one in written}
            assert said == {one["swap"] for one in threads} == {one["id"] for one in swaps}
            for swap in swaps:
                assert user.created_at.isoformat() < swap["createdAt"] and swap["updatedAt"] < earth.now.isoformat()
                assert await kept_of(earth, swap["id"]) == theirs

        async def look(ctx: Context) -> None:
            for one in await timetables(people, ctx):
                assert await next_free_at(one, ctx) == one.user.next_free_at
                assert usual_week(one, ctx.now) == one.user.week

        await earth.has_done(look)
        # And whom each of them fits is found.
        jobs = await earth.store.jobs.page(State.WAITING, "FindMatches", before=None, limit=9)
        assert {job.errand["user_id"] for job in jobs} == {user.id for user in people}
        assert min(jobs, key=lambda job: job.due_at).errand == {"user_id": people[0].id}


def test_nobody_meets_at_night_or_two_at_once() -> None:
    residents = list(Community(7, 100, now=NOW).residents())
    zones = {one.user.id: ZoneInfo(one.user.time_zone or "UTC") for one in residents}
    swaps = [meeting.swap for one in residents for meeting in one.meetings]
    for person, zone in zones.items():
        theirs = sorted((one for one in swaps if person in one.people), key=lambda one: one.scheduled_time)
        for one in theirs:
            start, end = one.scheduled_time.astimezone(zone), one.ends_at.astimezone(zone)
            assert time(8) <= start.time() and end.time() <= time(22) and start.date() == end.date()
        assert all(one.ends_at <= other.scheduled_time for one, other in pairwise(theirs))
    assert len(swaps) > 50


def test_wherever_two_live_there_is_an_hour_in_which_it_is_day_for_both() -> None:
    zones = [ZoneInfo(name) for name in sorted({city.time_zone for city in CITIES})]
    for date in (NOW, datetime(2026, 7, 1, tzinfo=UTC)):
        hours = [date.replace(hour=hour, minute=0, second=0, microsecond=0) for hour in range(24)]
        day = {zone: {at for at in hours if is_day(at, LONGEST, zone)} for zone in zones}
        assert all(day[one] & day[other] for one, other in combinations(zones, 2))


def test_more_people_change_nothing_of_what_some_had() -> None:
    some, more = (list(Community(7, people, now=NOW).residents()) for people in (15, 20))
    both = {one.user.id for one in some}
    had = [meeting.swap for one in more for meeting in one.meetings if {*meeting.swap.people} <= both]
    assert had == [meeting.swap for one in some for meeting in one.meetings]


async def held_and_reviewed(earth: World, one: str, other: str) -> str:
    """A swap that was, and what both said of it."""
    swap = await earth.agrees(one, other)
    await earth.passes(days=3, hours=2, working=False)
    for person in (one, other):
        await earth.does(person, swap, "confirm")
    for person in (one, other):
        await earth.asks(person, "review:submit", associated_swap_request=swap["id"], rating=5)
    await earth.passes(seconds=1)
    return str(swap["id"])


async def kept_of(earth: World, swap_id: str) -> list[str]:
    """All that is kept of a swap, but for what it was about, when it was, and who read it."""
    swap = await earth.store.swaps.get(swap_id)
    assert swap is not None
    thread = await earth.store.threads.get(swap.thread_id)
    members = await earth.store.memberships.of_thread(swap.thread_id)
    messages = await earth.store.messages.numbered(swap.thread_id, first=1, last=10)
    reviews = await earth.store.reviews.of_swap(swap_id)
    known = {**dict.fromkeys(swap.people, "one"), swap_id: "swap", swap.thread_id: "thread", swap.pair: "both"}
    return sorted(repr(blurred(one.row(), known)) for one in (swap, thread, *members, *messages, *reviews) if one)


def blurred(kept: Any, known: Mapping[str, str]) -> Any:
    match kept:
        case dict():
            return sorted(
                (known.get(name, name), repr(blurred(value, known)))
                for name, value in kept.items()
                if name not in THEIRS
            )
        case list() | tuple():
            return [blurred(one, known) for one in kept]
        case datetime():
            return "then"
    return known.get(kept, kept) if isinstance(kept, str) else kept


def test_nobody_says_the_same_twice(gigs: list[Gig]) -> None:
    said = {same_as(gig.created_by, gig.title, gig.description) for gig in gigs}
    assert len(said) == len(gigs) == len({gig.id for gig in gigs})
    assert len({gig.created_by for gig in gigs}) == 10


def test_most_of_it_is_published_and_nothing_is_about_to_fade(gigs: list[Gig]) -> None:
    assert {gig.status for gig in gigs} == set(Status)
    assert sum(gig.status is Status.ACTIVE for gig in gigs) > len(gigs) / 2
    for gig in gigs:
        assert NOW.replace(microsecond=0) - PUBLISHED_WITHIN <= gig.created_at <= NOW
        assert (gig.expires_at is None) == (gig.status is Status.DRAFT)
        assert gig.expires_at is None or gig.expires_at == gig.created_at + LIFE > NOW + ASKED_BEFORE
