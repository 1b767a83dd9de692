"""Conversations, and what is of the moment in them."""

from typing import Any

from server.operation import Operation
from tests.asks.base import EVERYBODY, LEADS, TAKES_PART, WROTE, Asker, Rights
from tests.people import Person, key

MAY: Rights = {
    **dict.fromkeys(("thread:list", "message:search", "saved:list", "contact:left"), EVERYBODY),
    # With Eve: she cannot have one with herself.
    "thread:open": ("invalid", None),
    **dict.fromkeys(("thread:get", "thread:mute", "thread:archive", "thread:unarchive"), TAKES_PART),
    **dict.fromkeys(("thread:rename", "thread:add", "thread:promote", "message:pin", "message:unpin"), LEADS),
    # Of a newcomer, who asked Ada.
    **dict.fromkeys(("thread:accept", "thread:decline"), ("not_found", "not_found")),
    # Of Bob: he may go by himself.
    "thread:remove": ("not_found", None),
    **dict.fromkeys(("mark:list", "mark:read", "mark:unread", "mark:delivered"), TAKES_PART),
    **dict.fromkeys(("message:list", "message:send", "message:react", "message:unreact"), TAKES_PART),
    "message:save": TAKES_PART,
    # From one's own list, where Bob has not put it.
    "message:unsave": ("not_found", "not_found"),
    **dict.fromkeys(("message:edit", "message:delete", "message:restore"), WROTE),
    **dict.fromkeys(("typing:start", "typing:stop"), TAKES_PART),
}

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


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of a group of Ada and Bob, where she wrote and he answered; or of what a newcomer asked her."""
    if row.name in {"thread:accept", "thread:decline", "contact:left"}:
        newcomer = await Person("newcomer", ada.url, ada.http).join()
        asked = await newcomer.rest("POST", "/messages/", {"participants": [ada.id]})
        await newcomer.rest("POST", f"/messages/{asked['id']}/", {"message_content": "hello"})
        # The other question that a list asks the database.
        await ada.asks("thread:list", {"requests": True})
        if row.name == "contact:left":
            await ada.asks("thread:open", {"participants": [newcomer.id], "client_id": key()})
            return ada, {}
        return ada, {"thread_id": asked["id"]}
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
        "q": "hello",
    }
    fields = row.asked.model_fields
    payload = {name: value for name, value in known.items() if name in fields and fields[name].is_required()}
    if (first := FIRST.get(row.name)) is not None:
        await ada.asks(first, payload | MORE.get(first, {}))
    return ada, payload | MORE.get(row.name, {})
