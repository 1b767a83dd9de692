"""The one way in which a swap changes: the table is asked, a version is written, and everybody concerned hears of it.

A version has exactly one entry in the history, one event and one message in the swap's conversation.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.calendar_sync import show_change
from handlers.context import Context, people
from handlers.conversations import note
from handlers.errands import SwapSettled, ask_later
from handlers.errors import Conflict, Forbidden, NotAllowedNow
from handlers.events.swaps import SwapExpired, SwapUpdated
from handlers.meetings import tell_of
from handlers.swaps.calendar import keep_time
from handlers.swaps.credit import keep_credit
from handlers.swaps.lifecycle import TRANSITIONS, Role, Rule, is_time, roles_of
from handlers.swaps.reliability import consequences
from handlers.swaps.reminding import reminder_key
from handlers.swaps.schedule import plan
from handlers.swaps.times import answer_by, told
from handlers.views.swaps import SwapView
from store.swaps import Action, Outcome, Status, Step, Swap

PARTICIPLES = {
    Action.REQUEST: "asked for",
    Action.ACCEPT: "accepted",
    Action.REJECT: "rejected",
    Action.CANCEL: "cancelled",
    Action.RESCHEDULE: "rescheduled",
    Action.COUNTER: "answered by other times",
    Action.CONFIRM: "confirmed",
    Action.DID_NOT_HAPPEN: "said not to have happened",
    Action.NO_SHOW: "said to have been missed",
    Action.DISPUTE: "disputed",
    Action.DECIDE: "decided by staff",
    Action.EXPIRE: "not answered in time",
    Action.COMPLETE: "settled, as nobody said otherwise",
    Action.CLOSE: "closed, as its time is taken",
    Action.LEAVE: "cancelled, as the other side has left",
}


def require(action: Action, swap: Swap, ctx: Context) -> Rule:
    """The rule by which the actor may do this now; refuses whoever may not, and what cannot be done."""
    return require_as(roles_of(ctx.actor.user_id, swap), action, swap, ctx.now)


def require_as(roles: frozenset[Role], action: Action, swap: Swap, now: datetime) -> Rule:
    """The same for somebody of these roles."""
    rule = TRANSITIONS.get((swap.status, action))
    word = PARTICIPLES[action]
    if rule is None:
        raise NotAllowedNow(f"A swap that is {swap.status} cannot be {word}.", current=SwapView.of(swap))
    if not rule.roles & roles:
        raise Forbidden(f"This swap cannot be {word} by you now; it waits for the other side.")
    if not is_time(rule.when, swap, now):
        raise NotAllowedNow(f"A swap can be {word} {rule.when}.", current=SwapView.of(swap))
    if Role.SERVER not in roles and swap.expires_at is not None and now >= swap.expires_at:
        raise NotAllowedNow("Nobody answered this swap in time.", current=SwapView.of(swap))
    return rule


async def move(
    swap: Swap,
    action: Action,
    to: Status,
    ctx: Context,
    *,
    by: str | None,
    why: str = "",
    time: datetime | None = None,
    proposals: tuple[datetime, ...] = (),
    outcomes: Mapping[str, Outcome] | None = None,
    delivered: Mapping[str, str] | None = None,
) -> SwapView:
    """Write the next version of a swap and tell of it. Whoever proposes something has the other side asked."""
    is_moved = time is not None and time != swap.scheduled_time
    times = {"old_time": swap.scheduled_time, "new_time": time} if is_moved else {}
    step = Step(action=action, by=by, at=ctx.now, status=to, why=why, **times)
    fields = {
        "status": to,
        "scheduled_time": time or swap.scheduled_time,
        "proposals": proposals,
        "turn": swap.other(by) if proposals and by is not None else None,
        "expires_at": answer_by(proposals, ctx) if proposals else None,
        "outcomes": swap.outcomes if outcomes is None else outcomes,
        "delivered": swap.delivered if delivered is None else delivered,
    }
    moved = await _write(swap, step, fields, ctx)
    await _follow(swap, moved, ctx)
    return await _tell(moved, step, ctx)


async def _write(swap: Swap, step: Step, fields: Mapping[str, Any], ctx: Context) -> Swap:
    """The next version, with what it comes to, unless somebody was first."""
    history = {"version": swap.version + 1, "history": (*swap.history, step), "updated_at": ctx.now}
    moved = swap.model_copy(update={**fields, **history})
    moved = moved.model_copy(update=consequences(swap, moved, ctx))
    if moved.status is not Status.ACCEPTED:
        # What was told of its time is taken back with it; agreed on anew, it is told anew.
        moved = moved.model_copy(update={"reminded": ()})
    moved = moved.model_copy(update={"transfer": await keep_credit(swap, moved, ctx)})
    if not await ctx.store.swaps.replace(moved, version=swap.version):
        raise Conflict("Somebody changed this swap first.", current=SwapView.of(swap))
    return moved


async def _follow(swap: Swap, moved: Swap, ctx: Context) -> None:
    """What else has to be otherwise: people's time, what is done at its own time, who rests on it, calendars."""
    await keep_time(swap, moved, ctx)
    await plan(swap, moved, ctx)
    if Status.COMPLETED in (swap.status, moved.status) or swap.broken_by or moved.broken_by:
        await ask_later(SwapSettled(swap_id=moved.id), ctx)
    await show_change(moved, ctx)


async def _tell(moved: Swap, step: Step, ctx: Context) -> SwapView:
    """Say it in the swap's conversation, and to both."""
    times = moved.proposals or ((moved.scheduled_time,) if step.new_time is not None else ())
    await note(moved.thread_id, f"swap:{step.action}", told(times, step.why), ctx, sender=step.by or "")
    title = f"Your swap was {PARTICIPLES[step.action]}."
    titles = {person: title for person in moved.people if person != step.by}
    when = moved.proposals or (moved.scheduled_time,)
    # It is not held at that time: that it begins soon is told no longer.
    over = [] if moved.status is Status.ACCEPTED else [reminder_key(moved.id)]
    await tell_of(moved, titles, ctx, times=when, why=step.why, known_to=step.by, over=over, unnamed=step.by is None)
    view = SwapView.of(moved)
    event = SwapExpired(swap=view) if moved.status is Status.EXPIRED else SwapUpdated(swap=view)
    ctx.emit(event, to=people(*moved.people), unnamed=step.by is None)
    return view
