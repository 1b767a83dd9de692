"""Offers and requests: made, changed by their owner alone, found by everybody, faded and renewed."""

import pytest

from tests.asks.gigs import a_gig
from tests.people import Person, key, refused

pytestmark = pytest.mark.usefixtures("unlimited")


async def test_an_offer_is_made_changed_and_deleted_by_either_door(ada: Person, bob: Person) -> None:
    made = await ada.rest("POST", "/create-gig/", a_gig(title="Guitar", offered_skills=["guitar", "Gitarre"]))
    assert (await ada.hears("gig:created"))["gig"] == made
    assert made["offered_skills"] == [{"key": "guitar", "name": "Guitar"}]
    assert (made["category"], made["status"], made["version"]) == ("music", "active", 1)
    assert made["created_by"] == ada.id and made["creator"]["name"] == "ada"

    changed = await ada.asks("gig:update", {"gig_id": made["id"], "title": "Piano", "offered_skills": ["Piano"]})
    assert (changed["title"], changed["version"], changed["description"]) == ("Piano", 2, made["description"])
    assert (await ada.hears("gig:updated"))["gig"] == changed
    seen = await bob.rest("GET", f"/gigs/{made['id']}/")
    assert seen == changed | {"counts": None}

    with refused("forbidden"):
        await bob.rest("PUT", f"/gigs/{made['id']}/", {"title": "Mine"})
    with refused("conflict"):
        await ada.rest("PUT", f"/gigs/{made['id']}/", {"title": "Older", "version": 1})
    await ada.rest("DELETE", f"/gigs/{made['id']}/")
    assert (await ada.hears("gig:deleted")) == {"gig_id": made["id"]}
    for person in (ada, bob):
        with refused("not_found"):
            await person.asks("gig:get", {"gig_id": made["id"]})
    assert (await ada.rest("GET", "/gigs/mine/"))["items"] == []


async def test_the_list_is_in_pages_the_newest_first(ada: Person, server: str) -> None:
    ids = [(await ada.asks("gig:create", {**a_gig(), "client_id": key()}))["id"] for _ in range(5)]
    nobody = Person("nobody", server, ada.http)
    found, cursor = [], ""
    while True:
        page = await nobody.rest("GET", f"/gigs/?limit=2{cursor}")
        found += [gig["id"] for gig in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == ids[::-1]
    assert "@" not in str(page)
