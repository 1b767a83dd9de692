"""What becomes of people's calendars elsewhere; each is told of their own alone."""

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


EVENTS: tuple[type[Event], ...] = (CalendarChanged, CalendarSynced)
