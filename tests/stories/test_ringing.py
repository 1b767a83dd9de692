"""Who is rung, on how many devices of how many servers, and that it ends once and for all of them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from handlers import calls
from server.config import Settings
from server.core import Core, make_core, utc_now
from server.embedded import Endpoints
from tests.asks.swaps import a_swap_request
from tests.backstage import worked
from tests.calling import a_call, conversation, inside, seated, token
from tests.conftest import serving
from tests.people import Person, Refusal, key, refused
from tests.processes import Servers


@pytest.fixture
async def later(settings: Settings, servers: Servers, server: str) -> AsyncIterator[Core]:
    """Another process of the same server, a minute ahead."""
    endpoints = Endpoints(servers.mongodb_url, servers.redis_url)
    core = make_core(settings, endpoints, clock=lambda: utc_now() + timedelta(minutes=1))
    await core.start(lambda _audience, _event: None, lambda _audience, _position: None)
    yield core
    await core.stop()


@pytest.fixture
async def devices(bob: Person, other_server: str) -> AsyncIterator[list[Person]]:
    """Three of Bob's, on two servers."""
    phone = await bob.another_device()
    tablet = await bob.signed_in_again()
    await tablet.connect(url=other_server)
    yield [bob, phone, tablet]
    for device in (phone, tablet):
        await device.leave()


async def ring(person: Person, call: dict[str, Any]) -> dict[str, Any]:
    """Of a person's next word of a call: how it rings for Bob."""
    async with asyncio.timeout(30):
        while (heard := (await person.hears("call:updated"))["call"])["session_id"] != call["session_id"]:
            pass
    answer: dict[str, Any] = heard["rings"][0]
    return answer


async def after_all_that(*people: Person, by: Person, thread_id: str) -> None:
    """Wait until everybody has heard whatever was told before now."""
    said = await by.asks("message:send", {"thread_id": thread_id, "message_content": "so", "client_id": key()})
    for person in people:
        while (await person.hears("message:created"))["message"]["id"] != said["id"]:
            pass


async def test_answered_on_one_of_three_devices_it_rings_on_none(
    ada: Person, devices: list[Person], later: Core
) -> None:
    bob, phone, tablet = devices
    call = await a_call(ada, bob, ring=True)
    for device in devices:
        assert (await device.hears("call:created"))["call"]["rings"][0]["answer"] == "ringing"
        assert (await device.hears("notification:created"))["notification"]["title"] == "ada calls"

    accepted = await phone.asks("call:accept", {"session_id": call["session_id"]})

    assert accepted["token_details"]["token"]
    for device in devices:
        assert (await ring(device, call))["answer"] == "accepted"
        assert await device.hears("notification:read")
    for device in (bob, tablet):
        with refused("conflict"):
            await device.asks("call:accept", {"session_id": call["session_id"]})
    # Nor is it ever missed, by whatever process looks when its time is over.
    await worked(later, partial(calls.time_out, call["session_id"]))
    await after_all_that(*devices, by=ada, thread_id=call["thread_id"])
    assert all(person.hears_nothing_of("call:missed") for person in (ada, *devices))
    assert (await bob.asks("call:get", {"session_id": call["session_id"]}))["rings"][0]["answer"] == "accepted"


async def test_what_nobody_answers_is_missed_once_on_every_device(
    ada: Person, devices: list[Person], later: Core
) -> None:
    bob = devices[0]
    call = await a_call(ada, bob, ring=True)
    hers = await token(ada, call)
    # Whoever finds it: all at once, and again.
    for _ in range(2):
        looks = [worked(later, partial(calls.time_out, call["session_id"])) for _ in range(5)]
        done = await asyncio.gather(*looks, return_exceptions=True)
        assert any(one is None for one in done)
    await after_all_that(ada, *devices, by=ada, thread_id=call["thread_id"])

    for person in (ada, *devices):
        missed = await person.hears("call:missed")
        assert (missed["user_id"], missed["caller_id"]) == (bob.id, ada.id)
        assert person.hears_nothing_of("call:missed")
        assert (await person.hears("call:ended"))["call"]["end_reason"] == "missed"
    listed = (await bob.asks("notification:list", {"unread": True}))["items"]
    assert [one["title"] for one in listed] == ["ada called, and you missed it"]
    for asked in ("call:accept", "call:join"):
        with refused("call_ended"):
            more = {"token": hers} if asked == "call:join" else {}
            await (ada if more else bob).asks(asked, {"session_id": call["session_id"], **more})


