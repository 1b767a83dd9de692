"""Badges, ranks and the dashboard, each one's own."""

from server.operation import Operation
from store.users import Role
from tests.asks.base import EVERYBODY, STAFF_ONLY, Asker, Rights, backstage
from tests.people import Person

MAY: Rights = {
    **dict.fromkeys(("achievement:list", "achievement:update", "leaderboard:get"), EVERYBODY),
    **dict.fromkeys(("dashboard:get", "dashboard:watch", "dashboard:unwatch"), EVERYBODY),
    **dict.fromkeys(("grant_badge", "revoke_badge"), STAFF_ONLY),
}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """What Ada did, and a badge that staff gives a newcomer."""
    if row.name not in {"grant_badge", "revoke_badge"}:
        if row.name == "achievement:update":
            # For a badge that she earned and does not have: the next time is as this one.
            await backstage(ada).swapped(ada.id)
            await ada.asks("achievement:update")
            await backstage(ada).unawarded(ada.id)
        return ada, {"skill": "French"} if row.name == "leaderboard:get" else {}
    admin, newcomer = [await Person(name, ada.url, ada.http).join() for name in ("admin", "newcomer")]
    await backstage(ada).promote(admin.id, Role.ADMIN)
    badge = {"user_id": newcomer.id, "badge": "helping_hand"}
    if row.name == "revoke_badge":
        await admin.rest("PUT", f"/staff/people/{newcomer.id}/achievements/helping_hand/")
    return admin, badge
