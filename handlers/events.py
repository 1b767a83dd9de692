"""What happened, told to those it concerns: the closed catalogue of pushed events.

A durable event is committed with its cause and replayed to those who were away; an ephemeral one is for the moment.
"""

from typing import ClassVar

from handlers.models import View
from handlers.views import MessageView, ThreadView


class Event(View):
    """The base. The class docstring is what the AsyncAPI reader sees."""

    name: ClassVar[str]
    durable: ClassVar[bool] = True

    def order(self) -> tuple[str, int] | None:
        """A key and a dense number: events of one key reach every audience in the order of their number."""
        return None


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


class SessionEnded(Event):
    """Your session was ended; this socket is closed. `reconnect` says whether a new token may help."""

    name = "session:ended"
    session_id: str
    user_id: str
    code: str
    reconnect: bool


# The whole catalogue; the AsyncAPI document and the contract tests are made from it.
EVENTS: tuple[type[Event], ...] = (MessageCreated, ThreadCreated, ThreadRead, SessionEnded)