async def test_who_is_early_does_not_end_what_is_planned(ada: Person, bob: Person, later: Core) -> None:
    """Neither by ringing somebody in vain nor by leaving again."""
    call = await a_call(ada, bob, opens_at=(utc_now() + timedelta(days=1)).isoformat())
    where = {"session_id": call["session_id"]}
    await inside(ada, call)
    for _ in range(2):
        await ada.asks("call:ring", {**where, "user_id": bob.id})
        await worked(later, partial(calls.time_out, call["session_id"]))
        await bob.hears("call:missed")
    await ada.asks("call:ring", {**where, "user_id": bob.id})
    await ada.asks("call:cancel", where)
    await ada.asks("call:leave", where)
    await worked(later, partial(calls.look_after, call["session_id"]))
    again = await inside(ada, call)
    assert again["room"]["peers"] == []
    seen = await bob.asks("call:get", where)
    assert (seen["status"], seen["rings"][0]["answer"]) == ("open", "cancelled")
    await ada.asks("call:end", where)


async def test_a_ring_ends_by_itself(ada: Person, bob: Person) -> None:
    """By the server's own look, nobody asking for it."""
    call = await a_call(ada, bob, ring=True)
    assert (await bob.hears("call:missed", within=20))["session_id"] == call["session_id"]


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """With a ring of two seconds, for the test that waits for it."""
    shortened = {"call_ring_seconds": 2} if "by_itself" in request.node.name else {}
    return settings.model_copy(update=shortened)


async def test_a_call_is_refused_on_all_devices(ada: Person, devices: list[Person]) -> None:
    bob, _, tablet = devices
    call = await a_call(ada, bob, ring=True)
    await tablet.rest("POST", f"/video-calls/{call['session_id']}/reject/")
    for person in (ada, *devices):
        over = (await person.hears("call:ended"))["call"]
        assert (over["end_reason"], over["rings"][0]["answer"]) == ("rejected", "rejected")
    assert all(person.hears_nothing_of("call:missed") for person in (ada, *devices))


async def test_who_called_may_give_up(ada: Person, bob: Person) -> None:
    call = await a_call(ada, bob, ring=True)
    with refused("invalid_transition"):
        await bob.asks("call:cancel", {"session_id": call["session_id"]})
    await inside(ada, call)
    await ada.asks("call:cancel", {"session_id": call["session_id"]})
    over = (await bob.hears("call:ended"))["call"]
    assert (over["end_reason"], over["rings"][0]["answer"]) == ("cancelled", "cancelled")
    with refused("call_ended"):
        await bob.asks("call:accept", {"session_id": call["session_id"]})


async def test_who_is_in_another_call_is_busy(ada: Person, bob: Person, eve: Person) -> None:
    others = [await a_call(eve, bob) for _ in range(3)]
    # In two of them he is alone, and does not hide that she is in the third.
    for person, other in zip((bob, bob, eve), others, strict=True):
        await inside(person, other)
    call = await a_call(ada, bob, eve, ring=True)
    assert (call["status"], call["end_reason"]) == ("ended", "busy")
    assert [one["answer"] for one in call["rings"]] == ["busy", "busy"]
    for other in others[:2]:
        await bob.asks("call:leave", {"session_id": other["session_id"]})
    assert (await a_call(ada, bob, ring=True))["status"] == "ringing"


async def test_of_several_the_others_ring_on(ada: Person, bob: Person, eve: Person) -> None:
    call = await a_call(ada, bob, eve, ring=True)
    await bob.asks("call:reject", {"session_id": call["session_id"]})
    (room,) = [await eve.asks("call:get", {"session_id": call["session_id"]})]
    assert (room["status"], [one["answer"] for one in room["rings"]]) == ("ringing", ["rejected", "ringing"])
    # Who comes in has answered, by whatever way.
    await inside(eve, call)
    again = await ada.asks("call:ring", {"session_id": call["session_id"], "user_id": bob.id})
    assert {one["user_id"]: one["answer"] for one in again["rings"]} == {bob.id: "ringing", eve.id: "accepted"}
    with refused("invalid"):
        await ada.asks("call:ring", {"session_id": call["session_id"], "user_id": "f" * 24})


