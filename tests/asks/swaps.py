"""Swaps, which Ada asks of Bob."""

from datetime import UTC, datetime, timedelta
from typing import Any

from server.operation import Operation
from tests.asks.base import EVERYBODY, TAKES_PART, Asker, Rights
from tests.people import Person, key

MAY: Rights = {
    "swap:request": EVERYBODY,
    "swap:list": EVERYBODY,
    "swap:get": TAKES_PART,
    # Of Ada, who waits for Bob: he may propose something else, and it is not hers to answer.
    "swap:update": TAKES_PART,
    "swap:counter": TAKES_PART,
}


def a_swap_request(responder: Person, *, days: float = 3, **more: Any) -> dict[str, Any]:
    """A swap of guitar for French, so many days ahead."""
    time = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    return {
        "responder": responder.id,
        "offered_skill": "Guitar",
        "desired_skill": "French",
        "scheduled_time": time.isoformat(),
        "client_id": key(),
        **more,
    }


def at(days: float) -> str:
    """A moment so many days ahead."""
    return (datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)).isoformat()


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of a swap that Ada asked of Bob, and that he answered by other times where she has to answer."""
    if row.name == "swap:request":
        other = await Person("other", ada.url, ada.http).join()
        return ada, a_swap_request(other)
    swap = await ada.asks("swap:request", a_swap_request(bob))
    if row.name == "swap:list":
        return ada, {}
    this = {"swap_id": swap["id"]}
    if row.name == "swap:update":
        return ada, {**this, "action": "reschedule", "scheduled_time": at(4)}
    if row.name == "swap:counter":
        # Once it is agreed, either may have it moved.
        await bob.asks("swap:update", {**this, "action": "accept"})
        return ada, {**this, "slots": [at(5), at(6)], "reason": "I am ill."}
    return ada, this
