"""Reports: of a conversation that Ada has with Bob; and a case about a newcomer, for staff."""

from typing import Any

from handlers.models import Access
from server.operation import Operation
from store.users import Role
from tests.asks.base import EVERYBODY, STAFF_ONLY, Asker, Rights, backstage
from tests.people import Person, key

STAFFS = {"list_cases", "get_case", "get_evidence_file", "add_note", "assign_case", "decide_case"}

MAY: Rights = {
    # Bob wrote it.
    "report:create": ("not_found", "invalid"),
    "report:list": EVERYBODY,
    **dict.fromkeys((*STAFFS, "staff:watch", "staff:unwatch"), STAFF_ONLY),
}


async def a_case(ada: Person, newcomer: Person) -> dict[str, Any]:
    """A file of a newcomer's that Ada reported; its case, as staff sees it, and its staff as `admin`."""
    upload = await newcomer.upload(b"Buy here.")
    thread = await newcomer.rest("POST", "/messages/", {"participants": [ada.id]}, headers={"Idempotency-Key": key()})
    said = {"message_content": "See this.", "attachment_reference": upload["id"]}
    await newcomer.rest("POST", f"/messages/{thread['id']}/", said, headers={"Idempotency-Key": key()})
    await ada.rest("POST", "/reports/", {"kind": "upload", "thing_id": upload["id"], "reason": "spam"})
    admin = await Person("admin", ada.url, ada.http).join()
    await backstage(ada).promote(admin.id, Role.ADMIN)
    cases = (await admin.rest("GET", "/staff/reports/?kind=upload"))["items"]
    case: dict[str, Any] = next(one for one in cases if one["thing_id"] == upload["id"])
    return case | {"admin": admin}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """By Ada; by an admin, what is for staff."""
    if row.access is not Access.MODERATOR:
        thread = await ada.asks("thread:open", {"participants": [bob.id], "title": "Band", "client_id": key()})
        said = {"thread_id": thread["id"], "message_content": "Money!", "client_id": key()}
        message = await bob.asks("message:send", said)
        return ada, {"kind": "message", "thing_id": message["id"], "reason": "scam"} if row.is_command else {}
    if row.event is not None:
        await backstage(ada).promote(ada.id, Role.MODERATOR)
        return ada, {}
    case = await a_case(ada, await Person("newcomer", ada.url, ada.http).join())
    where = {"case_id": case["id"]}
    payloads: dict[str, dict[str, Any]] = {
        "list_cases": {"kind": "upload"},
        "get_case": where,
        "get_evidence_file": {**where, "upload_id": case["thing_id"]},
        "add_note": {**where, "text": "I know them."},
        "assign_case": {**where, "assignee": case["admin"].id, "version": case["version"]},
        "decide_case": {**where, "outcome": "dismiss", "reason": "Nothing wrong."},
    }
    return case["admin"], payloads.get(row.name, {})
