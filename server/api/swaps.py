"""Swaps."""

from handlers import swaps
from server.api.rates import WRITING
from server.operation import HOUR, Operation, get, per_person, post, put

ROWS: tuple[Operation, ...] = (
    Operation(
        swaps.request_swap, http=post("/swaps/", 201), event="swap:request", limits=(*WRITING, per_person(60, HOUR))
    ),
    Operation(swaps.list_swaps, http=get("/swaps/"), event="swap:list"),
    Operation(swaps.get_swap, http=get("/swaps/{swap_id}/"), event="swap:get"),
    Operation(swaps.update_swap, http=put("/swaps/{swap_id}/"), event="swap:update", limits=WRITING),
    Operation(swaps.counter_swap, http=post("/swaps/{swap_id}/counter/"), event="swap:counter", limits=WRITING),
)
