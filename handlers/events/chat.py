"""What happens in conversations."""

from handlers.events.base import Event
from handlers.views.chat import MessageView, ThreadView


class MessageCreated(Event):
    """Somebody wrote in a conversation. Its author's other devices hear it too."""

    name = "message:created"
    message: MessageView

    def order(self) -> tuple[str, int]:
        return self.message.thread_id, self.message.seq


class ThreadCreated(Event):
    """A conversation was opened with you in it, as you see it now."""

    name = "thread:created"
    thread: ThreadView


class ThreadRead(Event):
    """Somebody has read a conversation up to a number. Their own devices hear it also when the mark is private."""

    name = "thread:read"
    thread_id: str
    user_id: str
    read_up_to: int


class ThreadDelivered(Event):
    """A conversation has reached a device of somebody up to a number."""

    name = "thread:delivered"
    thread_id: str
    user_id: str
    delivered_up_to: int


class ThreadUpdated(Event):
    """A conversation changed: its people, its title, or how you keep it. As you see it now."""

    name = "thread:updated"
    thread: ThreadView


class ThreadLeft(Event):
    """You are not in this conversation any more."""

    name = "thread:left"
    thread_id: str


class MessagePinned(Event):
    """A message was pinned for everybody, or its pin was taken away."""

    name = "message:pinned"
    thread_id: str
    message_id: str
    pinned: bool


class MessageEdited(Event):
    """A message has a new text. Of two copies keep the one with the higher version."""

    name = "message:edited"
    message: MessageView


class MessageDeleted(Event):
    """A message was deleted for everybody: its place stays, its text is gone."""

    name = "message:deleted"
    message: MessageView


class MessageRestored(Event):
    """A deleted message is back."""

    name = "message:restored"
    message: MessageView


class MessageReacted(Event):
    """Somebody reacted to a message, or took a reaction back."""

    name = "message:reacted"
    message: MessageView


class TypingChanged(Event):
    """Somebody is writing, or stopped. Forget it after `expires_in_ms` if nothing more is heard."""

    name = "typing:changed"
    durable = False
    thread_id: str
    user_id: str
    typing: bool
    expires_in_ms: int


EVENTS: tuple[type[Event], ...] = (
    MessageCreated,
    ThreadCreated,
    ThreadRead,
    ThreadDelivered,
    ThreadUpdated,
    ThreadLeft,
    MessagePinned,
    MessageEdited,
    MessageDeleted,
    MessageRestored,
    MessageReacted,
    TypingChanged,
)
