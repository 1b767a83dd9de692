"""Turning to strangers: few at a time while nobody answers, and never counted among people who talk with each other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from server.config import Settings
from tests.asks.swaps import a_swap_request
from tests.backstage import Backstage
from tests.conftest import serving
from tests.people import Person, Refusal, key, refused, surely
from tests.processes import Servers

pytestmark = pytest.mark.usefixtures("unlimited")
People = list[Person]
# What of somebody is of the moment.
TELLING = {"presence:changed", "thread:read", "thread:delivered", "typing:changed"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """As it is where nothing is set, with two strangers instead of five."""
    return settings.model_copy(update={"first_contacts": 2, "first_messages": 1})


@pytest.fixture
async def crowd(server: str, people: tuple[Person, Person, Person]) -> AsyncIterator[People]:
    """Ada, Bob and Eve, and two more whom nobody knows."""
    ada = people[0]
    async with AsyncExitStack() as stack:
        more = []
        for name in ("cleo", "dan"):
            more.append(await (await Person(name, server, ada.http).join()).connect())
            stack.push_async_callback(more[-1].leave)
        yield [*people, *more]


async def opens(person: Person, other: Person, **more: Any) -> dict[str, Any]:
    asked = {"participants": [other.id], "client_id": key(), **more}
    opened: dict[str, Any] = await person.asks("thread:open", asked)
    return opened


async def says(person: Person, thread: dict[str, Any], words: str = "hello") -> None:
    said = {"thread_id": thread["id"], "message_content": words, "client_id": key()}
    await person.asks("message:send", said)


async def left(person: Person) -> int:
    found = await person.asks("contact:left")
    assert await person.rest("GET", "/messages/first-contacts/") == found
    number: int = found["left"]
    return number


async def test_a_title_lets_nobody_say_more_to_strangers(crowd: People) -> None:
    ada, bob, eve, *_ = crowd
    said = {"participants": [bob.id, eve.id], "title": "Us", "client_id": key()}
    group = await ada.asks("thread:open", said)
    await says(ada, group)
    with refused("request_waiting"):
        await says(ada, group, "Well?")
    await says(bob, group)
    await says(ada, group, "Fine.")
    # Who has answered has, also once they are gone.
    await bob.asks("thread:remove", {"thread_id": group["id"], "user_id": bob.id})
    await says(ada, group, "See you.")


async def test_what_a_stranger_asks_waits_for_an_answer(crowd: People) -> None:
    ada, bob, *_ = crowd
    thread = await opens(ada, bob)
    assert thread["request"] == {"by": ada.id, "declined": False}
    await says(ada, thread)

    with refused("request_waiting"):
        await says(ada, thread, "Did you read it?")
    with refused("request_waiting"):
        await ada.rest("POST", f"/messages/{thread['id']}/", {"message_content": "Well?"})
    with refused("request_waiting"):
        await ada.asks("call:create", {"thread_id": thread["id"], "client_id": key()})
    (waiting,) = (await bob.asks("thread:list", {"requests": True}))["items"]
    assert (waiting["id"], waiting["request"]["by"]) == (thread["id"], ada.id)
    assert (await ada.asks("thread:list", {"requests": True}))["items"] == []
    with refused("invalid_transition"):
        await ada.asks("thread:accept", {"thread_id": thread["id"]})

    # To answer is to accept it, also in what else the two have.
    about = await opens(ada, bob, gig="0" * 24)
    await says(bob, thread, "Hello Ada.")
    for one in (thread, about):
        assert (await ada.asks("thread:get", {"thread_id": one["id"]}))["request"] is None
        await says(ada, one, "More")
        await says(ada, one, "and more.")
    assert (await bob.asks("thread:list", {"requests": True}))["items"] == []
    assert await left(ada) == 2


async def test_only_those_count_who_have_not_answered(crowd: People) -> None:
    ada, bob, eve, cleo, dan = crowd
    first = await opens(ada, bob)
    swap = await ada.rest("POST", "/swaps/", a_swap_request(eve))
    assert await left(ada) == 0

    with refused("first_contacts_used") as caught:
        await opens(ada, cleo)
    counted = {"used": 2, "allowed": 2, "left": 0}
    assert caught.value.problem["current"] == {**counted, "level": "newcomer", "more": ["a_day", "phone", "swap"]}
    with refused("first_contacts_used"):
        await ada.rest("POST", "/swaps/", a_swap_request(cleo, days=9))
    # Nor by a group, with somebody whom she knows or without.
    with refused("first_contacts_used"):
        await opens(ada, cleo, title="Band")
    await bob.asks("thread:accept", {"thread_id": first["id"]})
    assert await left(ada) == 1
    band = await opens(ada, bob, title="Band")
    await ada.asks("thread:add", {"thread_id": band["id"], "participants": [cleo.id]})
    with refused("first_contacts_used"):
        await ada.asks("thread:add", {"thread_id": band["id"], "participants": [dan.id]})
    await says(cleo, band)
    assert await left(ada) == 1

    # Whom she knows she may write to whatever else waits; and who writes to her first is no stranger.
    await opens(ada, dan)
    assert await left(ada) == 0
    await says(ada, first)
    await opens(ada, bob, gig="0" * 24)
    await opens(ada, cleo)
    assert await left(ada) == 0
    # No is an answer, too.
    await eve.asks("swap:update", {"swap_id": swap["id"], "action": "reject"})
    assert await left(ada) == 1


async def test_who_is_declined_hears_nothing_of_it(crowd: People) -> None:
    ada, bob, *_ = crowd
    thread = await opens(ada, bob)
    await says(ada, thread)
    await ada.hears("message:created")
    heard = len(ada.heard)

    declined = await bob.rest("POST", f"/messages/{thread['id']}/decline/")

    assert (declined["archived"], declined["request"]["declined"]) == (True, True)
    assert (
        (await bob.asks("thread:list"))["items"] == [] == (await bob.asks("thread:list", {"requests": True}))["items"]
    )
    hers = await ada.asks("thread:get", {"thread_id": thread["id"]})
    assert hers["request"] == {"by": ada.id, "declined": False} and await left(ada) == 1
    with refused("request_waiting"):
        await says(ada, thread)
    assert len(ada.heard) == heard
    # And may change their mind.
    await bob.asks("thread:accept", {"thread_id": thread["id"]})
    assert (await ada.hears("thread:updated"))["thread"]["request"] is None
    await says(ada, thread)
    assert [one["id"] for one in (await bob.asks("thread:list"))["items"]] == [thread["id"]]


def seen_of(person: Person, *others: Person) -> set[str]:
    """What somebody heard that tells of others."""
    ids = {other.id for other in others}
    told = [one["data"] for one in person.heard if one.get("type") in TELLING]
    return {data.get("user_id") or data["presence"]["user_id"] for data in told} & ids


async def moves(person: Person, *threads: dict[str, Any]) -> None:
    """Do all that others may see of somebody who reads."""
    await person.asks("presence:set", {"status": "busy"})
    for thread in threads:
        for event in ("mark:delivered", "mark:read"):
            await person.asks(event, {"thread_id": thread["id"], "up_to": 9})
        await person.asks("typing:start", {"thread_id": thread["id"]})


async def test_who_has_not_answered_is_not_seen(crowd: People) -> None:
    ada, bob, eve, *_ = crowd
    pair = await opens(ada, bob)
    # A friend of hers is not told either, of whom she added to their group.
    band = await opens(ada, eve, title="Band")
    await eve.asks("thread:accept", {"thread_id": band["id"]})
    await ada.asks("thread:add", {"thread_id": band["id"], "participants": [bob.id]})
    for thread in (pair, band):
        await says(ada, thread)
    shown = (await bob.asks("thread:get", {"thread_id": band["id"]}))["request"]
    assert shown == {"by": ada.id, "declined": False}
    # Nor is he somebody whom she knows.
    assert (await opens(eve, bob))["request"] == {"by": eve.id, "declined": False}

    await moves(bob, pair, band)
    call = await ada.asks("call:create", {"thread_id": band["id"], "client_id": key()})
    again = await ada.asks("call:ring", {"session_id": call["session_id"], "user_id": bob.id})
    await bob.asks("thread:decline", {"thread_id": pair["id"]})
    await moves(bob, pair)
    await says(eve, band)

    for person in (ada, eve):
        while (await person.hears("message:created"))["message"]["sender"] != eve.id:
            pass
        assert seen_of(person, bob) == set()
        assert (await person.asks("presence:get", {"user_ids": [bob.id]}))["items"] == []
    for thread in (pair, band):
        marks = (await ada.asks("mark:list", {"thread_id": thread["id"]}))["items"]
        his = [(one["read_up_to"], one["delivered_up_to"]) for one in marks if one["user_id"] == bob.id]
        assert his == [(0, 0)]
    for rings in (call["rings"], again["rings"]):
        assert {one["user_id"]: one["answer"] for one in rings} == {bob.id: "busy", eve.id: "ringing"}
    assert not [one for one in (await bob.asks("notification:list"))["items"] if "calls" in one["title"]]

    # To answer in one of them is to be there in all.
    await says(bob, pair, "Hello Ada.")
    await moves(bob, pair, band)
    for event in ("presence:changed", "thread:delivered", "thread:read", "typing:changed"):
        while (heard := await ada.hears(event)).get("user_id", bob.id) != bob.id:
            pass
        assert heard
    assert (await ada.asks("presence:get", {"user_ids": [bob.id]}))["items"][0]["status"] == "busy"
    rung = await ada.asks("call:ring", {"session_id": call["session_id"], "user_id": bob.id})
    assert {one["answer"] for one in rung["rings"]} == {"ringing"}


async def test_trust_and_time_give_more(crowd: People, settings: Settings, servers: Servers) -> None:
    ada, bob, eve, *_ = crowd
    for other in (bob, eve):
        await opens(ada, other)
    assert isinstance(ada.backstage, Backstage)
    async with serving(settings, servers, ahead=timedelta(days=2)) as later:
        ada.url = later
        await ada.log_in()
        found = await ada.rest("GET", "/messages/first-contacts/")
        counted = {"used": 2, "allowed": 4, "left": 2}
        assert found == {**counted, "level": "member", "more": ["phone", "swap"]}
        swap = await ada.rest("POST", "/swaps/", a_swap_request(bob, days=9))
        await ada.backstage.hold(swap["id"])
        found = await ada.rest("GET", "/messages/first-contacts/")
        assert (found["allowed"], found["level"], found["more"]) == (8, "trusted", ["phone"])
    async with serving(settings, servers, ahead=timedelta(days=15)) as later:
        ada.url = later
        await ada.log_in()
        # The first two were never answered, and nobody waits any more.
        assert (await ada.rest("GET", "/messages/first-contacts/"))["used"] == 1


async def test_many_at_the_same_moment_are_counted(crowd: People) -> None:
    ada, *others = crowd

    async def opened(other: Person) -> bool:
        try:
            await surely(ada.rest, "POST", "/messages/", {"participants": [other.id]})
        except Refusal as refusal:
            assert refusal.code == "first_contacts_used"
            return False
        return True

    assert sum(await asyncio.gather(*map(opened, others))) == 2
