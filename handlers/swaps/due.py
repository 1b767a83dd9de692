"""What the server does to swaps because it is time; each looks first whether it still is."""

from datetime import timedelta

from handlers.context import Context, people
from handlers.events.swaps import SwapReminder
from handlers.notifying import notify
from handlers.swaps.lifecycle import settled
from handlers.swaps.moves import move
from handlers.swaps.schedule import BEFORE, CompleteSwap, ExpireSwap, RemindOfSwap
from store.notifications import Topic
from store.swaps import OPEN, Action, Status


async def expire_swap(errand: ExpireSwap, ctx: Context) -> None:
    """Nobody answered in time."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    if swap is None or swap.status not in OPEN or swap.expires_at is None or swap.expires_at > ctx.now:
        return
    await move(swap, Action.EXPIRE, Status.EXPIRED, ctx, by=None)


async def remind_of_swap(errand: RemindOfSwap, ctx: Context) -> None:
    """Remind both, once. One that is late is dropped when the next one is due, or the swap has begun."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    if swap is None or swap.status is not Status.ACCEPTED or swap.scheduled_time != errand.scheduled_time:
        return
    next_one = max((ahead for ahead in BEFORE.values() if ahead < BEFORE[errand.before]), default=timedelta(0))
    if swap.scheduled_time - ctx.now <= next_one:
        return
    # A job may be done twice, by a worker that dies before it can say that it is done.
    if await ctx.store.swaps.remind(swap.id, f"{errand.before} {errand.scheduled_time.isoformat()}"):
        told = SwapReminder(swap_id=swap.id, scheduled_time=swap.scheduled_time, before=errand.before)
        ctx.emit(told, to=people(*swap.people))
        await notify(
            swap.people,
            Topic.REMINDERS,
            ctx,
            title=f"Your swap begins in {'an hour' if errand.before == '1h' else 'a day'}.",
            about=f"swap:{swap.id}",
            key=f"reminder:{swap.id}",
            urgent=errand.before == "1h",
            expires_at=swap.scheduled_time,
        )


async def complete_swap(errand: CompleteSwap, ctx: Context) -> None:
    """Both were silent for long enough, or one of them was: then what the other one said holds."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    if swap is None or swap.status is not Status.ACCEPTED or swap.scheduled_time != errand.scheduled_time:
        return
    await move(swap, Action.COMPLETE, settled(swap.outcomes, is_time_up=True), ctx, by=None)
