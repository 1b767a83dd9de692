"""A request of every operation, each with what must be there before it, so that it surely finds or writes something.

What is made here is new for every request: one that is refused or repeated disturbs no other.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from pyotp import TOTP

from handlers.account import STAFF
from server.operation import Operation
from store.tickets import Purpose
from store.users import Role
from tests.backstage import Backstage
from tests.fake_google import PAGE, FakeGoogle, somebody
from tests.people import OTHER_PASSWORD, PASSWORD, Person, Refusal, form, key

# What a row needs beside the conversation, the messages and the people in it.
MORE: dict[str, dict[str, Any]] = {
    "thread:open": {"title": "Guitar"},
    "thread:rename": {"title": "Piano"},
    "thread:mute": {"until": "2999-01-01T00:00:00Z"},
    "mark:read": {"up_to": 2},
    "mark:unread": {"from_seq": 1},
    "mark:delivered": {"up_to": 2},
    "message:send": {"message_content": "once"},
    "message:edit": {"message_content": "better"},
    "message:react": {"emoji": "👍"},
    "message:unreact": {"emoji": "👍"},
}

# What has to be done before it can be undone.
FIRST = {
    "message:restore": "message:delete",
    "message:unreact": "message:react",
    "message:unpin": "message:pin",
    "message:unsave": "message:save",
    "thread:unarchive": "thread:archive",
}


async def by_rest(person: Person, row: Operation, payload: dict[str, Any]) -> Any:
    """Ask for a row by its address; raises Refusal."""
    assert row.http is not None
    path = row.http.path.format(**payload)
    if row.takes_file:
        return await person.rest(row.http.method, path, form(payload["file"], "a file"))
    rest = {name: value for name, value in payload.items() if f"{{{name}}}" not in row.http.path}
    if row.http.method in {"GET", "DELETE"}:
        flat = {name: ",".join(value) if isinstance(value, list) else value for name, value in rest.items()}
        return await person.rest(row.http.method, f"{path}?{urlencode(flat)}" if flat else path)
    return await person.rest(row.http.method, path, rest)


@dataclass(frozen=True)
class Asking:
    """A request that may be made over and over: the same person, the same payload, the same client_id."""

    row: Operation
    person: Person
    payload: dict[str, Any]

    async def ask(self) -> dict[str, Any]:
        """Make it, by its event where it has one; what an acknowledgement says, by whichever door."""
        if self.row.event is not None:
            return await self.person.ack(self.row.event, self.payload)
        assert self.row.http is not None
        try:
            return {"ok": True, "data": await by_rest(self.person, self.row, self.payload)}
        except Refusal as refusal:
            return {"ok": False, "error": refusal.problem}


async def asking(row: Operation, ada: Person, bob: Person, eve: Person) -> Asking:
    """A request of this row by Ada, who shares what it is about with Bob; Eve may be invited."""
    person, payload = await _of_account(row, ada) if row.event is None else (ada, await _of_chat(row, ada, bob, eve))
    return Asking(row, person, payload | ({"client_id": key()} if row.is_creating else {}))


def backstage(person: Person) -> Backstage:
    """Where a person may have things done; AssertionError where nobody has shown them."""
    assert person.backstage is not None, "this test gave nobody a way behind the scenes"
    return person.backstage


async def _of_account(row: Operation, ada: Person) -> tuple[Person, dict[str, Any]]:
    if row.name in {"get_config", "get_profile", "list_sessions", "list_activity", "list_exports", "list_identities"}:
        return ada, {}
    if row.name == "update_profile":
        return ada, {"bio": f"I play {uuid4()}."}
    if row.name == "end_one_session":
        return ada, {"session_id": (await ada.signed_in_again()).session_id}
    if row.is_file or row.run.__module__ == "handlers.uploads":
        return ada, await _of_file(row, ada)
    if row.access in STAFF:
        return await _of_staff(row, ada)
    newcomer = Person("newcomer", ada.url, ada.http)
    if row.name in {"begin_google", "prove_google", "log_in_with_google"}:
        return newcomer, await _of_google(row, newcomer)
    if row.name == "sign_up":
        return newcomer, {"name": "Newcomer", "email": f"{uuid4().hex}@example.org", "password": PASSWORD}
    await newcomer.join()
    payloads: dict[str, dict[str, Any]] = {
        "log_in": {"email": newcomer.email, "password": PASSWORD},
        "refresh": {"refresh_token": newcomer.refresh_token},
        "log_out": {},
        "accept_terms": {"terms": "2026-11"},
        "change_password": {"current_password": PASSWORD, "new_password": OTHER_PASSWORD},
        "ask_for_reset": {"email": newcomer.email},
        "change_email": {"email": f"{uuid4().hex}@example.org", "current_password": PASSWORD},
        "ask_for_confirmation": {},
        "begin_second_factor": {"current_password": PASSWORD},
        "end_all_other_sessions": {},
        "export_account": {"current_password": PASSWORD},
        "delete_account": {"current_password": PASSWORD},
    }
    if row.name == "end_all_other_sessions":
        await newcomer.signed_in_again()
    if row.name in {"link_google", "unlink_google"}:
        return newcomer, await _of_google(row, newcomer)
    if row.name in {"confirm_second_factor", "end_second_factor", "renew_recovery_codes"}:
        return newcomer, await _of_second_factor(row, newcomer)
    if row.name == "confirm_email":
        coming = f"{uuid4().hex}@example.org"
        await newcomer.rest("PUT", "/auth/email", {"email": coming, "current_password": PASSWORD})
        return newcomer, {"token": await backstage(ada).link(Purpose.CONFIRM, newcomer.id, coming)}
    if row.name == "reset_password":
        token = await backstage(ada).link(Purpose.RESET, newcomer.id, newcomer.email)
        return newcomer, {"token": token, "new_password": OTHER_PASSWORD}
    return newcomer, payloads[row.name]


async def _of_file(row: Operation, ada: Person) -> dict[str, Any]:
    if row.name == "get_export_file":
        return {"export_id": await backstage(ada).export(ada.id)}
    if row.takes_file:
        return {"file": b"Some words."}
    upload = await ada.upload(b"Some words.")
    return {} if row.name == "list_uploads" else {"upload_id": upload["id"]}


async def _of_staff(row: Operation, ada: Person) -> tuple[Person, dict[str, Any]]:
    admin, other = [await Person(name, ada.url, ada.http).join() for name in ("admin", "other")]
    await backstage(ada).promote(admin.id, Role.ADMIN)
    if row.name == "lift_ban":
        await admin.rest("PUT", f"/staff/people/{other.id}/ban/", {"reason": "Spam"})
    payloads: dict[str, dict[str, Any]] = {
        "list_activity_of": {"user_id": other.id},
        "set_role": {"user_id": other.id, "role": "moderator"},
        "ban_person": {"user_id": other.id, "reason": "Spam"},
        "lift_ban": {"user_id": other.id},
        "list_staff_acts": {},
    }
    return admin, payloads[row.name]


async def _of_google(row: Operation, person: Person) -> dict[str, Any]:
    page = {"redirect_uri": PAGE}
    if row.name == "begin_google":
        return page
    made = await person.rest("POST", "/auth/google/begin", page)
    google = FakeGoogle(made["authorization_url"].partition("/authorize")[0], person.http)
    await google.sets(somebody())
    back = await google.agree(made["authorization_url"])
    ours = {"state": made["state"], "browser_key": made["browser_key"]}
    code = {"authorization_code": back["code"]}
    if row.name == "prove_google":
        return ours | code
    await person.rest("POST", "/auth/google/prove", ours | code)
    if row.name == "unlink_google":
        await person.rest("POST", "/auth/google/link", ours | {"current_password": PASSWORD})
        return {"current_password": PASSWORD}
    return ours if row.name == "log_in_with_google" else ours | {"current_password": PASSWORD}


async def _of_second_factor(row: Operation, person: Person) -> dict[str, Any]:
    begun = await person.rest("POST", "/auth/second-factor/begin", {"current_password": PASSWORD})
    code = {"code": TOTP(begun["secret"]).now()}
    if row.name == "confirm_second_factor":
        return code
    made = await person.rest("POST", "/auth/second-factor/confirm", code)
    return {"current_password": PASSWORD, "code": made["recovery_codes"][0]}


async def _of_chat(row: Operation, ada: Person, bob: Person, eve: Person) -> dict[str, Any]:
    group = await ada.asks("thread:open", {"participants": [bob.id], "title": "Guitar", "client_id": key()})
    said = {"thread_id": group["id"], "message_content": "hello", "client_id": key()}
    message = await ada.asks("message:send", said)
    answer = {**said, "message_content": "yes", "reply_to": message["id"], "client_id": key()}
    await bob.asks("message:send", answer)
    known = {
        "thread_id": group["id"],
        "message_id": message["id"],
        "user_id": bob.id,
        "participants": [eve.id],
        "user_ids": [bob.id],
        "text": f"busy until {uuid4()}",
        "q": "hello",
    }
    fields = row.asked.model_fields
    payload = {
        name: value
        for name, value in known.items()
        if name in fields and (fields[name].is_required() or row.name == "presence:set")
    }
    if (first := FIRST.get(row.name)) is not None:
        await ada.asks(first, payload | MORE.get(first, {}))
    return payload | MORE.get(row.name, {})
