"""What becomes of people's calendars elsewhere; each is told of their own alone, but for what it means to the other."""

from datetime import datetime

from pydantic import Field

from handlers.events.base import Event
from handlers.views.calendar import CalendarSyncView, CalendarView


class CalendarChanged(Event):
    """Your calendar was connected, disconnected, or has to be connected anew."""

    name = "calendar:changed"
    calendar: CalendarView


class CalendarSynced(Event):
    """A swap came further into your calendar, or could not."""

    name = "calendar:synced"
    sync: CalendarSyncView


class CalendarDeleted(Event):
    """One of the two deleted a swap in their calendar: then it is cancelled, unless they put it back until then."""

    name = "calendar:deleted"
    swap_id: str
    user_id: str
    cancels_at: datetime
    lesson: int | None = Field(default=None, description="The number of the lesson that it is; null if it is the swap.")


class CalendarRestored(Event):
    """They put it back, or want nothing of calendars any more: the swap stays."""

    name = "calendar:restored"
    swap_id: str
    user_id: str
    lesson: int | None = Field(default=None, description="As `calendar:deleted` said it.")


EVENTS: tuple[type[Event], ...] = (CalendarChanged, CalendarSynced, CalendarDeleted, CalendarRestored)
