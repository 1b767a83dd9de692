"""When people can meet, once and week by week."""

from handlers import availability, swaps
from handlers.models import Access
from server.api.rates import SEARCHING, WRITING
from server.operation import Operation, delete, get, post, put

ROWS: tuple[Operation, ...] = (
    Operation(availability.get_availability, http=get("/availability/"), event="availability:get"),
    Operation(availability.set_availability, http=put("/availability/"), event="availability:set", limits=WRITING),
    Operation(availability.get_slots, http=get("/users/{user_id}/slots/"), event="slots:get", limits=SEARCHING),
    Operation(swaps.get_series, http=get("/swaps/{swap_id}/series/"), event="series:get"),
    Operation(
        swaps.propose_series,
        http=post("/swaps/{swap_id}/series/", 201),
        event="series:propose",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(
        swaps.accept_series,
        http=post("/swaps/{swap_id}/series/accept/"),
        event="series:accept",
        limits=WRITING,
    ),
    Operation(swaps.end_series, http=delete("/swaps/{swap_id}/series/"), event="series:end", limits=WRITING),
    Operation(
        swaps.move_lesson,
        http=put("/swaps/{swap_id}/series/{number}/"),
        event="series:move",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(
        swaps.cancel_lesson, http=delete("/swaps/{swap_id}/series/{number}/"), event="series:cancel", limits=WRITING
    ),
)
