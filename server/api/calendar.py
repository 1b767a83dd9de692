"""People's calendars elsewhere."""

from handlers import calendar
from handlers.models import Access
from server.api.rates import WRITING
from server.operation import HOUR, MINUTE, Operation, delete, get, per_address, per_field, per_person, post

CONNECTING = (per_person(20, HOUR),)

# Also asked for by server/calendar_hook.py, in Google's own words.
HEAR = Operation(
    calendar.hear_change,
    http=post("/calendar/google/changes/"),
    access=Access.PUBLIC,
    # All that Google says comes from few addresses; what is too much of one calendar is read later.
    limits=(per_field("channel_id", 120, MINUTE), per_address(12_000, MINUTE)),
)

ROWS: tuple[Operation, ...] = (
    Operation(calendar.begin_calendar, http=post("/calendar/google/begin"), limits=CONNECTING),
    Operation(calendar.complete_calendar, http=post("/calendar/google/complete"), limits=CONNECTING),
    Operation(calendar.get_calendar, http=get("/calendar/"), event="calendar:get"),
    Operation(calendar.disconnect_calendar, http=delete("/calendar/"), event="calendar:disconnect", limits=CONNECTING),
    Operation(
        calendar.sync_calendar, http=post("/swaps/{swap_id}/sync-calendar"), event="calendar:sync", limits=WRITING
    ),
    Operation(
        calendar.stop_sync, http=delete("/swaps/{swap_id}/sync-calendar"), event="calendar:unsync", limits=WRITING
    ),
    Operation(calendar.get_sync, http=get("/swaps/{swap_id}/sync-calendar"), event="calendar:state"),
    HEAR,
    Operation(calendar.rotate_feed, http=post("/calendar/feed/rotate"), limits=CONNECTING),
    Operation(
        calendar.get_feed,
        http=get("/calendar/feed/{token}.ics"),
        access=Access.PUBLIC,
        limits=(per_address(600, HOUR),),
    ),
    Operation(calendar.get_swap_ics, http=get("/swaps/{swap_id}/ics/"), limits=WRITING),
)
