"""What else was asked of the same offer, once somebody has its time: it is answered, so that nobody waits in vain."""

from handlers.context import Context
from handlers.errands import ask_later
from handlers.swaps.moves import move
from handlers.swaps.schedule import CloseCompeting
from handlers.times import Span, common
from store.swaps import Action, Status, Swap

# One transaction for so many, then another one.
AT_ONCE = 10
TAKEN = "Somebody else has this time now."


async def close_competing(errand: CloseCompeting, ctx: Context) -> None:
    """Close what was asked of the same offer and proposes nothing but the time that is taken now."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    if swap is None or swap.status is not Status.ACCEPTED or swap.gig is None:
        return
    found = await ctx.store.swaps.waiting_on(swap.gig, after=errand.after, limit=AT_ONCE)
    for other in found:
        if _proposes_nothing_else(other, swap):
            await move(other, Action.CLOSE, Status.REJECTED, ctx, by=None, why=TAKEN)
    if len(found) == AT_ONCE:
        await ask_later(errand.model_copy(update={"after": found[-1].order}), ctx)


def _proposes_nothing_else(other: Swap, taken: Swap) -> bool:
    span = Span(taken.scheduled_time, taken.ends_at)
    return all(common([Span(time, time + other.duration)], [span]) for time in other.proposals)
