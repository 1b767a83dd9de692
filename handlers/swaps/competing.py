"""What else people have open, once an agreement has its time: it is answered, so that nobody waits in vain.

One offer may be taught to many, so that it is the time that counts: what proposes any that is left stays open.
"""

from handlers.booking import booked
from handlers.context import Context
from handlers.errands import ask_later
from handlers.swaps.calendar import spans_of
from handlers.swaps.moves import move
from handlers.swaps.schedule import CloseCompeting
from handlers.times import Span, common
from store.swaps import Action, Status, Swap

# One transaction for so many, then another one.
AT_ONCE = 10
TAKEN = "All that was proposed is taken now."


async def close_competing(errand: CloseCompeting, ctx: Context) -> None:
    """Close what the two who agreed have open with anybody and proposes nothing but times that are taken now."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    if swap is None or swap.status is not Status.ACCEPTED:
        return
    # Of both asked apart: of two people in one question the embedded database reads everybody's.
    of_each = [await ctx.store.swaps.waiting_with(one, after=errand.after, limit=AT_ONCE) for one in swap.people]
    found = {other.order: other for some in of_each for other in some}
    first = [found[order] for order in sorted(found)[:AT_ONCE]]
    for other in first:
        if not await _has_any_left(other, swap, ctx):
            await move(other, Action.CLOSE, Status.REJECTED, ctx, by=None, why=TAKEN)
    if len(first) == AT_ONCE:
        await ask_later(errand.model_copy(update={"after": first[-1].order}), ctx)


async def _has_any_left(other: Swap, taken: Swap, ctx: Context) -> bool:
    spans = spans_of(other)
    if not common(spans, [Span(taken.scheduled_time, taken.ends_at)]):
        # It is none of this one's.
        return True
    busy = await booked(other.people, spans, ctx)
    return any(not common([span], busy) for span in spans)
