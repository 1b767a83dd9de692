"""People in calls, as tests see them: what a client does by the protocol, in one word each."""

from typing import Any

from tests.people import Person, Refusal, key

OFFER = {"type": "offer", "sdp": "v=0\r\noffer"}
ANSWER = {"type": "answer", "sdp": "v=0\r\nanswer"}
CANDIDATE = {"candidate": "candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host", "sdpMid": "0", "sdpMLineIndex": 0}


async def conversation(*people: Person) -> str:
    """A group of these people, who know each other; its id."""
    others = [person.id for person in people[1:]]
    group = await people[0].asks("thread:open", {"participants": others, "title": "Guitar", "client_id": key()})
    found: str = group["id"]
    for person in people[1:]:
        try:
            await person.rest("POST", f"/messages/{found}/accept/", {})
        except Refusal as refusal:
            # They knew each other before.
            if refusal.code != "invalid_transition":
                raise
    return found


async def a_call(*people: Person, thread_id: str | None = None, **more: Any) -> dict[str, Any]:
    """A call by the first of them; nobody is rung unless it is asked for."""
    thread_id = thread_id or await conversation(*people)
    asked = {"thread_id": thread_id, "ring": False, "client_id": key(), **more}
    call: dict[str, Any] = await people[0].asks("call:create", asked)
    return call


async def seated(person: Person, call: dict[str, Any]) -> dict[str, Any]:
    """Take a seat, by a token that is asked for; the seat."""
    joining = {"session_id": call["session_id"], "token": await token(person, call)}
    seat: dict[str, Any] = await person.asks("call:join", joining)
    return seat


async def token(person: Person, call: dict[str, Any]) -> str:
    """What somebody joins a call with."""
    details = await person.asks("call:get", {"session_id": call["session_id"]})
    found: str = details["token_details"]["token"]
    return found


async def inside(person: Person, call: dict[str, Any]) -> dict[str, Any]:
    """Take a seat and say that one hears; the seat, and the room as `room`."""
    seat = await seated(person, call)
    return seat | {"room": await ready(person, call)}


async def ready(person: Person, call: dict[str, Any]) -> dict[str, Any]:
    """Say that one hears; the room."""
    room: dict[str, Any] = await person.asks("call:ready", {"session_id": call["session_id"]})
    return room


async def says(person: Person, call: dict[str, Any], to: dict[str, Any], generation: int = 1, **what: Any) -> Any:
    """Say something to another peer."""
    word = {"session_id": call["session_id"], "to": to["peer_id"], "generation": generation, **what}
    return await person.asks("call:signal", word)
