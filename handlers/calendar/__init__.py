"""People's calendars elsewhere: allowed, written, and given back.

The package is one domain. What a swap has to say when it changes is in handlers/calendar_sync.py.
"""

from handlers.calendar.feeding import get_feed, get_swap_ics, rotate_feed
from handlers.calendar.granting import begin_calendar, complete_calendar, disconnect_calendar, get_calendar, write_anew
from handlers.calendar.lessons import write_lessons
from handlers.calendar.outcomes import give_up_event, note_revoked, note_written
from handlers.calendar.reading import hear_change, keep_reading, read_calendar
from handlers.calendar.seeing import note_read
from handlers.calendar.syncing import get_sync, stop_sync, sync_calendar
from handlers.calendar.writing import leave_calendar, write_event

__all__ = [
    "begin_calendar",
    "complete_calendar",
    "disconnect_calendar",
    "get_calendar",
    "get_feed",
    "get_swap_ics",
    "get_sync",
    "give_up_event",
    "hear_change",
    "keep_reading",
    "leave_calendar",
    "note_read",
    "note_revoked",
    "note_written",
    "read_calendar",
    "rotate_feed",
    "stop_sync",
    "sync_calendar",
    "write_anew",
    "write_event",
    "write_lessons",
]
