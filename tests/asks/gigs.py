"""Offers and requests. Bob has nothing to do with Ada's; everybody may look at what is published."""

from itertools import count
from typing import Any

from handlers.models import Access
from server.operation import Operation
from store.users import Role
from tests.asks.base import EVERYBODY, STAFF_ONLY, Asker, Rights, backstage
from tests.people import Person, key

OTHERS = ("forbidden", "forbidden")
UNSEEN = ("not_found", "not_found")

MAY: Rights = {
    **dict.fromkeys(("gig:list", "gig:facets", "gig:create", "gig:mine", "gig:get"), EVERYBODY),
    **dict.fromkeys(("gig:bookmarked", "gig:bookmark", "gig:unbookmark"), EVERYBODY),
    **dict.fromkeys(("hide_gig", "show_gig"), STAFF_ONLY),
    **dict.fromkeys(("gig:update", "gig:delete", "gig:pause", "gig:renew", "gig:archive"), OTHERS),
    **dict.fromkeys(("gig:publish", "gig:resume"), UNSEEN),
}

# What has to be done before it can be undone.
FIRST = {"gig:resume": "gig:pause", "gig:unbookmark": "gig:bookmark"}

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
    payload = {"gig_id": gig["id"]} if "gig_id" in row.asked.model_fields else {}
    if row.access is Access.MODERATOR:
        return await _of_staff(row, ada, payload)
    if (first := FIRST.get(row.name)) is not None:
        await ada.asks(first, payload)
    if row.name == "gig:update":
        # Somebody is to hear of it.
        await bob.asks("gig:bookmark", payload)
        return ada, payload | {"title": f"Piano {next(_numbers)}"}
    return ada, payload


async def _of_staff(row: Operation, ada: Person, payload: dict[str, Any]) -> Asker:
    # Where all is asked of one Ada she is of the staff herself by now.
    admin = await Person("admin", ada.url, ada.http).join()
    await backstage(ada).promote(admin.id, Role.ADMIN)
    reason = {"reason": "Spam"}
    if row.name == "hide_gig":
        return admin, payload | reason
    await admin.rest("PUT", f"/staff/gigs/{payload['gig_id']}/hidden/", reason)
    return admin, payload
