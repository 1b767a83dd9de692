"""The demo's people and gigs: the same each time, and nothing that the handlers would not have taken."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.gigs.editing import CreateGig
from handlers.gigs.terms import require_whole
from handlers.profiles import UpdateProfile
from store.demo import words
from store.demo.community import PUBLISHED_WITHIN, Community
from store.demo.places import CITIES
from store.gigs import ASKED_BEFORE, LIFE, Gig, Status, same_as
from store.skill_directory import load_directory

NOW = datetime(2026, 11, 26, 12, 0, 0, 123456, tzinfo=UTC)
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
