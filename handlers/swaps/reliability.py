"""Who kept their word: reckoned as a swap ends, from what both said and from what was called off too late.

Fair is what it counts: a swap that was called off in time, or that nobody says was missed, is held against nobody.
"""

from datetime import timedelta
from typing import Any

from handlers.context import Context
from store.swaps import OPEN, Action, Outcome, Status, Swap


def consequences(before: Swap, after: Swap, ctx: Context) -> dict[str, Any]:
    """What else a version holds because of what it came to."""
    if after.status is Status.ACCEPTED:
        return {"completes_at": after.ends_at + ctx.ports.rules.swap_silence, "left_late": None}
    gave_up = before.status is Status.ACCEPTED and before.scheduled_time - ctx.now < _notice_of(before, ctx)
    done = after.history[-1]
    by = done.by if gave_up and done.action in (Action.CANCEL, Action.RESCHEDULE, Action.COUNTER) else before.left_late
    if after.status in OPEN:
        # Proposing something else would be the way around the window; it counts unless that is agreed on.
        return {"completes_at": None, "left_late": by}
    kept, broken = _judged(after, by)
    return {"completes_at": None, "closed_at": ctx.now, "kept_by": kept, "broken_by": broken}


def _notice_of(swap: Swap, ctx: Context) -> timedelta:
    """How long before it one may still call it off: what the offer said when it was asked about, or what all say."""
    said = None if swap.gig_snapshot is None else swap.gig_snapshot.notice_hours
    return ctx.ports.rules.late_cancel if said is None else timedelta(hours=said)


def _judged(swap: Swap, left_late: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    match swap.status:
        case Status.COMPLETED:
            return swap.people, ()
        case Status.NO_SHOW:
            absent = tuple(who for who in swap.people if swap.outcomes.get(swap.other(who)) is Outcome.NO_SHOW)
            return tuple(who for who in swap.people if who not in absent), absent
        case Status.DISPUTED:
            return (), ()
    return (), (left_late,) if left_late is not None else ()
