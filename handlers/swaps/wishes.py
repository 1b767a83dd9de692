"""What people wish of a swap by what they do to it in their calendars: the same as if they had said it here.

So it is never done silently, nor past the rules; what they refuse is put back into the calendar, and said why.
"""

from handlers.calendar_sync import lessons_later, put_back
from handlers.context import Context
from handlers.errands import WishEnd, WishLesson, WishLessonEnd, WishLessonTime, WishTime
from handlers.errors import Forbidden, Invalid
from handlers.meetings import tell_of
from handlers.swaps.answering import CounterSwap, UpdateSwap, counter_swap, update_swap
from handlers.swaps.lifecycle import TRANSITIONS, roles_of
from handlers.swaps.series import CancelLesson, MoveLesson, cancel_lesson, move_lesson
from handlers.views.series import agreed_lessons
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
    acting = ctx.by(errand.user_id)
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
    await update_swap(UpdateSwap(swap_id=swap.id, action=action, reason=DELETED), ctx.by(errand.user_id))


async def wish_lesson_time(errand: WishLessonTime, ctx: Context) -> None:
    """Propose the time to the other side, to which somebody moved a lesson; until then it stands where it is held."""
    if not await _is_still_so(errand, ctx):
        return
    if errand.time is None:
        raise Invalid.field("start", "A lesson does not take whole days.")
    await _require_voice(errand.user_id, ctx)
    moved = MoveLesson(swap_id=errand.swap_id, number=errand.number, start=errand.time)
    await move_lesson(moved, ctx.by(errand.user_id))
    await lessons_later(errand.swap_id, errand.user_id, [errand.number], ctx, known=errand.etag)


async def wish_lesson_end(errand: WishLessonEnd, ctx: Context) -> None:
    """Call off a lesson that somebody deleted in their calendar a while ago and did not put back; the others stay."""
    event = await ctx.store.calendar_events.get(event_key(errand.swap_id, errand.user_id))
    is_gone = event is not None and event.lessons_gone.get(str(errand.number)) == errand.gone_at
    if is_gone and await _is_still_so(errand, ctx):
        off = CancelLesson(swap_id=errand.swap_id, number=errand.number)
        await cancel_lesson(off, ctx.by(errand.user_id))


async def refuse_lesson_wish(errand: WishLessonTime | WishLessonEnd, why: str, ctx: Context) -> None:
    """It cannot be: the calendar says again when the lesson is."""
    series = await ctx.store.series.get(errand.swap_id)
    if series is not None:
        known = errand.etag if isinstance(errand, WishLessonTime) else ""
        await lessons_later(series.id, errand.user_id, [errand.number], ctx, known=known)
        title = "What you did to a lesson in your calendar cannot be; it is put back there."
        await tell_of(series, {errand.user_id: title}, ctx, times=[errand.was], why=why)


async def _is_still_so(errand: WishLesson, ctx: Context) -> bool:
    """Whether the lesson is held as they saw it."""
    held = agreed_lessons(await ctx.store.series.get(errand.swap_id), ctx.now)
    return any(one.number == errand.number and one.span is not None and one.span.start == errand.was for one in held)


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
