"""Blocking somebody: one policy at every door, and silence for the other side."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from handlers.deletion import UNDO
from server.config import Settings
from server.mail import DevelopmentOutbox
from tests.asks.gigs import a_gig
from tests.asks.swaps import a_swap_request
from tests.calling import a_call, inside, seated
from tests.conftest import serving
from tests.people import PASSWORD, Person, Refusal, key, refused
from tests.processes import Servers
from tests.stories.test_forum import begin
from tests.stories.test_leaving import rows
from tests.stories.test_search import publishes

pytestmark = pytest.mark.usefixtures("unlimited")


_days = count(3)


@dataclass
class Between:
    """What two people had before one blocked the other: a pair, a group, and what each published."""

    pair: str
    group: str
    message: dict[str, str]
    call: str
    gigs: dict[str, str]


Door = Callable[[Person, Person, Between], Awaitable[Any]]


async def acquainted(ada: Person, bob: Person) -> Between:
    pair = await ada.asks("thread:open", {"participants": [bob.id], "client_id": key()})
    group = await ada.asks("thread:open", {"participants": [bob.id], "title": "Band", "client_id": key()})
    said = {}
    for person in (ada, bob):
        said[person.id] = (await says(person, pair["id"]))["id"]
    call = await a_call(ada, bob, thread_id=pair["id"], ring=False)
    gigs = {one.id: (await one.asks("gig:create", {**a_gig(), "client_id": key()}))["id"] for one in (ada, bob)}
    return Between(pair["id"], group["id"], said, call["session_id"], gigs)


async def says(person: Person, thread_id: str, **more: Any) -> Any:
    said = {"thread_id": thread_id, "message_content": "hello", "client_id": key(), **more}
    return await person.asks("message:send", said)


async def blocks(person: Person, other: Person) -> Any:
    return await person.asks("block:add", {"user_id": other.id})


async def unblocks(person: Person, other: Person) -> None:
    await person.asks("block:remove", {"user_id": other.id})


def asking(event: str, **payload: Callable[[Person, Person, Between], Any]) -> Door:
    """A door that is opened by an event, with a payload made of who asks, the other one, and what they have."""

    async def ask(me: Person, other: Person, they: Between) -> Any:
        return await me.asks(event, {name: of(me, other, they) for name, of in payload.items()})

    return ask


def the_other(_: Person, other: Person, __: Between) -> str:
    return other.id


def anew(*_: object) -> str:
    return key()


async def joins(me: Person, other: Person, they: Between) -> None:
    await seated(me, {"session_id": they.call})


async def calls(me: Person, _: Person, they: Between) -> None:
    """Where it may, it hears which call is under way."""
    try:
        await a_call(me, thread_id=they.pair)
    except Refusal as refusal:
        if refusal.code != "conflict":
            raise


async def finds_gigs(me: Person, other: Person, they: Between) -> None:
    """Of the other's: a refusal where they are not listed, as for any other door."""
    listed = [one["id"] for one in (await me.asks("gig:list", {"limit": 100}))["items"]]
    assert they.gigs[me.id] in listed
    if they.gigs[other.id] not in listed:
        raise Refusal({"code": "unlisted"})


async def asks_for_a_swap(me: Person, other: Person, _: Between) -> None:
    # Each on a day of its own: nobody is in two places.
    await me.asks("swap:request", a_swap_request(other, days=next(_days)))


