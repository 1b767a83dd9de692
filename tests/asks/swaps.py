"""Swaps, which Ada asks of Bob."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from handlers.models import Access
from server.operation import Operation
from store.users import Role
from tests.asks.base import EVERYBODY, STAFF_ONLY, TAKES_PART, WROTE, Asker, Rights, backstage
from tests.people import Person, key

MAY: Rights = {
    "swap:request": EVERYBODY,
    "swap:list": EVERYBODY,
    "swap:get": TAKES_PART,
    "swap:attendance": TAKES_PART,
    "swap:update": TAKES_PART,
    "swap:counter": TAKES_PART,
    "agenda:get": TAKES_PART,
    "agenda:write": TAKES_PART,
    "agenda:remove": WROTE,
    "credit:list": EVERYBODY,
    "reliability:get": EVERYBODY,
    **dict.fromkeys(("list_disputes", "decide_swap"), STAFF_ONLY),
}


_numbers = count(1)


def a_swap_request(responder: Person, *, days: float = 3, **more: Any) -> dict[str, Any]:
    """A swap of guitar for French, so many days ahead."""
    time = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    return {
        "responder": responder.id,
        "offered_skill": "Guitar",
        "desired_skill": "French",
        "scheduled_time": time.isoformat(),
        "time_zone": "Europe/Berlin",
        "client_id": key(),
        **more,
    }


def at(days: float) -> str:
    """A moment so many days ahead."""
    return (datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)).isoformat()


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of a swap that Ada asked of Bob."""
    if row.name == "swap:request":
        other = await Person("other", ada.url, ada.http).join()
        return ada, a_swap_request(other)
    # Each on a day of its own, after all lessons that others ask for: nobody is in two places.
    day = 200 + next(_numbers) % 150
    swap = await ada.asks("swap:request", a_swap_request(bob, days=day))
    if row.name in {"swap:list", "credit:list"}:
        return ada, {}
    if row.name == "reliability:get":
        return ada, {"user_id": bob.id}
    if row.access is Access.MODERATOR:
        # Both have been notified of something then: the first time of that writes more than every other.
        await bob.asks("swap:update", {"swap_id": swap["id"], "action": "accept"})
        return await _by_staff(row, swap, ada)
    this = {"swap_id": swap["id"]}
    if row.name == "swap:update":
        return ada, {**this, "action": "reschedule", "scheduled_time": at(day + 0.3)}
    if row.name == "swap:counter":
        # Once it is agreed, either may have it moved.
        await bob.asks("swap:update", {**this, "action": "accept"})
        return ada, {**this, "slots": [at(day + 0.3), at(day + 0.6)], "reason": "I am ill."}
    if row.name.startswith("agenda:"):
        return ada, await _of_agenda(row, this, ada)
    return ada, this


def an_item(swap: dict[str, Any], text: str = "Barre chords", **more: Any) -> dict[str, Any]:
    """Something new to put into a swap's agenda."""
    return {"swap_id": swap["id"], "item_id": str(uuid4()), "text": text, **more}


async def _of_agenda(row: Operation, this: dict[str, Any], ada: Person) -> dict[str, Any]:
    """The agenda has something in it already: the first item is written in another way than every other."""
    first = an_item({"id": this["swap_id"]})
    await ada.asks("agenda:write", first)
    if row.name == "agenda:remove":
        return {**this, "item_id": first["item_id"]}
    return this if row.name == "agenda:get" else an_item({"id": this["swap_id"]}, "A song")


async def _by_staff(row: Operation, swap: dict[str, Any], ada: Person) -> Asker:
    admin = await Person("admin", ada.url, ada.http).join()
    await backstage(ada).promote(admin.id, Role.ADMIN)
    await backstage(ada).dispute(swap["id"])
    decided = {"swap_id": swap["id"], "status": "cancelled", "reason": "Nobody came."}
    return admin, decided if row.is_command else {}
