"""The whole way, once: found, asked for, countered, agreed, reminded of, met, confirmed, reviewed, rewarded."""

from typing import Any

import pytest

from server.config import Settings
from store.users import Role
from tests.asks.base import backstage
from tests.asks.gigs import a_gig
from tests.asks.swaps import a_swap_request, at
from tests.calling import inside
from tests.later import later
from tests.people import Person, key, refused
from tests.processes import Servers

pytestmark = pytest.mark.usefixtures("unlimited")


async def both_hear(ada: Person, bob: Person, event: str) -> list[dict[str, Any]]:
    return [await person.hears(event) for person in (ada, bob)]


async def updated(ada: Person, bob: Person, action: str) -> dict[str, Any]:
    """What both hear of the same step of a swap."""
    mine, theirs = await both_hear(ada, bob, "swap:updated")
    assert mine == theirs
    assert mine["swap"]["history"][-1]["action"] == action
    swap: dict[str, Any] = mine["swap"]
    return swap


async def test_from_finding_somebody_to_a_badge(
    people: tuple[Person, Person, Person], settings: Settings, servers: Servers
) -> None:
    ada, bob, eve = people
    offer = a_gig(title="Conversations in French") | {"offered_skills": ["French"], "desired_skills": ["Guitar"]}
    gig = await bob.asks("gig:create", {**offer, "client_id": key()})
    (found,) = (await ada.rest("GET", "/gigs?search=french conv"))["items"]
    assert found["id"] == gig["id"]

    swap = await ada.rest("POST", "/swaps/", a_swap_request(bob, gig=gig["id"], days=2))
    for told in await both_hear(ada, bob, "swap:created"):
        assert (told["swap"]["id"], told["swap"]["turn"]) == (swap["id"], bob.id)
    this = {"swap_id": swap["id"]}
    await bob.asks("swap:counter", {**this, "slots": [at(3), at(4)]})
    countered = await updated(ada, bob, "counter")
    await ada.rest("PUT", f"/swaps/{swap['id']}/", {"action": "accept", "slot": countered["proposals"][0]})
    agreed = await updated(ada, bob, "accept")
    assert (agreed["status"], agreed["scheduled_time"]) == ("accepted", countered["proposals"][0])

    async with later(settings, servers, ada, bob, days=2.5):
        for told in await both_hear(ada, bob, "swap:reminder"):
            assert (told["swap_id"], told["before"]) == (swap["id"], "24h")

    async with later(settings, servers, ada, bob, eve, days=3.001):
        call = await ada.asks("call:create", {"swap": swap["id"], "client_id": key()})
        assert (await bob.hears("call:created"))["call"]["session_id"] == call["session_id"]
        await bob.asks("call:accept", {"session_id": call["session_id"]})
        for person in (ada, bob):
            await inside(person, call)
        assert (await ada.hears("call:peer_joined"))["session_id"] == call["session_id"]
        await ada.asks("call:end", {"session_id": call["session_id"]})
        await both_hear(ada, bob, "call:ended")
        was_there = await bob.rest("GET", f"/swaps/{swap['id']}/attendance/")
        assert await ada.asks("swap:attendance", this) == was_there
        assert ({one["user_id"] for one in was_there["people"]}, was_there["calls"]) == ({ada.id, bob.id}, 1)
        assert all(one["first_at"] for one in was_there["people"])
        # Not before it is over.
        assert was_there["hint"] == "unknown"

        await ada.asks("swap:update", {**this, "action": "confirm"})
        await updated(ada, bob, "confirm")
        await bob.rest("PUT", f"/swaps/{swap['id']}/", {"status": "completed"})
        assert (await updated(ada, bob, "confirm"))["status"] == "completed"
        for told in await both_hear(ada, bob, "achievement:awarded"):
            assert told["achievement"]["badge"] == "first_swap"

        for person, rating in ((ada, 5), (bob, 4)):
            await person.asks("review:submit", {"associated_swap_request": swap["id"], "rating": rating})
        for told in await both_hear(ada, bob, "review:published"):
            assert told["review"]["associated_swap_request"] == swap["id"]
        assert (await ada.rest("GET", f"/reviews/{bob.id}/"))["items"][0]["rating"] == 5
        # Staff sees who was in the calls of what is disputed, and of nothing else.
        await backstage(ada).promote(eve.id, Role.MODERATOR)
        with refused("not_found"):
            await eve.asks("swap:attendance", this)
        await ada.asks("swap:update", {**this, "action": "dispute", "reason": "It was somebody else."})
        await updated(ada, bob, "dispute")
        assert (await eve.asks("swap:attendance", this)) == was_there
