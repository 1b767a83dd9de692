"""Offers and requests. Bob has nothing to do with Ada's; everybody may look at what is published."""

from itertools import count
from typing import Any

from server.operation import Operation
from tests.asks.base import EVERYBODY, Asker, Rights
from tests.people import Person, key

OTHERS = ("forbidden", "forbidden")
UNSEEN = ("not_found", "not_found")

MAY: Rights = {
    **dict.fromkeys(("gig:list", "gig:create", "create_gig", "gig:mine", "gig:get"), EVERYBODY),
    **dict.fromkeys(("gig:update", "gig:delete", "gig:pause", "gig:renew", "gig:archive"), OTHERS),
    **dict.fromkeys(("gig:publish", "gig:resume"), UNSEEN),
}

_numbers = count(1)


def a_gig(**more: Any) -> dict[str, Any]:
    """An offer like no other."""
    said = {
        "title": f"Guitar for beginners {next(_numbers)}",
        "description": "Chords and songs, at your own pace.",
        "offered_skills": ["Guitar"],
        "desired_skills": ["German"],
        "mode": "online",
    }
    return said | more


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of an offer of Ada's."""
    if row.is_creating:
        return ada, a_gig()
    status = "draft" if row.name == "gig:publish" else "active"
    gig = await ada.asks("gig:create", {**a_gig(status=status), "client_id": key()})
    if row.name == "gig:resume":
        await ada.asks("gig:pause", {"gig_id": gig["id"]})
    payload = {"gig_id": gig["id"]} if "gig_id" in row.asked.model_fields else {}
    return ada, payload | ({"title": f"Piano {next(_numbers)}"} if row.name == "gig:update" else {})
