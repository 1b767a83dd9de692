"""Calls: of two people who sit in one, and of those that ring."""

from typing import Any

from server.operation import Operation
from tests.asks.base import EVERYBODY, LEADS, TAKES_PART, Asker, Rights
from tests.calling import CANDIDATE, a_call, conversation, inside, seated, token
from tests.people import Person

MAY: Rights = {
    "call:list": EVERYBODY,
    "call:create": TAKES_PART,
    "call:get": TAKES_PART,
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
    "call:lock": {"locked": True},
}
RINGING = {"call:create", "call:ring"}
RUNG = {"call:accept", "call:reject"}
ABOUT_RECORDS = {"call:list", "call:get", "call:ring", "call:cancel", "call:join"}


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
    call = await a_call(ada, bob, ring=row.name == "call:cancel", lobby=row.name in {"call:admit", "call:deny"})
    known = {"session_id": call["session_id"], "user_id": bob.id, "token": await token(ada, call)}
    if row.name not in ABOUT_RECORDS:
        hers = await (seated if row.name == "call:ready" else inside)(ada, call)
        his = await inside(bob, call)
        known |= {"to": his["peer_id"], "peer_id": his["peer_id"]}
        if row.name == "call:resume":
            known |= {"peer_id": hers["peer_id"], "resume_secret": hers["resume_secret"]}
    payload = {name: value for name, value in known.items() if name in row.asked.model_fields}
    return ada, ({} if row.name == "call:list" else payload) | MORE.get(row.name, {})


async def nobody_calls(*people: Person) -> None:
    """End what is left of the requests before."""
    for person in people:
        for call in (await person.asks("call:list"))["items"]:
            if call["status"] != "ended":
                await person.asks("call:end", {"session_id": call["session_id"]})
