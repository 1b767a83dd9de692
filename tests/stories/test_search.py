"""Finding offers and requests: by words however they are written, by place and kind, in the order that is asked for."""

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.asks.gigs import a_gig
from tests.people import Person, key, refused

pytestmark = pytest.mark.usefixtures("unlimited")
BERLIN = {"label": "Berlin", "point": {"type": "Point", "coordinates": [13.4, 52.5]}}
POTSDAM = {"label": "Potsdam", "point": {"type": "Point", "coordinates": [13.1, 52.4]}}


async def publishes(person: Person, title: str, **more: Any) -> str:
    """Make an offer; its id."""
    said = a_gig(title=title, client_id=key()) | {"description": "Whenever you like.", **more}
    gig_id: str = (await person.asks("gig:create", said))["id"]
    return gig_id


async def finds(person: Person, **asked: Any) -> list[str]:
    """What is found, by both doors alike."""
    by_rest = await person.rest("GET", f"/gigs?{urlencode(asked)}")
    assert await person.asks("gig:list", asked) == by_rest
    return [gig["id"] for gig in by_rest["items"]]


async def test_words_find_whatever_their_case_accents_and_endings(ada: Person, bob: Person) -> None:
    lesson = await publishes(ada, "Café conversations and lessons")
    other = await publishes(ada, "Chess openings")

    for search in ("cafe", "CAFÉ", "Lesson", "conversation", "lessons café"):
        assert await finds(bob, search=search) == [lesson], search
    assert await finds(bob, search="conv") == [lesson]
    assert await finds(bob, search="open") == [other]
    # Only the last word may be a beginning, and all have to be there.
    assert await finds(bob, search="conv cafe") == []
    assert await finds(bob, search="chess lesson") == []
    assert await finds(bob, search="") == [other, lesson]


async def test_a_skill_is_found_by_each_of_its_names(ada: Person, bob: Person) -> None:
    script = await publishes(ada, "For the web", offered_skills=["JavaScript"], desired_skills=["Yoga"])
    plus = await publishes(ada, "For machines", offered_skills=["C++"], desired_skills=["Yoga"])

    for search in ("js", "JavaScript", "ecmascript", "java script"):
        assert await finds(bob, search=search) == [script], search
    assert await finds(bob, search="c++") == [plus]
    assert await finds(bob, skill="js") == [script]
    assert await finds(bob, offered_skill="yoga") == []
    assert await finds(bob, desired_skill="yoga") == [plus, script]


async def test_a_title_says_more_than_a_tag_and_a_tag_more_than_a_description(ada: Person, bob: Person) -> None:
    title = await publishes(ada, "Baking bread")
    described = await publishes(ada, "Kitchen", description="We bake bread.")
    tagged = await publishes(ada, "Oven", tags=["bread"])

    assert await finds(bob, search="bread") == [title, tagged, described]
    assert await finds(bob, search="bread", sort="newest") == [tagged, described, title]


async def test_near_and_nearer(ada: Person, bob: Person) -> None:
    far = await publishes(ada, "In Potsdam", mode="offline", location=POTSDAM)
    near = await publishes(ada, "In Berlin", mode="both", location=BERLIN)
    online = await publishes(ada, "Anywhere")
    nearer = await publishes(ada, "In Berlin, too", mode="offline", location=BERLIN)
    here = {"lat": 52.4, "lon": 13.0}

    assert await finds(bob, **here, sort="distance", radius_km=50) == [far, nearer, near]
    assert await finds(bob, **here, radius_km=10) == [far]
    assert await finds(bob, mode="online") == [online, near]
    # A box, as a part of a map that somebody looks at; an edge belongs to it.
    assert await finds(bob, box="13.0,52.0,13.1,52.4") == [far]
    assert await finds(bob, box="13.4,52.5,-170,80", kind="offer") == [nearer, near]
    for box in ("13,53,14,52", "13,52,14", "181,0,0,1", "a,b,c,d"):
        with refused("invalid"):
            await finds(bob, box=box)
    # How far it is, is told where somebody said from where, and to the position that is kept.
    away = (await bob.asks("gig:list", {**here, "sort": "distance", "radius_km": 50}))["items"]
    assert [gig["distance_km"] for gig in away] == [6.8, 29.3, 29.3]
    assert (await bob.asks("gig:get", {"gig_id": far}))["distance_km"] is None
    # By what the place is called, however it is written.
    assert await finds(bob, location="POTSDÀM") == [far]
    assert await finds(bob, location="berlin", mode="online") == [near]
    assert await finds(bob, location="Berlin, Potsdam") == []
    told = await publishes(ada, "Swimming", mode="offline", location=BERLIN | {"label": "Berlin, Müggelsee"})
    assert await finds(bob, search="swimming muggel") == await finds(bob, location="Müggelsee") == [told]
    with refused("invalid"):
        await finds(bob, sort="distance")
    with refused("invalid"):
        await finds(bob, lat=52.4)