# What the blocked one hears, and what the one hears who blocked: None is success.
DOORS: dict[str, tuple[Door, str | None, str | None]] = {
    "opens a pair": (
        asking("thread:open", participants=lambda _, other, __: [other.id], gig=lambda me, _, they: they.gigs[me.id],
               client_id=anew),
        "invalid", "invalid",
    ),
    "opens a group": (
        asking("thread:open", participants=lambda _, other, __: [other.id], title=lambda *_: "Trio", client_id=anew),
        "invalid", "invalid",
    ),
    "writes": (lambda me, _, they: says(me, they.pair), "forbidden", "forbidden"),
    "writes in a group": (lambda me, _, they: says(me, they.group), None, None),
    "edits": (
        asking("message:edit", thread_id=lambda *them: them[2].pair, message_content=anew,
               message_id=lambda me, _, they: they.message[me.id]),
        "forbidden", "forbidden",
    ),
    "reacts": (
        asking("message:react", thread_id=lambda *them: them[2].pair, emoji=lambda *_: "👍",
               message_id=lambda _, other, they: they.message[other.id]),
        "forbidden", "forbidden",
    ),
    "pins": (
        asking("message:pin", thread_id=lambda *them: them[2].pair,
               message_id=lambda _, other, they: they.message[other.id]),
        "forbidden", "forbidden",
    ),
    "asks for a swap": (asks_for_a_swap, "invalid", "invalid"),
    "calls": (calls, "forbidden", "forbidden"),
    "rings": (asking("call:ring", session_id=lambda *them: them[2].call, user_id=the_other), "forbidden", "forbidden"),
    "joins": (joins, "forbidden", "forbidden"),
    "reads the profile": (asking("user:get", user_id=the_other), "not_found", None),
    "reads the reviews": (asking("review:list", user_id=the_other), "not_found", None),
    "asks for slots": (asking("slots:get", user_id=the_other), "not_found", None),
    "keeps as a favourite": (asking("favourite:add", user_id=the_other), "not_found", "forbidden"),
    "gives contact data": (
        asking("contact:share", user_id=the_other, shares=lambda *_: ["phone"]), "not_found", "forbidden",
    ),
    "opens the gig": (asking("gig:get", gig_id=lambda _, other, they: they.gigs[other.id]), "not_found", "not_found"),
    "bookmarks": (asking("gig:bookmark", gig_id=lambda _, other, they: they.gigs[other.id]), "not_found", "not_found"),
    "finds gigs": (finds_gigs, "unlisted", "unlisted"),
    "reads what was said": (asking("message:list", thread_id=lambda *them: them[2].pair), None, None),
    "marks as read": (
        asking("mark:read", thread_id=lambda *them: them[2].pair, up_to=lambda *_: 1), None, None,
    ),
}  # fmt: skip


async def refusal_of(door: Door, me: Person, other: Person, they: Between) -> Any:
    try:
        await door(me, other, they)
    except Refusal as refusal:
        return refusal.code
    return None


async def test_every_door_is_shut_in_both_directions(ada: Person, bob: Person) -> None:
    they = await acquainted(ada, bob)

    async def said() -> dict[str, tuple[Any, Any]]:
        return {
            name: (await refusal_of(door, bob, ada, they), await refusal_of(door, ada, bob, they))
            for name, (door, *_) in DOORS.items()
        }

    assert await said() == dict.fromkeys(DOORS, (None, None))
    await blocks(ada, bob)
    assert await said() == {name: (his, hers) for name, (_, his, hers) in DOORS.items()}
    await unblocks(ada, bob)
    # Who was put out of the one is welcome in the next.
    await ada.asks("call:end", {"session_id": they.call})
    they.call = (await a_call(ada, bob, thread_id=they.pair))["session_id"]
    assert await said() == dict.fromkeys(DOORS, (None, None))


async def problem(asked: Awaitable[Any]) -> dict[str, Any]:
    with pytest.raises(Refusal) as caught:
        await asked
    return {name: value for name, value in caught.value.problem.items() if name not in {"request_id", "instance"}}


async def test_who_blocked_one_is_as_who_never_was(ada: Person, bob: Person) -> None:
    they = await acquainted(ada, bob)
    await blocks(ada, bob)
    nobody = "f" * 24

    def opens(user_id: str) -> Awaitable[Any]:
        return bob.asks("thread:open", {"participants": [user_id], "client_id": key()})

    async def swaps(user_id: str) -> Any:
        return await bob.asks("swap:request", {**a_swap_request(ada), "responder": user_id})

    for ask in (opens, swaps, lambda one: bob.rest("GET", f"/users/{one}/")):
        met = str(await problem(ask(ada.id))).replace(ada.id, nobody)
        assert met == str(await problem(ask(nobody)))
    for ask in (lambda one: bob.rest("GET", f"/gigs/{one}/"), lambda one: bob.asks("gig:get", {"gig_id": one})):
        assert await problem(ask(they.gigs[ada.id])) == await problem(ask(nobody))


