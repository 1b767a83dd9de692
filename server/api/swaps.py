"""Swaps."""

from handlers import credits, swaps
from handlers.models import Access
from server.api.rates import WRITING
from server.operation import HOUR, Operation, delete, get, per_person, post, put

ROWS: tuple[Operation, ...] = (
    Operation(
        swaps.request_swap,
        http=post("/swaps/", 201),
        event="swap:request",
        access=Access.VOICE,
        limits=(*WRITING, per_person(60, HOUR)),
    ),
    Operation(swaps.list_swaps, http=get("/swaps/"), event="swap:list"),
    Operation(swaps.get_swap, http=get("/swaps/{swap_id}/"), event="swap:get"),
    Operation(swaps.update_swap, http=put("/swaps/{swap_id}/"), event="swap:update", limits=WRITING),
    Operation(
        swaps.counter_swap,
        http=post("/swaps/{swap_id}/counter/"),
        event="swap:counter",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(swaps.get_agenda, http=get("/swaps/{swap_id}/agenda/"), event="agenda:get"),
    Operation(
        swaps.write_item,
        http=put("/swaps/{swap_id}/agenda/{item_id}/"),
        event="agenda:write",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(
        swaps.remove_item, http=delete("/swaps/{swap_id}/agenda/{item_id}/"), event="agenda:remove", limits=WRITING
    ),
    Operation(swaps.get_attendance, http=get("/swaps/{swap_id}/attendance/"), event="swap:attendance"),
    Operation(credits.list_credits, http=get("/credits/"), event="credit:list"),
    Operation(swaps.get_reliability, http=get("/users/{user_id}/reliability/"), event="reliability:get"),
    Operation(swaps.list_disputes, http=get("/staff/swaps/"), access=Access.MODERATOR, limits=WRITING),
    Operation(swaps.decide_swap, http=put("/staff/swaps/{swap_id}/"), access=Access.MODERATOR, limits=WRITING),
)
