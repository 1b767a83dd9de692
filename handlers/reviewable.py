"""What may be reviewed, by whom, until when: a swap that was held, by each side once, within two weeks."""

from datetime import datetime, timedelta

from handlers.context import Context
from handlers.errors import NotAllowedNow, NotFound
from store.swaps import Outcome, Status, Swap

WINDOW = timedelta(days=14)
MOST_PENDING = 100


def until(swap: Swap) -> datetime:
    """When the time for reviews is over, and those of one side alone are opened."""
    return (swap.closed_at or swap.updated_at) + WINDOW


def was_held(user_id: str, swap: Swap) -> bool:
    """Whether it was, also by this person: whoever says that it did not happen is not asked how it was."""
    return swap.status is Status.COMPLETED and swap.outcomes.get(user_id) in (None, Outcome.HAPPENED)


async def access_held(swap_id: str, ctx: Context) -> Swap:
    """A swap that the actor may review now; refuses every other one."""
    me = ctx.actor.user_id
    swap = await ctx.store.swaps.get(swap_id)
    if swap is None or me not in swap.people:
        raise NotFound("There is no such swap.")
    if swap.status is not Status.COMPLETED:
        raise NotAllowedNow(f"A swap that is {swap.status} cannot be reviewed; one that was completed can.")
    if not was_held(me, swap):
        raise NotAllowedNow("You said that it did not happen, so there is nothing to review.")
    if ctx.now >= until(swap):
        raise NotAllowedNow("Two weeks have passed since; it can no longer be reviewed.")
    return swap


async def pending(user_id: str, ctx: Context) -> list[Swap]:
    """What somebody may still review, the last held first."""
    held = await ctx.store.swaps.completed(user_id, since=ctx.now - WINDOW, limit=MOST_PENDING)
    done = await ctx.store.reviews.written_about([swap.id for swap in held], user_id) if held else set()
    return [swap for swap in held if swap.id not in done and was_held(user_id, swap)]
