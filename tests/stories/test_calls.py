"""Calls from the ring to the end, over real sockets, two servers and both doors."""

import pytest

from server.config import Settings
from tests.asks.calls import a_recording, the_helper
from tests.asks.swaps import a_swap_request
from tests.backstage import Backstage
from tests.calling import ANSWER, CANDIDATE, OFFER, a_call, conversation, inside, ready, says, seated
from tests.people import Person, key, refused
from tests.processes import Servers


async def test_two_people_call_each_other(ada: Person, bob_elsewhere: Person) -> None:
    bob = bob_elsewhere
    thread_id = await conversation(ada, bob)
    (before,) = (await bob.asks("presence:get", {"user_ids": [ada.id]}))["items"]
    assert (before["status"], before["in_call"]) == ("online", False)
    call = await ada.rest("POST", "/video-calls/", {"thread_id": thread_id})
    hers = await inside(ada, call)

    rung = (await bob.hears("call:created"))["call"]
    assert (await bob.hears("presence:changed"))["presence"]["in_call"] is True
    (now,) = (await bob.rest("GET", f"/presence/?user_ids={ada.id}"))["items"]
    assert now["in_call"] is True
    assert (rung["session_id"], rung["status"], rung["token_details"]) == (call["session_id"], "ringing", None)
    assert [(ring["user_id"], ring["answer"]) for ring in rung["rings"]] == [(bob.id, "ringing")]
    accepted = await bob.asks("call:accept", {"session_id": call["session_id"]})
    assert accepted["token_details"]["permissions"] == "guest"
    seat = {"session_id": call["session_id"], "token": accepted["token_details"]["token"]}
    his = await bob.asks("call:join", seat)
    room = await ready(bob, call)

    assert (room["state"], room["host"]) == ("in", ada.id)
    assert [peer["peer_id"] for peer in room["peers"]] == [hers["peer_id"]] == room["polite_to"]
    assert (await ada.hears("call:peer_joined"))["peer"]["peer_id"] == his["peer_id"]
    await says(bob, call, hers, description=OFFER)
    heard = (await ada.hears("call:signal"))["signal"]
    assert (heard["from"], heard["description"]["sdp"], heard["n"]) == (his["peer_id"], OFFER["sdp"], 1)
    await says(ada, call, his, description=ANSWER)
    await says(ada, call, his, candidates=[CANDIDATE], end_of_candidates=True)
    assert (await bob.hears("call:signal"))["signal"]["description"]["type"] == "answer"
    assert (await bob.hears("call:signal"))["signal"]["candidates"][0]["candidate"] == CANDIDATE["candidate"]

    await bob.asks("call:leave", {"session_id": call["session_id"]})
    for person in (ada, bob):
        over = (await person.hears("call:ended"))["call"]
        assert (over["status"], over["end_reason"], over["token_details"]) == ("ended", "hung_up", None)
    assert (await bob.hears("presence:changed"))["presence"]["in_call"] is False
    details = await ada.rest("GET", f"/video-calls/{call['session_id']}/")
    assert {span["user_id"] for span in details["attendance"]} == {ada.id, bob.id}
    assert all(span["left_at"] for span in details["attendance"])
    assert details["session_duration"] is not None and details["timestamps"]["started"]
    with refused("not_found"):
        await says(ada, call, his, description=OFFER, generation=2)


async def test_a_stranger_knows_of_no_call(ada: Person, bob: Person, eve: Person) -> None:
    call = await a_call(ada, bob)
    his = await inside(bob, call)
    token = (await ada.asks("call:get", {"session_id": call["session_id"]}))["token_details"]["token"]
    with refused("not_found"):
        await eve.rest("GET", f"/video-calls/{call['session_id']}/")
    with refused("not_found"):
        await eve.asks("call:create", {"thread_id": call["thread_id"], "client_id": key()})
    with refused("forbidden"):
        await eve.asks("call:join", {"session_id": call["session_id"], "token": token})
    with refused("forbidden"):
        forged = token.replace(ada.id, eve.id)
        await eve.asks("call:join", {"session_id": call["session_id"], "token": forged})
    with refused("not_found"):
        await says(eve, call, his, description=OFFER)
    assert bob.hears_nothing_of("call:signal")


async def test_one_call_at_a_time_in_a_conversation(ada: Person, bob: Person) -> None:
    thread_id = await conversation(ada, bob)
    asked = {"thread_id": thread_id, "client_id": key()}
    call = await ada.asks("call:create", asked)
    again = await ada.ack("call:create", asked)
    assert again["duplicate"] and again["data"]["session_id"] == call["session_id"]
    answer = await bob.ack("call:create", {"thread_id": thread_id, "client_id": key()})
    assert answer["error"]["code"] == "conflict"
    assert answer["error"]["current"]["session_id"] == call["session_id"]
    # A planned one stands beside it.
    planned = {"thread_id": thread_id, "client_id": key(), "opens_at": "2999-01-01T00:00:00Z"}
    with refused("invalid"):
        await ada.asks("call:create", planned)


