"""What is to be done with a swap at its time: let it expire, remind its people, take silence for consent.

Nothing is taken back when a swap moves: whatever comes due looks whether it is still about this time.
"""

from datetime import datetime

from handlers.context import Context
from handlers.errands import Errand, ask_later
from handlers.swaps.reminding import RemindOfSwap, plan_reminders
from store.swaps import OPEN, Status, Swap


class ExpireSwap(Errand):
    """Nobody answered, unless somebody did."""

    swap_id: str


class CloseCompeting(Errand):
    """This one has its time; others may wait for the same."""

    swap_id: str
    after: str = ""


class CompleteSwap(Errand):
    """Both were silent for long enough, if it was at that time."""

    swap_id: str
    scheduled_time: datetime


async def plan(before: Swap | None, after: Swap, ctx: Context) -> None:
    """Have done at its time what this version needs, and the one before did not."""
    if after.status in OPEN and after.expires_at is not None:
        await ask_later(ExpireSwap(swap_id=after.id), ctx, at=after.expires_at)
    if after.status is Status.ACCEPTED and (before is None or before.status is not Status.ACCEPTED):
        await plan_reminders(RemindOfSwap, after.scheduled_time, ctx, swap_id=after.id)
        await ask_later(CloseCompeting(swap_id=after.id), ctx)
        await ask_later(CompleteSwap(swap_id=after.id, scheduled_time=after.scheduled_time), ctx, at=after.completes_at)
