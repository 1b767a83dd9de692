"""What was deleted or hidden, in events that are told again: who was away reads no more of it than who looks now.

A deletion comes after all that it takes back, and is in every replay of that.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from handlers.events.chat import (
    MessageCreated,
    MessageDeleted,
    MessageEdited,
    MessageReacted,
    MessageRestored,
    ThreadCreated,
    ThreadUpdated,
)
from handlers.events.notifications import NotificationCreated

Data = Mapping[str, Any]

# They say whether a message is deleted.
WITHDRAWING = frozenset(event.name for event in (MessageDeleted, MessageRestored))
# They carry the text of messages: whole, quoted, as the last of a conversation, or as what one is notified of.
CARRYING = WITHDRAWING | {
    event.name
    for event in (MessageCreated, MessageEdited, MessageReacted, ThreadCreated, ThreadUpdated, NotificationCreated)
}


def withdrawn(said: Iterable[Data]) -> dict[str, Data]:
    """Of the data of withdrawing events the messages that are deleted in the end, by their ids."""
    last: dict[str, Data] = {}
    for message in sorted((data["message"] for data in said), key=lambda message: message["version"]):
        last[message["id"]] = message
    return {id_: message for id_, message in last.items() if message["deleted"]}


def without(data: Data, gone: Mapping[str, Data]) -> Data:
    """The data of a carrying event with nothing of what these messages said."""
    told = dict(data)
    if (message := told.get("message")) is not None:
        message = gone.get(message["id"], message)
        told["message"] = {**message, "reply_to": _emptied(message.get("reply_to"), gone)}
    if (thread := told.get("thread")) is not None:
        told["thread"] = {**thread, "last_message": _emptied(thread.get("last_message"), gone)}
    if (one := told.get("notification")) is not None and one["data"].get("message_id") in gone:
        told["notification"] = {**one, "text": ""}
    return told


def _emptied(part: Data | None, gone: Mapping[str, Data]) -> Data | None:
    return {**part, "message_content": ""} if part is not None and part["message_id"] in gone else part
