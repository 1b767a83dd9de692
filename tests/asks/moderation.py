"""Reports: of a conversation that Ada has with Bob; and a case about a newcomer, for staff."""

from typing import Any

from handlers.models import Access
from server.operation import Operation
from store.users import Role
from tests.asks.base import EVERYBODY, STAFF_ONLY, Asker, Rights, backstage
from tests.people import Person, key, refused

OWN_STATEMENTS = {"statement:acknowledge", "statement:appeal"}
BY_TOKEN = {"open_statement", "appeal_by_token"}
ABOUT_SOMEBODY = {"take_measure", "list_statements_of", "lift_measure", "list_appeals", "decide_appeal"}
STAFFS = {"list_cases", "get_case", "get_evidence_file", "add_note", "assign_case", "decide_case"}

MAY: Rights = {
    # Bob wrote it.
    "report:create": ("not_found", "invalid"),
    "report:list": EVERYBODY,
    "statement:list": EVERYBODY,
    # Of Ada's; and whoever has the token may.
    **dict.fromkeys(OWN_STATEMENTS, ("not_found", "not_found")),
    **dict.fromkeys(BY_TOKEN, EVERYBODY),
    **dict.fromkeys((*STAFFS, *ABOUT_SOMEBODY, "staff:watch", "staff:unwatch"), STAFF_ONLY),
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
    path = "/staff/reports/?kind=upload&limit=100"
    page = await admin.rest("GET", path)
    while page["next_cursor"] is not None:
        page = await admin.rest("GET", f"{path}&cursor={page['next_cursor']}")
    # The last one of all: the queue begins with what waits longest.
    case: dict[str, Any] = page["items"][-1]
    assert case["thing_id"] == upload["id"]
    return case | {"admin": admin}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """By Ada; by an admin, what is for staff."""
    if row.name in {*OWN_STATEMENTS, *BY_TOKEN, *ABOUT_SOMEBODY}:
        return await _about_a_measure(row, ada)
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


async def an_admin(ada: Person) -> Person:
    """Somebody who may do all that staff may."""
    admin = await Person("admin", ada.url, ada.http).join()
    await backstage(ada).promote(admin.id, Role.ADMIN)
    return admin


async def _about_a_measure(row: Operation, ada: Person) -> Asker:
    """Of a warning: by Ada of her own; by an admin, of a newcomer's; by a token, of a ban."""
    admin, newcomer = await an_admin(ada), await Person("newcomer", ada.url, ada.http).join()
    whom = ada if row.name in OWN_STATEMENTS else newcomer
    path, why = f"/staff/people/{whom.id}/measures/", {"measure": "warning", "reason": "No money here."}
    if row.name in BY_TOKEN:
        await admin.rest("POST", path, {**why, "measure": "ban"})
        with refused("account_banned") as caught:
            await newcomer.log_in()
        opened = {"token": caught.value.problem["current"]["token"]}
        return ada, opened | ({"words": "I asked for none."} if row.name == "appeal_by_token" else {})
    if row.name == "take_measure":
        return admin, {"user_id": whom.id, **why}
    statement = await admin.rest("POST", path, why)
    about = {"statement_id": statement["id"]}
    if row.name == "statement:appeal":
        # What comes after it shall be open to her.
        await ada.rest("POST", f"/auth/statements/{statement['id']}/acknowledge/")
    if row.name == "decide_appeal":
        # Whoever did it leaves that to others of the staff, as long as there are any.
        admin = await an_admin(ada)
        await newcomer.rest("POST", f"/auth/statements/{statement['id']}/appeal/", {"words": "I asked for none."})
    payloads: dict[str, dict[str, Any]] = {
        "statement:acknowledge": about,
        "statement:appeal": {**about, "words": "I asked for none."},
        "list_statements_of": {"user_id": whom.id},
        "lift_measure": about,
        "list_appeals": {},
        "decide_appeal": {**about, "verdict": "reverse", "reason": "It was a joke."},
    }
    return (ada if whom is ada else admin), payloads[row.name]
