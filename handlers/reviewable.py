"""What may be reviewed, by whom, until when: a swap that was held, by each side once, within two weeks.

One that the other side broke, by not coming or calling it off too late, may be reviewed by who was there for it.
"""

from datetime import datetime, timedelta

from handlers.context import Context
from handlers.errors import NotAllowedNow, NotFound
from store.swaps import Outcome, Status, Swap

WINDOW = timedelta(days=14)
MOST_PENDING = 100


def until(swap: Swap) -> datetime:
    """When the time for reviews is over, and those of one side alone are opened."""
    return (swap.closed_at or swap.updated_at) + WINDOW


def may_review(user_id: str, swap: Swap) -> bool:
    """Whether it was held, also by this person, or they were let down; whoever says that it did not happen may not."""
    has_denied = swap.outcomes.get(user_id) not in (None, Outcome.HAPPENED)
    return (was_held(swap) and not has_denied) or user_id in swap.let_down


def was_held(swap: Swap) -> bool:
    """Whether it was, as far as anybody says."""
    return swap.status is Status.COMPLETED


def may_be_reviewed(swap: Swap) -> bool:
    """Whether by anybody."""
    return was_held(swap) or bool(swap.let_down)


async def access_reviewable(swap_id: str, ctx: Context) -> Swap:
    """A swap that the actor may review now; refuses every other one."""
    me = ctx.actor.user_id
    swap = await ctx.store.swaps.get(swap_id)
    if swap is None or me not in swap.people:
        raise NotFound("There is no such swap.")
    if not may_be_reviewed(swap):
        raise NotAllowedNow(
            f"A swap that is {swap.status} cannot be reviewed; one that was completed or broken by the other side can."
        )
    if me in swap.broken_by:
        raise NotAllowedNow("You broke this swap: how that was is said by who was there for it.")
    if not may_review(me, swap):
        raise NotAllowedNow("You said that it did not happen, so there is nothing to review.")
    if ctx.now >= until(swap):
        raise NotAllowedNow("Two weeks have passed since; it can no longer be reviewed.")
    return swap


async def pending(user_id: str, ctx: Context) -> list[Swap]:
    """What somebody may still review, the last settled first."""
    since = ctx.now - WINDOW
    held = await ctx.store.swaps.completed(user_id, since=since, limit=MOST_PENDING)
    broken = await ctx.store.swaps.broken(user_id, since=since, limit=MOST_PENDING)
    found = sorted([*held, *broken], key=until, reverse=True)
    done = await ctx.store.reviews.written_about([swap.id for swap in found], user_id) if found else set()
    return [swap for swap in found if swap.id not in done and may_review(user_id, swap)]
