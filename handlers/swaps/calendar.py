"""What swaps keep free of their people's time: an accepted one books both, whatever undoes it gives it back.

What somebody proposes instead is held for a while, so that they cannot offer it twice, and is no time at which the
other one is busy. Who asks for a swap holds nothing: one may ask several, and the first yes answers the others.
"""

from datetime import timedelta

from handlers.booking import book, hold, release, require_free
from handlers.context import Context
from handlers.times import Span
from store.swaps import OPEN, Status, Swap

HELD = timedelta(hours=24)


async def keep_time(before: Swap, after: Swap, ctx: Context) -> None:
    """Book, hold or give back what this version is about; raises `Conflict` where somebody is busy then."""
    ref = f"swap:{after.id}"
    if after.status is Status.ACCEPTED:
        if before.status is not Status.ACCEPTED:
            await book(after.people, [Span(after.scheduled_time, after.ends_at)], ref, ctx)
    elif after.status in OPEN and after.turn is not None and after.expires_at is not None:
        until = min(ctx.now + HELD, after.expires_at)
        await hold([after.other(after.turn)], spans_of(after), ref, ctx, until=until, beside=[after.turn])
    else:
        await release(ref, ctx)


async def require_both_free(asked: Swap, ctx: Context) -> None:
    """Refuse to ask for a time at which one of the two is busy: it could not be accepted."""
    await require_free(asked.people, spans_of(asked), ctx)


def spans_of(swap: Swap) -> list[Span]:
    """What it proposes."""
    return [Span(time, time + swap.duration) for time in swap.proposals]
