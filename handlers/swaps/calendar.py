"""What swaps keep free of their people's time: an accepted one books both, whatever undoes it gives it back.

What somebody offers by other times is held for a while, so that they cannot offer it twice.
"""

from datetime import timedelta

from handlers.booking import book, hold, release
from handlers.context import Context
from handlers.times import Span
from store.swaps import Status, Swap

HELD = timedelta(hours=24)


async def keep_time(before: Swap, after: Swap, ctx: Context) -> None:
    """Book, hold or give back what this version is about; raises `Conflict` where somebody is busy then."""
    ref = f"swap:{after.id}"
    if after.status is Status.ACCEPTED:
        if before.status is not Status.ACCEPTED:
            await book(after.people, [Span(after.scheduled_time, after.ends_at)], ref, ctx)
    elif after.status is Status.COUNTERED and after.turn is not None and after.expires_at is not None:
        spans = [Span(time, time + after.duration) for time in after.proposals]
        await hold([after.other(after.turn)], spans, ref, ctx, until=min(ctx.now + HELD, after.expires_at))
    else:
        await release(ref, ctx)
