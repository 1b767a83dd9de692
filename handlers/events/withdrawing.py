"""What messages say now, in events that are told again: who was away reads no more of them than who looks now.

What changes a message comes after all that it changes, and is in every replay of that; so is leaving a conversation,
after which nobody can tell what became of the messages in it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from handlers.conversations import EXCERPT_CHARACTERS
from handlers.events.chat import (
    MessageCreated,
    MessageDeleted,
    MessageEdited,
    MessageReacted,
    MessageRestored,
    ThreadCreated,
    ThreadLeft,
    ThreadUpdated,
)
from handlers.events.notifications import NotificationCreated

Data = Mapping[str, Any]

# They say what a message says from then on, or that one reads nothing of a conversation any more.
CHANGING = frozenset(event.name for event in (MessageEdited, MessageDeleted, MessageRestored, ThreadLeft))
# They carry the text of messages: whole, quoted, as the last of a conversation, or as what one is notified of.
CARRYING = frozenset(
    event.name
    for event in (
        *(MessageCreated, MessageEdited, MessageDeleted, MessageRestored, MessageReacted),
        *(ThreadCreated, ThreadUpdated, NotificationCreated),
    )
)


class Changes(NamedTuple):
    """The last of what changed messages, by their ids; and when one left conversations, by theirs."""

    messages: Mapping[str, Data]
    left: Mapping[str, int]

    def is_deleted(self, message_id: str) -> bool:
        """Whether it is in the end."""
        return message_id in self.messages and bool(self.messages[message_id]["deleted"])

    def is_left(self, thread_id: str | None, seq: int) -> bool:
        """Whether one left a conversation after that."""
        return thread_id is not None and seq < self.left.get(thread_id, 0)


def changes(said: Iterable[tuple[int, Data]]) -> Changes:
    """What changing events come to, by their numbers and data."""
    messages: dict[str, Data] = {}
    left: dict[str, int] = {}
    for seq, data in said:
        message = data.get("message")
        if message is None:
            left[data["thread_id"]] = max(seq, left.get(data["thread_id"], 0))
        elif message["version"] > messages.get(message["id"], {"version": 0})["version"]:
            messages[message["id"]] = message
    return Changes(messages, left)


def retold(data: Data, seq: int, now: Changes) -> Data:
    """The data of a carrying event, with what messages say by now."""
    told = dict(data)
    if (message := told.get("message")) is not None:
        told["message"] = _message(message, seq, now)
    if (thread := told.get("thread")) is not None and (last := thread.get("last_message")) is not None:
        text = "" if now.is_left(thread["id"], seq) else _excerpt(last["message_id"], last["message_content"], now)
        told["thread"] = {**thread, "last_message": {**last, "message_content": text}}
    if (one := told.get("notification")) is not None and (message_id := one["data"].get("message_id")) is not None:
        text = "" if now.is_left(one["data"].get("thread_id"), seq) else _excerpt(message_id, one["text"], now)
        told["notification"] = {**one, "text": text}
    return told


def _message(message: Data, seq: int, now: Changes) -> Data:
    last = now.messages.get(message["id"], message)
    # That it was deleted for a while is told as it was.
    if last["deleted"] or (last["version"] > message["version"] and not message["deleted"]):
        message = last
    quote, is_left = message.get("reply_to"), now.is_left(message["thread_id"], seq)
    # A quote is of how it was, until that is deleted.
    if quote is not None and (is_left or now.is_deleted(quote["message_id"])):
        message = {**message, "reply_to": {**quote, "message_content": ""}}
    return {**message, "message_content": ""} if is_left else message


def _excerpt(message_id: str, text: str, now: Changes) -> str:
    last = now.messages.get(message_id)
    return text if last is None else last["message_content"][:EXCERPT_CHARACTERS]
