"""Load and authorise in one call."""

from handlers.context import Context
from handlers.errors import NotFound
from store.swaps import Swap


async def access_dated_swap(swap_id: str, ctx: Context) -> Swap:
    """A swap of the actor's; to a stranger there is none."""
    swap = await ctx.store.swaps.get(swap_id)
    if swap is None or ctx.actor.user_id not in swap.people:
        raise NotFound("There is no such swap.")
    return swap
