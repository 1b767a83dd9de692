"""What becomes of the swaps of who left: the other side is told, and keeps what was."""

from handlers.context import Context
from handlers.errands import EndSwaps, ask_later
from handlers.swaps.moves import move
from store.swaps import OPEN, Action, Status

AT_ONCE = 10


async def end_swaps(errand: EndSwaps, ctx: Context) -> None:
    """Cancel what somebody who is gone had open or agreed on."""
    found = await ctx.store.swaps.unfinished(errand.user_id, on=(*OPEN, Status.ACCEPTED), limit=AT_ONCE)
    for swap in found:
        await move(swap, Action.LEAVE, Status.CANCELLED, ctx, by=None, why="The other side has left.")
    if len(found) == AT_ONCE:
        await ask_later(errand, ctx)
