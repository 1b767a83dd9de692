"""Reviews of a swap that Ada and Bob had with each other."""

from typing import Any

from handlers.models import Access
from handlers.reviews import open_reviews
from handlers.reviews.opening import OpenReviews
from server.operation import Operation
from store.users import Role
from tests.asks.base import EVERYBODY, STAFF_ONLY, TAKES_PART, Asker, Rights, backstage
from tests.asks.swaps import a_swap_request
from tests.people import Person, key

MAY: Rights = {
    "review:submit": TAKES_PART,
    **dict.fromkeys(("review:pending", "review:written", "review:list"), EVERYBODY),
    # Nobody else reads it yet.
    "review:edit": ("not_found", "not_found"),
    # Whoever it is about replies; everybody else may read it.
    "review:reply": ("forbidden", "forbidden"),
    **dict.fromkeys(("list_noted_reviews", "moderate_review"), STAFF_ONLY),
}


def a_review(swap: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A review of a swap."""
    said = {"rating": 5, "comments": "Clear, patient and on time.", "criteria": {"clarity": 5}}
    return {"associated_swap_request": swap["id"], **said, "client_id": key(), **more}


async def a_held_swap(one: Person, other: Person, ada: Person, **more: Any) -> dict[str, Any]:
    """A swap that one asked of the other, and that both had."""
    swap: dict[str, Any] = await one.asks("swap:request", a_swap_request(other, **more))
    await backstage(ada).hold(swap["id"])
    return swap


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of a swap that both had."""
    swap = await a_held_swap(ada, bob, ada)
    if row.name == "review:submit":
        return ada, a_review(swap)
    review = await ada.asks("review:submit", a_review(swap, private_note="He smoked."))
    match row.name:
        case "review:list":
            return ada, {"user_id": bob.id}
        case "review:edit":
            return ada, {"review_id": review["id"], "rating": 4}
        case "review:reply":
            his = await bob.asks("review:submit", a_review(swap))
            await backstage(ada).does(lambda ctx: open_reviews(OpenReviews(swap_id=swap["id"]), ctx))
            return ada, {"review_id": his["id"], "text": "Thank you."}
    if row.access is Access.MODERATOR:
        admin = await Person("admin", ada.url, ada.http).join()
        await backstage(ada).promote(admin.id, Role.ADMIN)
        hiding = {"review_id": review["id"], "hidden": True, "reason": "Not about the swap."}
        return admin, hiding if row.is_command else {}
    return ada, {}