async def test_only_ones_own_devices_hear_of_it(
    ada: Person, bob: Person, eve: Person, settings: Settings, servers: Servers
) -> None:
    await acquainted(ada, bob)
    phone = await ada.another_device()
    before = len(bob.heard)

    first = await blocks(ada, bob)
    again = await ada.rest("PUT", f"/blocks/{bob.id}/")

    assert first == again
    assert first["person"]["id"] == bob.id
    assert (await phone.hears("block:added"))["block"] == first
    assert (await ada.rest("GET", "/blocks/"))["items"] == [first] == (await ada.asks("block:list"))["items"]
    await blocks(ada, eve)
    page = await ada.asks("block:list", {"limit": 1})
    assert [one["person"]["id"] for one in page["items"]] == [eve.id]
    page = await ada.asks("block:list", {"limit": 1, "cursor": page["next_cursor"]})
    assert ([one["person"]["id"] for one in page["items"]], page["next_cursor"]) == ([bob.id], None)
    await ada.rest("DELETE", f"/blocks/{bob.id}/")
    assert await phone.hears("block:removed") == {"user_id": bob.id}
    with refused("not_found"):
        await unblocks(ada, bob)
    with refused("invalid"):
        await blocks(ada, ada)
    # What he hears next comes after all that he might have heard: she went, as anybody goes.
    await blocks(bob, eve)
    await bob.hears("block:added")
    assert {one["type"] for one in bob.heard[before:]} <= {"presence:changed", "block:added"}
    assert len((await rows(servers, settings))["blocks"]) == 2
    await phone.leave()


async def test_nothing_of_the_moment_passes(ada: Person, bob: Person) -> None:
    they = await acquainted(ada, bob)
    await blocks(ada, bob)
    status = {"user_ids": [ada.id, bob.id]}
    for person, other in ((ada, bob), (bob, ada)):
        shown = {one["user_id"]: one for one in (await person.asks("presence:get", status))["items"]}
        assert shown[person.id]["status"] == "online"
        assert (shown[other.id]["status"], shown[other.id]["last_seen"]) == ("offline", None)
    gone = (await bob.hears("presence:changed"))["presence"]
    while gone["status"] != "offline":
        gone = (await bob.hears("presence:changed"))["presence"]
    assert gone["user_id"] == ada.id
    heard = len(bob.heard)

    for thread_id in (they.pair, they.group):
        await ada.asks("typing:start", {"thread_id": thread_id})
    await ada.asks("presence:set", {"status": "busy"})
    await ada.asks("mark:read", {"thread_id": they.pair, "up_to": 2})
    await ada.asks("mark:delivered", {"thread_id": they.pair, "up_to": 2})
    await says(ada, they.group)

    await bob.hears("message:created")
    await bob.hears("message:created")
    await bob.hears("message:created")
    assert {one["type"] for one in bob.heard[heard:]} == {"message:created"}
    marks = {one["user_id"]: one for one in (await bob.asks("mark:list", {"thread_id": they.pair}))["items"]}
    assert marks[ada.id]["read_up_to"] < 2


async def test_who_is_in_a_group_is_not_rung_by_who_is_hidden(ada: Person, bob: Person, eve: Person) -> None:
    group = await eve.asks("thread:open", {"participants": [ada.id, bob.id], "title": "Trio", "client_id": key()})
    await ada.asks("thread:accept", {"thread_id": group["id"]})
    await blocks(ada, bob)

    call = await bob.asks("call:create", {"thread_id": group["id"], "client_id": key()})

    assert {one["user_id"]: one["answer"] for one in call["rings"]} == {ada.id: "busy", eve.id: "ringing"}