async def test_a_line_outlasts_its_calls(ada: Person, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is called often and hears that a call is over has nothing to leave, and can be called again."""
    monkeypatch.setattr("server.gateway.MOST_WATCHED", 2)
    thread_id = await conversation(ada, bob)
    for _ in range(3):
        call = await a_call(ada, bob, thread_id=thread_id)
        await seated(bob, call)
        await ada.asks("call:end", {"session_id": call["session_id"]})
    one, other = await a_call(ada, bob, thread_id=thread_id), await a_call(ada, bob)
    hers = [await inside(ada, call) for call in (one, other)]
    for call, seat in zip((one, other), hers, strict=True):
        his = await inside(bob, call)
        # What is not over is heard on.
        await says(bob, call, seat, description=OFFER)
        assert (await ada.hears("call:signal"))["signal"]["from"] == his["peer_id"]
    await says(ada, one, {"peer_id": (await ready(bob, one))["peer_id"]}, generation=2, description=OFFER)
    assert (await bob.hears("call:signal"))["signal"]["session_id"] == one["session_id"]


@pytest.mark.usefixtures("unlimited")
async def test_what_is_said_before_one_hears_is_told_then(ada: Person, bob: Person) -> None:
    call = await a_call(ada, bob)
    hers = await seated(ada, call)
    his = await inside(bob, call)
    # She has a seat and does not hear yet; nobody is told of her, but who knows her seat may speak to it.
    assert his["room"]["peers"] == []
    await says(bob, call, hers, candidates=[CANDIDATE])
    await says(bob, call, hers, description=OFFER)
    assert ada.hears_nothing_of("call:signal")
    room = await ready(ada, call)
    told = [(one["n"], one["description"] is not None, len(one["candidates"])) for one in room["signals"]]
    # The candidate came before its description, and follows it.
    assert told == [(1, True, 0), (2, False, 1)]
    await says(ada, call, his, description=ANSWER)
    assert (await ready(ada, call))["signals"] == []


async def test_a_recording_that_comes_after_somebody_had_it_deleted_is_not_kept(
    ada: Person, bob: Person, eve: Person, settings: Settings, servers: Servers
) -> None:
    """Such as by a recorder that was away, and finds it on its disk. Who was in the call may, wherever they are."""
    ada.backstage = Backstage(settings, servers)
    recorder = await the_helper(ada)
    film = await a_recording(recorder, ada, bob)
    where = {"session_id": film.pop("session_id")}
    recordings = f"/video-calls/{where['session_id']}/recordings/"
    # Also where the answer to the first was lost.
    for _ in range(2):
        kept = await recorder.rest("POST", recordings, film)
        assert kept["recording"]["files"] == [film["upload_id"]]
    await ada.asks("call:end", where)
    people = f"/messages/{kept['thread_id']}/people/"
    await ada.rest("DELETE", f"{people}{bob.id}/")
    await ada.rest("POST", people, {"participants": [eve.id]})
    with refused("not_found"):
        await eve.asks("call:consent", {**where, "granted": False})
    gone = await bob.asks("call:consent", {**where, "granted": False})
    with refused("not_found"):
        await recorder.rest("POST", recordings, film)
    assert gone["recording"]["files"] == (await ada.asks("call:get", where))["recording"]["files"] == []


async def test_a_swap_shows_what_was_recorded_of_it(
    ada: Person, bob: Person, settings: Settings, servers: Servers
) -> None:
    ada.backstage = Backstage(settings, servers)
    swap = await ada.asks("swap:request", a_swap_request(bob))
    assert (await bob.rest("GET", f"/swaps/{swap['id']}/"))["recordings"] == []
    await bob.asks("swap:update", {"swap_id": swap["id"], "action": "accept"})
    recorder = await the_helper(ada)
    film = await a_recording(recorder, ada, bob, thread_id=swap["thread_id"])
    where = {"session_id": film.pop("session_id")}
    await recorder.rest("POST", f"/video-calls/{where['session_id']}/recordings/", film)
    await ada.asks("call:end", where)

    (told,) = (await bob.rest("GET", f"/swaps/{swap['id']}/"))["recordings"]
    assert (await ada.asks("swap:get", {"swap_id": swap["id"]}))["recordings"] == [told]
    assert told.items() >= {**where, "started": None, "name": "film.mp4"}.items()
    assert told.items() >= (await bob.rest("GET", f"/uploads/{film['upload_id']}/about/")).items()

    await ada.asks("call:consent", {**where, "granted": False})
    assert (await bob.rest("GET", f"/swaps/{swap['id']}/"))["recordings"] == []
