"""The recorder finds what is not in the documents, and lets pass what is."""

from typing import Any

import pytest

from tests.contract.recorder import ContractBroken, check_ack, check_connect_error, check_event, check_reply
from tests.people import Person, Refusal

ID = "0" * 24
PROBLEM = {
    "type": "/docs/errors#not_found",
    "title": "Not found",
    "status": 404,
    "detail": "No.",
    "code": "not_found",
    "message": "No.",
    "retryable": False,
    "request_id": "ab",
}
READ = {
    "id": ID,
    "seq": 1,
    "epoch": "e",
    "type": "thread:read",
    "ts": "2026-01-01T00:00:00+00:00",
    "actor_id": ID,
    "data": {"thread_id": ID, "user_id": ID, "read_up_to": 3},
}
HEALTH = {"status": "ok"}


def broken(document: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A copy with changes; None takes a key away."""
    return {key: value for key, value in {**document, **changes}.items() if value is not None}


def test_what_is_documented_passes() -> None:
    check_reply("GET", "/healthz", 200, HEALTH)
    check_reply("GET", f"/api/v1/messages/{ID}?limit=3", 404, PROBLEM)
    check_reply("GET", "/api/v1/no/such/place", 404, PROBLEM)
    check_reply("POST", "/api/v1/auth/logout", 204, None)
    check_ack("message:send", {"ok": False, "error": PROBLEM})
    check_ack("no:such", {"ok": False, "error": broken(PROBLEM, code="unknown_operation")})
    check_event("thread:read", READ)
    check_event("sync:reset", {"epoch": "e", "seq": 0})
    check_connect_error(PROBLEM)


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/healthz", 200, broken(HEALTH, more=1)),
        ("GET", "/healthz", 201, HEALTH),
        ("GET", "/api/v1/no/such/place", 200, {}),
        ("GET", f"/api/v1/messages/{ID}/", 404, broken(PROBLEM, code="no_such_code")),
        ("GET", f"/api/v1/messages/{ID}/", 404, broken(PROBLEM, request_id=None)),
        ("POST", "/api/v1/auth/logout", 204, {}),
    ],
)
def test_a_reply_that_is_not_documented_is_found(method: str, path: str, status: int, body: object) -> None:
    with pytest.raises(ContractBroken):
        check_reply(method, path, status, body)


@pytest.mark.parametrize(
    ("name", "envelope"),
    [
        ("no:such", READ),
        ("message:send", READ),
        ("thread:read", broken(READ, seq=None)),
        ("thread:read", broken(READ, type="thread:created")),
        ("thread:read", broken(READ, ts="2026-01-01T00:00:00")),
        ("thread:read", broken(READ, data={**READ["data"], "secret": 1})),
    ],
)
def test_an_event_that_is_not_documented_is_found(name: str, envelope: object) -> None:
    with pytest.raises(ContractBroken):
        check_event(name, envelope)


@pytest.mark.parametrize(
    ("name", "ack"),
    [
        ("no:such", {"ok": True, "data": None}),
        ("no:such", {"ok": False, "error": PROBLEM}),
        ("message:send", {"ok": True, "data": {}}),
        ("message:send", {"ok": False, "error": {}}),
        ("message:send", None),
    ],
)
def test_an_acknowledgement_that_is_not_documented_is_found(name: str, ack: object) -> None:
    with pytest.raises(ContractBroken):
        check_ack(name, ack)


async def test_a_conversation_is_as_documented(ada: Person, bob: Person) -> None:
    check_event("hello", ada.hello)
    opened = await ada.ack("thread:open", {"participants": [bob.id]})
    check_ack("thread:open", opened)
    thread_id = opened["data"]["id"]
    check_ack("message:send", await ada.ack("message:send", {"thread_id": thread_id, "message_content": "Hello"}))
    check_ack("message:send", await ada.ack("message:send", {"thread_id": thread_id}))
    check_ack("no:such", await ada.ack("no:such", {}))
    check_reply("GET", "/api/v1/messages/", 200, await bob.rest("GET", "/messages/"))
    check_reply("GET", f"/api/v1/messages/{thread_id}", 200, await bob.rest("GET", f"/messages/{thread_id}"))
    check_reply("GET", "/api/v1/auth/profile", 200, await bob.rest("GET", "/auth/profile"))
    with pytest.raises(Refusal) as caught:
        await bob.rest("GET", f"/messages/{ID}")
    check_reply("GET", f"/api/v1/messages/{ID}", 404, caught.value.problem)

    await bob.hears("message:created")
    missed = await bob.ack("sync:since", {"epoch": bob.hello["epoch"], "seq": bob.hello["seq"]})
    check_ack("sync:since", missed)
    assert missed["data"]["events"]
    for envelope in bob.heard:
        check_event(envelope.get("type", "hello"), envelope)


async def test_nobody_leaves_in_silence_who_heard_what_is_not_documented(ada: Person) -> None:
    await ada._hear("no:such", {})

    with pytest.raises(ContractBroken, match="no:such"):
        await ada.leave()
