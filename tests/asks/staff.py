"""What staff does, to accounts made for it."""

from typing import Any

from server.operation import Operation
from store.users import Role
from tests.asks.base import STAFF_ONLY, Asker, Rights, backstage
from tests.people import Person

MAY: Rights = {
    **dict.fromkeys(("list_activity_of", "set_role", "ban_person", "lift_ban", "list_staff_acts"), STAFF_ONLY),
    **dict.fromkeys(
        (
            "list_jobs",
            "retry_job",
            "drop_job",
            "get_maintenance",
            "figures:watch",
            "figures:unwatch",
            "switch_maintenance",
        ),
        STAFF_ONLY,
    ),
}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """By an admin, of somebody else."""
    admin, other = [await Person(name, ada.url, ada.http).join() for name in ("admin", "other")]
    await backstage(ada).promote(admin.id, Role.ADMIN)
    if row.event is not None:
        await admin.connect()
    if row.name == "lift_ban":
        await admin.rest("PUT", f"/staff/people/{other.id}/ban/", {"reason": "Spam"})
    if row.name == "switch_maintenance":
        # There is one row of it: it is never made but the first time.
        await admin.rest("PUT", "/staff/maintenance/", {"on": False, "words": "At first."})
    payloads: dict[str, dict[str, Any]] = {
        "list_activity_of": {"user_id": other.id},
        "set_role": {"user_id": other.id, "role": "moderator"},
        "ban_person": {"user_id": other.id, "reason": "Spam"},
        "lift_ban": {"user_id": other.id},
        "list_staff_acts": {},
        "list_jobs": {"kind": "Notice"},
        "retry_job": {"job_id": await backstage(ada).failed_job()},
        "drop_job": {"job_id": await backstage(ada).failed_job()},
        "get_maintenance": {},
        "figures:watch": {},
        "figures:unwatch": {},
        # What holds for everybody would disturb who asks beside it.
        "switch_maintenance": {"on": False, "words": "Done."},
    }
    return admin, payloads[row.name]
