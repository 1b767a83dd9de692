"""Safety: whom one wants nothing to do with."""

from handlers import blocks
from server.api.rates import WRITING
from server.operation import Operation, delete, get, put

ROWS: tuple[Operation, ...] = (
    Operation(blocks.list_blocks, http=get("/blocks/"), event="block:list"),
    Operation(blocks.add_block, http=put("/blocks/{user_id}/"), event="block:add", limits=WRITING),
    Operation(blocks.remove_block, http=delete("/blocks/{user_id}/"), event="block:remove", limits=WRITING),
)
