"""What people wish of a swap by what they do to it in their calendars: the same as if they had said it here.

So it is never done silently, nor past the rules; what they refuse is put back into the calendar, and said why.
"""

from dataclasses import replace

from handlers.calendar_sync import put_back
from handlers.context import Actor, Context
from handlers.errands import WishEnd, WishTime
from handlers.errors import Forbidden, Invalid
from handlers.swaps.answering import CounterSwap, UpdateSwap, counter_swap, update_swap
from handlers.swaps.lifecycle import TRANSITIONS, roles_of
from store.calendar_events import event_key
from store.statements import Measure
from store.swaps import Action, Swap

MOVED = "Moved in their calendar."
DELETED = "Deleted in their calendar."


async def wish_time(errand: WishTime, ctx: Context) -> None:
    """Propose the time to the other side, to which somebody moved a swap in their calendar."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    if swap is None or swap.version != errand.version:
        return
    if errand.time is None:
        raise Invalid.field("slots", "A swap does not take whole days.")
    await _require_voice(errand.user_id, ctx)
    acting = _as(errand.user_id, ctx)
    if _may(Action.COUNTER, swap, errand.user_id):
        await counter_swap(CounterSwap(swap_id=swap.id, slots=(errand.time,), reason=MOVED), acting)
    else:
        # Whoever waits for an answer corrects what they proposed.
        moved = UpdateSwap(swap_id=swap.id, action=Action.RESCHEDULE, scheduled_time=errand.time, reason=MOVED)
        await update_swap(moved, acting)


async def wish_end(errand: WishEnd, ctx: Context) -> None:
    """Cancel what somebody deleted in their calendar a while ago and did not put back; or turn it down."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    event = await ctx.store.calendar_events.get(event_key(errand.swap_id, errand.user_id))
    if swap is None or event is None or event.gone_at != errand.gone_at:
        return
    action = Action.CANCEL if _may(Action.CANCEL, swap, errand.user_id) else Action.REJECT
    await update_swap(UpdateSwap(swap_id=swap.id, action=action, reason=DELETED), _as(errand.user_id, ctx))


async def _require_voice(user_id: str, ctx: Context) -> None:
    """Refuse to propose for whom staff keeps from it here, too: no request came by the door that asks for that."""
    user = await ctx.store.users.get(user_id)
    # Asked of the store: no worker is told when staff restrains somebody.
    held = {one.measure for one in await ctx.store.statements.holding(user_id, now=ctx.now)}
    if user is None or not user.is_around(ctx.now) or held & {Measure.MUTE, Measure.WARNING}:
        raise Forbidden("You may not propose anything at the moment: /auth/statements/ says why.")


async def refuse_wish(errand: WishTime | WishEnd, why: str, ctx: Context) -> None:
    """It cannot be: the calendar says again what the swap is."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    if swap is not None:
        title = "What you did to a swap in your calendar cannot be; it is put back there."
        await put_back(swap, errand.user_id, ctx, title=title, why=why)


def _may(action: Action, swap: Swap, user_id: str) -> bool:
    rule = TRANSITIONS.get((swap.status, action))
    return rule is not None and bool(rule.roles & roles_of(user_id, swap))


def _as(user_id: str, ctx: Context) -> Context:
    """The same run, as this person's: they did it, only elsewhere."""
    return replace(ctx, signed_in=Actor(user_id, session_id="", expires_at=ctx.now))
