"""When people can meet."""

from handlers import availability
from server.api.rates import SEARCHING, WRITING
from server.operation import Operation, get, put

ROWS: tuple[Operation, ...] = (
    Operation(availability.get_availability, http=get("/availability/"), event="availability:get"),
    Operation(availability.set_availability, http=put("/availability/"), event="availability:set", limits=WRITING),
    Operation(availability.get_slots, http=get("/users/{user_id}/slots/"), event="slots:get", limits=SEARCHING),
)
