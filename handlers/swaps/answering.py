"""What the two people of a swap do to it: answer, propose other times, call it off, say what became of it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field, model_validator

from handlers.context import Context
from handlers.errors import Conflict, Invalid, NotAllowedNow
from handlers.models import Command, Planned, Prose, Reason, SwapId, Whole
from handlers.swaps.access import access_swap, require_wanted
from handlers.swaps.lifecycle import BY_STATUS, OUTCOMES, settled
from handlers.swaps.moves import move, require
from handlers.swaps.times import require_ahead
from handlers.views.swaps import SwapView
from store.swaps import Action, Outcome, Status, Swap

MOST_PROPOSALS = 5
# A document has an end, and so has patience: then it is yes or no.
MOST_STEPS = 60
# One may think better of it, of what was said as of what was given; each time the other side is told.
MOST_SAID = 5

Slots = Annotated[tuple[Planned, ...], Field(min_length=1, max_length=MOST_PROPOSALS)]


class _OfSwap(Command):
    turn_by = "swap_id"

    swap_id: SwapId
    version: Whole | None = Field(default=None, ge=1, description="Refused with the current swap if it has moved on.")
    reason: Reason = Field(default="", description="Why; the other side reads it.")


class UpdateSwap(_OfSwap):
    """What to do, by `action` or by the status that it leads to, and what it needs to know."""

    action: Action | None = None
    status: Status | None = Field(default=None, description="Instead of `action`: what the swap shall become.")
    scheduled_time: Planned | None = Field(default=None, description="With `reschedule`: when instead.")
    slots: Slots | None = Field(default=None, description="With `counter`: when else.")
    slot: Planned | None = Field(default=None, description="With `accept`, of several proposals: which one.")
    delivered: Prose | None = Field(default=None, description="With `confirm`: what you gave; the other side reads it.")

    @model_validator(mode="after")
    def one_action(self) -> "UpdateSwap":
        """An action is named, by one word or by two that agree."""
        named = BY_STATUS.get(self.status) if self.status is not None else None
        if self.action is None and named is None:
            raise ValueError("Say what to do, by `action`.")
        if self.action is not None and self.status is not None and named is not self.action:
            raise ValueError("`status` and `action` differ; send one of them.")
        if self.delivered is not None and self.asked is not Action.CONFIRM:
            raise ValueError("What you gave is said with `confirm`.")
        return self

    def speaks(self) -> bool:
        """Yes and no are between the two; what is proposed anew is not."""
        return self.asked in (Action.RESCHEDULE, Action.COUNTER)

    @property
    def asked(self) -> Action:
        """What is to be done."""
        return self.action or BY_STATUS[self.status or Status.PENDING]


class CounterSwap(_OfSwap):
    """When else: one to five times."""

    slots: Slots


async def update_swap(command: UpdateSwap, ctx: Context) -> SwapView:
    """Answer a swap, propose another time, call it off, or say what became of it."""
    swap = await _access_version(command, ctx)
    if (doing := DOING.get(command.asked)) is None:
        raise Invalid.field("action", f"Nobody does `{command.asked}` to a swap by themselves.")
    return await doing(command, swap, ctx)


async def counter_swap(command: CounterSwap, ctx: Context) -> SwapView:
    """Answer by other times, up to five, of which the other side may accept one."""
    return await _propose(command, await _access_version(command, ctx), command.slots, Action.COUNTER, ctx)


async def _access_version(command: _OfSwap, ctx: Context) -> Swap:
    swap = await access_swap(command.swap_id, ctx)
    if command.version is not None and command.version != swap.version:
        raise Conflict("The swap has changed since.", current=SwapView.of(swap))
    return swap


async def _accept(command: UpdateSwap, swap: Swap, ctx: Context) -> SwapView:
    require(Action.ACCEPT, swap, ctx)
    await require_wanted(swap, ctx)
    if command.slot is None and len(swap.proposals) > 1:
        raise Invalid.field("slot", "Several times are proposed: say which one.", code="missing")
    time = command.slot or swap.proposals[0]
    if time not in swap.proposals:
        raise Invalid.field("slot", "This time is not among those that are proposed.")
    require_ahead(time, "slot", ctx)
    return await _move(command, swap, Action.ACCEPT, Status.ACCEPTED, ctx, time=time)


async def _reschedule(command: UpdateSwap, swap: Swap, ctx: Context) -> SwapView:
    if command.scheduled_time is None:
        raise Invalid.field("scheduled_time", "Say when instead.", code="missing")
    return await _propose(command, swap, (command.scheduled_time,), Action.RESCHEDULE, ctx)


async def _counter(command: UpdateSwap, swap: Swap, ctx: Context) -> SwapView:
    if command.slots is None:
        raise Invalid.field("slots", "Say when else, by one to five times.", code="missing")
    return await _propose(command, swap, command.slots, Action.COUNTER, ctx)


async def _propose(command: _OfSwap, swap: Swap, times: tuple[datetime, ...], action: Action, ctx: Context) -> SwapView:
    rule = require(action, swap, ctx)
    await require_wanted(swap, ctx)
    if len(swap.history) >= MOST_STEPS:
        raise NotAllowedNow(
            "Enough times were proposed: accept one, or end it and ask anew.", current=SwapView.of(swap)
        )
    for time in times:
        require_ahead(time, "scheduled_time" if action is Action.RESCHEDULE else "slots", ctx)
    proposals = tuple(sorted(set(times)))
    return await _move(command, swap, action, rule.to or swap.status, ctx, time=proposals[0], proposals=proposals)


async def _end(command: UpdateSwap, swap: Swap, ctx: Context) -> SwapView:
    rule = require(command.asked, swap, ctx)
    return await _move(command, swap, command.asked, rule.to or swap.status, ctx)


async def _dispute(command: UpdateSwap, swap: Swap, ctx: Context) -> SwapView:
    if not command.reason:
        raise Invalid.field("reason", "Say what is wrong; staff decides by it.", code="missing")
    if any(step.action is Action.DECIDE for step in swap.history):
        raise NotAllowedNow("Staff has decided this swap; that holds.", current=SwapView.of(swap))
    return await _end(command, swap, ctx)


async def _say(command: UpdateSwap, swap: Swap, ctx: Context) -> SwapView:
    require(command.asked, swap, ctx)
    me = ctx.actor.user_id
    said = {**swap.outcomes, me: OUTCOMES[command.asked]}
    gave = swap.delivered.get(me) if command.delivered is None else command.delivered
    delivered = {person: what for person, what in swap.delivered.items() if person != me}
    if gave and command.asked is Action.CONFIRM:
        delivered[me] = gave
    if (said, delivered) == (swap.outcomes, swap.delivered):
        return SwapView.of(swap)
    # Counted of one's own steps: nobody uses up what the other side has to say.
    if sum(step.by == me and step.action in OUTCOMES for step in swap.history) >= MOST_SAID:
        raise NotAllowedNow("You have said often enough what became of it.", current=SwapView.of(swap))
    to = settled(said, is_time_up=False)
    return await _move(command, swap, command.asked, to, ctx, outcomes=said, delivered=delivered)


async def _move(
    command: _OfSwap,
    swap: Swap,
    action: Action,
    to: Status,
    ctx: Context,
    *,
    time: datetime | None = None,
    proposals: tuple[datetime, ...] = (),
    outcomes: Mapping[str, Outcome] | None = None,
    delivered: Mapping[str, str] | None = None,
) -> SwapView:
    return await move(
        swap, action, to, ctx, by=ctx.actor.user_id, why=command.reason, time=time, proposals=proposals,
        outcomes=outcomes, delivered=delivered,
    )  # fmt: skip


DOING: dict[Action, Callable[[UpdateSwap, Swap, Context], Awaitable[SwapView]]] = {
    Action.ACCEPT: _accept,
    Action.REJECT: _end,
    Action.CANCEL: _end,
    Action.RESCHEDULE: _reschedule,
    Action.COUNTER: _counter,
    Action.DISPUTE: _dispute,
    **dict.fromkeys(OUTCOMES, _say),
}
