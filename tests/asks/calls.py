"""Calls: of two people who sit in one, and of those that ring."""

from functools import partial
from typing import Any

from handlers.calls.recorder import receive_helper
from server.operation import Operation
from signaling import helper
from tests.asks.base import EVERYBODY, LEADS, TAKES_PART, Asker, Rights, backstage
from tests.calling import CANDIDATE, a_call, conversation, inside, seated, token
from tests.people import PASSWORD, Person, Refusal

MAY: Rights = {
    "call:list": EVERYBODY,
    "call:create": TAKES_PART,
    "call:get": TAKES_PART,
    # Of the server's own peer, whoever asks.
    "call:try": EVERYBODY,
    "call:consent": TAKES_PART,
    # By the recorder: what others hear, a story tells.
    "add_recording": EVERYBODY,
    # By Bob: he would ring himself.
    "call:ring": ("not_found", "invalid"),
    # Ada was rung, and called.
    **dict.fromkeys(("call:accept", "call:reject", "call:cancel"), ("not_found", "invalid_transition")),
    # Either of two may.
    "call:end": TAKES_PART,
    # By what was given to Ada.
    "call:join": ("forbidden", "forbidden"),
    "call:resume": ("not_found", "not_found"),
    # Of the seat of the connection that asks, which Bob has, too.
    **dict.fromkeys(("call:ready", "call:leave", "call:ice", "call:media"), TAKES_PART),
    **dict.fromkeys(("call:hand", "call:react", "call:report"), TAKES_PART),
    # To Bob.
    "call:signal": ("not_found", "not_found"),
    **dict.fromkeys(("call:admit", "call:deny", "call:lock", "call:mute", "call:remove", "call:transfer"), LEADS),
}

MORE: dict[str, dict[str, Any]] = {
    "call:signal": {"generation": 1, "candidates": [CANDIDATE]},
    "call:media": {"mic": True, "camera": False},
    "call:hand": {"raised": True},
    "call:react": {"emoji": "👏"},
    "call:report": {"round_trip_ms": 40},
    "call:consent": {"granted": True},
    "call:lock": {"locked": True},
}
RINGING = {"call:create", "call:ring"}
RUNG = {"call:accept", "call:reject"}
ABOUT_RECORDS = {"call:list", "call:get", "call:ring", "call:cancel", "call:join", "call:try", "call:consent"}
HELPED = {"call:try", "call:consent", "add_recording"}
A_FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of a call of Ada's that both are in; or of one that rings, where nobody is in another."""
    await nobody_calls(ada, bob)
    if row.name in RINGING:
        # Whoever is notified for the first time is counted for from then on, which is not what is asked for here.
        await a_call(ada, bob, ring=True)
        await nobody_calls(ada, bob)
    if row.name == "call:create":
        return ada, {"thread_id": await conversation(ada, bob)}
    if row.name in RUNG:
        return ada, {"session_id": (await a_call(bob, ada, ring=True))["session_id"]}
    if row.name in HELPED:
        recorder = await the_helper(ada)
        if row.name == "add_recording":
            return recorder, await a_recording(recorder, ada, bob)
    call = await a_call(ada, bob, ring=row.name == "call:cancel", lobby=row.name in {"call:admit", "call:deny"})
    known = {"session_id": call["session_id"], "user_id": bob.id, "token": await token(ada, call)}
    if row.name not in ABOUT_RECORDS:
        hers = await (seated if row.name == "call:ready" else inside)(ada, call)
        his = await inside(bob, call)
        known |= {"to": his["peer_id"], "peer_id": his["peer_id"]}
        if row.name == "call:resume":
            known |= {"peer_id": hers["peer_id"], "resume_secret": hers["resume_secret"]}
    payload = {name: value for name, value in known.items() if name in row.asked.model_fields}
    return ada, ({} if row.name in {"call:list", "call:try"} else payload) | MORE.get(row.name, {})


async def the_helper(ada: Person) -> Person:
    """The server's own peer, who was there a moment ago."""
    peer = Person(helper.NAME, ada.url, ada.http, email=helper.EMAIL)
    try:
        await peer.log_in()
    except Refusal:
        await backstage(ada).does(partial(receive_helper, PASSWORD))
        await peer.log_in()
    await (await peer.connect()).leave()
    return peer


async def a_recording(recorder: Person, ada: Person, bob: Person, **where: Any) -> dict[str, Any]:
    """What it has recorded of a call, as it was asked to."""
    call = await a_call(ada, bob, **where)
    await inside(ada, call)
    await ada.asks("call:consent", {"session_id": call["session_id"], "granted": True})
    film = await recorder.upload(A_FILM, "film.mp4")
    return {"session_id": call["session_id"], "upload_id": film["id"]}


async def nobody_calls(*people: Person) -> None:
    """End what is left of the requests before."""
    for person in people:
        for call in (await person.asks("call:list"))["items"]:
            if call["status"] != "ended":
                await person.asks("call:end", {"session_id": call["session_id"]})
