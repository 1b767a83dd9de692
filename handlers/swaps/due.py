"""What the server does to swaps because it is time; each looks first whether it still is."""

from handlers.context import Context
from handlers.swaps.lifecycle import settled
from handlers.swaps.moves import move
from handlers.swaps.schedule import CompleteSwap, ExpireSwap
from store.swaps import OPEN, Action, Status


async def expire_swap(errand: ExpireSwap, ctx: Context) -> None:
    """Nobody answered in time."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    if swap is None or swap.status not in OPEN or swap.expires_at is None or swap.expires_at > ctx.now:
        return
    await move(swap, Action.EXPIRE, Status.EXPIRED, ctx, by=None)


async def complete_swap(errand: CompleteSwap, ctx: Context) -> None:
    """Both were silent for long enough, or one of them was: then what the other one said holds."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    if swap is None or swap.status is not Status.ACCEPTED or swap.scheduled_time != errand.scheduled_time:
        return
    await move(swap, Action.COMPLETE, settled(swap.outcomes, is_time_up=True), ctx, by=None)