async def test_what_they_had_of_each_other_is_taken_back(ada: Person, bob: Person) -> None:
    for person, other in ((ada, bob), (bob, ada)):
        await person.asks("contact:share", {"user_id": other.id, "shares": ["phone"]})
        await person.asks("favourite:add", {"user_id": other.id})

    await blocks(ada, bob)

    for person in (ada, bob):
        assert (await person.asks("contact:list"))["items"] == []
        # He took nothing back, and no log of his says that it ended, nor when.
        said = (await person.asks("consent:list"))["items"]
        assert [one["granted"] for one in said] == ([False, True] if person is ada else [True])
        assert (await person.asks("favourite:list"))["items"] == []
    await unblocks(ada, bob)
    assert (await ada.asks("favourite:list"))["items"] == []
    assert [one["id"] for one in (await bob.asks("favourite:list"))["items"]] == [ada.id]


async def test_who_is_blocked_notifies_nobody_who_blocked(ada: Person, bob: Person, eve: Person) -> None:
    discussion = (await begin(ada))["discussion"]
    await blocks(ada, bob)

    async def posts(person: Person) -> None:
        said = {"thread_id": discussion["id"], "content": "G, C and D.", "mentions": [ada.id]}
        await person.asks("post:create", {**said, "client_id": key()})

    await posts(bob)
    assert (await ada.asks("notification:list"))["items"] == []
    await posts(eve)
    told = (await ada.asks("notification:list"))["items"]
    assert {one["actor_id"] for one in told} == {eve.id}


async def test_a_call_of_two_is_over_for_both(ada: Person, bob: Person) -> None:
    they = await acquainted(ada, bob)
    for person in (ada, bob):
        await inside(person, await person.asks("call:get", {"session_id": they.call}))

    await blocks(ada, bob)

    for person in (ada, bob):
        assert (await person.hears("call:removed"))["session_id"] == they.call


async def test_a_swap_goes_no_further_and_can_be_called_off(ada: Person, bob: Person) -> None:
    swap = await bob.asks("swap:request", a_swap_request(ada, days=3))
    later = {"swap_id": swap["id"], "action": "reschedule", "scheduled_time": a_swap_request(ada)["scheduled_time"]}
    await blocks(ada, bob)

    with refused("forbidden"):
        await ada.asks("swap:update", {"swap_id": swap["id"], "action": "accept"})
    with refused("forbidden"):
        await bob.asks("swap:update", later)
    ended = await bob.asks("swap:update", {"swap_id": swap["id"], "action": "cancel"})
    assert ended["status"] == "cancelled"


async def test_no_search_finds_for_who_is_hidden(
    ada: Person, bob: Person, eve: Person, settings: Settings, servers: Servers
) -> None:
    await blocks(ada, bob)
    for person in (bob, eve):
        search = {"name": "Strings", "filters": {"search": "zither"}, "frequency": "live", "client_id": key()}
        await person.asks("search:save", search)
    hers = await publishes(ada, "Zither by Ada")
    async with serving(settings, servers, mailer=DevelopmentOutbox()):
        assert (await eve.hears("gig:matched"))["gig"]["id"] == hers
        theirs = await publishes(eve, "Zither by Eve")

        assert (await bob.hears("gig:matched"))["gig"]["id"] == theirs


async def test_who_left_takes_no_messages_in_the_same_words(
    ada: Person, bob: Person, eve: Person, settings: Settings, servers: Servers
) -> None:
    pairs = {
        one.id: await bob.asks("thread:open", {"participants": [one.id], "client_id": key()}) for one in (ada, eve)
    }
    await blocks(ada, bob)
    await eve.rest("POST", "/auth/deletion", {"current_password": PASSWORD})
    async with serving(settings, servers, mailer=DevelopmentOutbox(), ahead=UNDO + timedelta(hours=1)):
        async with asyncio.timeout(30):
            while any(one["name"] == "eve" for one in (await rows(servers, settings))["users"]):
                await asyncio.sleep(0.05)

    met = [await problem(says(bob, pairs[one.id]["id"])) for one in (ada, eve)]

    assert met[0] == met[1]
