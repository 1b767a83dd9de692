"""People's calendars elsewhere."""

from handlers import calendar
from server.api.rates import WRITING
from server.operation import HOUR, Operation, delete, get, per_person, post

CONNECTING = (per_person(20, HOUR),)

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
)
