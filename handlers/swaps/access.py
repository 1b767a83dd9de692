"""Load and authorise in one call: to a stranger a swap does not exist."""

from handlers.context import Context
from handlers.errors import NotFound
from store.swaps import Swap


async def access_swap(swap_id: str, ctx: Context) -> Swap:
    """A swap of the actor's."""
    swap = await ctx.store.swaps.get(swap_id)
    if swap is None or ctx.actor.user_id not in swap.people:
        raise NotFound("There is no such swap.")
    return swap