async def test_it_rings_for_who_is_of_the_conversation_now(ada: Person, bob: Person, eve: Person) -> None:
    call = await a_call(ada, bob)
    apart = await conversation(ada, eve)
    people = f"/messages/{call['thread_id']}/people/"
    ring_her = {"session_id": call["session_id"], "user_id": eve.id}
    with refused("invalid"):
        await ada.asks("call:ring", ring_her)
    await ada.rest("POST", people, {"participants": [eve.id]})
    await ada.asks("call:ring", ring_her)
    assert (await ring(eve, call))["answer"] == "ringing"
    assert (await eve.asks("call:list"))["items"][0]["session_id"] == call["session_id"]

    await ada.rest("DELETE", f"{people}{eve.id}/")
    with refused("invalid"):
        await ada.asks("call:ring", ring_her)
    await ada.asks("call:ring", {**ring_her, "user_id": bob.id})
    await after_all_that(eve, by=ada, thread_id=apart)
    assert eve.hears_nothing_of("call:updated")
    # It is none of hers while it is open; that she was rung for it she finds once it is over.
    assert (await eve.asks("call:list"))["items"] == []
    await ada.asks("call:end", {"session_id": call["session_id"]})
    assert [one["session_id"] for one in (await eve.asks("call:list"))["items"]] == [call["session_id"]]


@pytest.mark.usefixtures("unlimited")
async def test_of_two_devices_that_answer_at_once_one_does(ada: Person, devices: list[Person]) -> None:
    for _ in range(10):
        call = await a_call(ada, devices[0], ring=True)
        answers = await asyncio.gather(
            *(device.ack("call:accept", {"session_id": call["session_id"]}) for device in devices)
        )
        assert sorted(answer["ok"] for answer in answers) == [False, False, True]
        assert {answer["error"]["code"] for answer in answers if not answer["ok"]} == {"conflict"}


@pytest.mark.usefixtures("unlimited")
async def test_of_two_people_who_call_each_other_at_once_one_does(ada: Person, bob_elsewhere: Person) -> None:
    bob = bob_elsewhere
    for _ in range(5):
        thread_id = await conversation(ada, bob)
        answers = await asyncio.gather(
            *(person.ack("call:create", {"thread_id": thread_id, "client_id": key()}) for person in (ada, bob))
        )
        won, lost = sorted(answers, key=lambda answer: not answer["ok"])
        assert lost["error"]["code"] == "conflict"
        assert lost["error"]["current"]["session_id"] == won["data"]["session_id"]


async def test_a_swap_has_a_call_once_it_is_accepted(
    ada: Person, bob: Person, eve: Person, settings: Settings, servers: Servers
) -> None:
    swap = await ada.asks("swap:request", a_swap_request(bob))
    planned = {"swap": swap["id"], "ring": False}
    with refused("invalid_transition"):
        await ada.rest("POST", "/video-calls/", planned)
    await bob.asks("swap:update", {"swap_id": swap["id"], "action": "accept"})
    with refused("not_found"):
        await eve.rest("POST", "/video-calls/", planned)
    call = await ada.rest("POST", "/video-calls/", planned)
    assert (call["swap"], call["thread_id"]) == (swap["id"], swap["thread_id"])
    assert call["session_duration"] == swap["duration_minutes"] * 60
    with pytest.raises(Refusal) as caught:
        await bob.rest("POST", "/video-calls/", planned)
    assert caught.value.problem["current"]["session_id"] == call["session_id"]
    # It opens a quarter of an hour before; to its host at any time.
    with refused("invalid_transition"):
        await seated(bob, call)
    await seated(ada, call)
    listed = await bob.rest("GET", f"/video-calls/?swap={swap['id']}")
    assert [one["session_id"] for one in listed["items"]] == [call["session_id"]]
    assert (await eve.rest("GET", "/video-calls/"))["items"] == []
    opens = datetime.fromisoformat(call["opens_at"])
    assert datetime.fromisoformat(swap["scheduled_time"]) - opens == timedelta(minutes=15)
    async with serving(settings, servers, ahead=opens - utc_now()) as then:
        his = Person("bob", then, bob.http, email=bob.email)
        await his.log_in()
        await seated(await his.connect(), call)
        await his.leave()
