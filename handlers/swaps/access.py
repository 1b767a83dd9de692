"""Load and authorise in one call: to a stranger a swap does not exist."""

from handlers.blocking import require_open
from handlers.context import Context
from handlers.errors import NotFound
from store.swaps import Swap


async def access_swap(swap_id: str, ctx: Context) -> Swap:
    """A swap of the actor's."""
    swap = await ctx.store.swaps.get(swap_id)
    if swap is None or ctx.actor.user_id not in swap.people:
        raise NotFound("There is no such swap.")
    return swap


async def require_wanted(swap: Swap, ctx: Context) -> None:
    """Refuse to go on with a swap where one has blocked the other; calling it off is always possible."""
    thread = await ctx.store.threads.get(swap.thread_id)
    if thread is not None:
        require_open(thread, ctx)