async def test_pages_hold_while_others_publish(ada: Person, bob: Person) -> None:
    kept = [await publishes(ada, f"Guitar {number}") for number in range(5)]
    first = await bob.asks("gig:list", {"search": "guitar", "limit": 2})
    await publishes(ada, "Guitar late")
    second = await bob.asks("gig:list", {"search": "guitar", "limit": 9, "cursor": first["next_cursor"]})

    assert [gig["id"] for gig in first["items"] + second["items"]] == kept[::-1]
    with refused("invalid"):
        await bob.asks("gig:list", {"search": "guitar", "cursor": "a,b"})


async def test_what_is_not_published_is_not_found(ada: Person, bob: Person) -> None:
    gig_id = await publishes(ada, "Juggling")
    assert await finds(bob, search="juggling") == [gig_id]
    await ada.asks("gig:pause", {"gig_id": gig_id})
    assert await finds(bob, search="juggling") == []
    await ada.asks("gig:resume", {"gig_id": gig_id})
    await ada.asks("gig:update", {"gig_id": gig_id, "title": "Balancing"})
    assert await finds(bob, search="juggling") == []
    assert await finds(bob, search="balancing") == [gig_id]
    await ada.asks("gig:delete", {"gig_id": gig_id})
    assert await finds(bob, search="balancing") == []


async def test_what_may_be_chosen_next_is_counted(ada: Person, bob: Person) -> None:
    first = {"offered_skills": ["Gitarre", "Zauberei für Igel"], "tags": ["Rock", "blues"], "languages": ["de", "en"]}
    gig_id = await publishes(ada, "Guitar", mode="both", location=BERLIN, **first)
    await publishes(ada, "More guitar", kind="request", level="beginner", category="music", tags=["rock"])

    facets = await bob.rest("GET", "/gigs/facets/?search=guitar")
    assert facets == await bob.asks("gig:facets", {"search": "guitar"})
    assert (facets["total"], facets["exact"]) == (2, True)
    assert facets["category"] == [{"value": "music", "count": 2}]
    assert {one["value"]: one["count"] for one in facets["mode"]} == {"online": 2, "offline": 1, "both": 1}
    assert {one["value"]: one["count"] for one in facets["kind"]} == {"offer": 1, "request": 1}
    assert {one["value"]: one["count"] for one in facets["language"]} == {"de": 1, "en": 1}
    assert {one["value"]: one["count"] for one in facets["tags"]} == {"rock": 2, "blues": 1}
    skills = {one["value"]: one["count"] for one in facets["skill"]}
    assert skills == {"Guitar": 2, "German": 2, "zauberei fur igel": 1}
    # What is counted is what is found by it.
    for skill, count in skills.items():
        assert len(await finds(bob, skill=skill)) == count
    assert await finds(bob, skill="zauberei fur igel") == [gig_id]
    # Whom somebody blocked is no part of what they choose from.
    await bob.asks("block:add", {"user_id": ada.id})
    assert (await bob.asks("gig:facets", {"search": "guitar"}))["total"] == 0


@pytest.mark.parametrize("asked", [{"search": {"$ne": 1}}, {"category": {"$gt": ""}}, {"tags": [{"$regex": "."}]}])
async def test_nobody_asks_the_database_themselves(ada: Person, asked: dict[str, Any]) -> None:
    with refused("invalid"):
        await ada.asks("gig:list", asked)


async def test_signs_that_mean_something_elsewhere_are_signs(ada: Person, bob: Person) -> None:
    gig_id = await publishes(ada, "Regular expressions .* [a-z]+$")
    for search in (".*", "$where", "(", "[a-z]", "\\"):
        assert set(await finds(bob, search=search)) <= {gig_id}
    with refused("invalid"):
        await bob.asks("gig:list", {"search": "a" * 101})
