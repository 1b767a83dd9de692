"""What people are notified of, and that they have read it."""

from handlers.events.base import Event
from handlers.views.notifications import NotificationView, PreferencesView


class NotificationCreated(Event):
    """There is something to know of; or the notification of this id has grown, or tells another text than before."""

    name = "notification:created"
    notification: NotificationView


class NotificationRead(Event):
    """You have read these, on whatever device: take them from every screen."""

    name = "notification:read"
    ids: tuple[str, ...]


class NotificationExpired(Event):
    """The time of these is over, read or not: they are no longer in the list."""

    name = "notification:expired"
    ids: tuple[str, ...]


class PreferencesChanged(Event):
    """You chose otherwise what reaches you how, perhaps on another device."""

    name = "preferences:changed"
    preferences: PreferencesView


class BadgeChanged(Event):
    """How much you have not read. `version` grows with each change: keep the highest."""

    name = "badge:changed"
    user_id: str
    unread: int
    version: int

    def order(self) -> tuple[str, int]:
        return f"badge:{self.user_id}", self.version


EVENTS: tuple[type[Event], ...] = (
    NotificationCreated,
    NotificationRead,
    NotificationExpired,
    PreferencesChanged,
    BadgeChanged,
)
