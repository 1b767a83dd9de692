"""What happens to accounts, and to who is there."""

from handlers.events.base import Event
from handlers.views.accounts import ActivityView
from handlers.views.profiles import PresenceView


class PresenceChanged(Event):
    """Somebody you share a conversation with came, went, or changed their status."""

    name = "presence:changed"
    durable = False
    presence: PresenceView


class SessionEnded(Event):
    """Your session was ended; this socket is closed. `reconnect` says whether a new token may help."""

    name = "session:ended"
    session_id: str
    user_id: str
    code: str
    reconnect: bool


class AccountActivity(Event):
    """Something happened to your account: if it was not you, end that session and change your password."""

    name = "account:activity"
    activity: ActivityView


EVENTS: tuple[type[Event], ...] = (
    PresenceChanged,
    SessionEnded,
    AccountActivity,
)
