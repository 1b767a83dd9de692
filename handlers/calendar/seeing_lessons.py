"""What somebody did in their calendar to a lesson, passed on as a wish of that lesson alone.

No more of a lesson is kept than that it is gone: what stands there says for which time it was written, and who moved
what was not at the time that holds saw something older.
"""

from collections.abc import Mapping

from handlers.calendar_port import Seen, event_id
from handlers.calendar_sync import keep_lesson_after_all
from handlers.context import Context, people
from handlers.errands import WishLessonEnd, WishLessonTime, ask_later
from handlers.events.calendar import CalendarDeleted
from handlers.meetings import tell_of
from handlers.times import Span
from handlers.views.series import agreed_lessons
from store.calendar_events import CalendarEvent, event_key
from store.series import Series


async def pass_on_lessons(user_id: str, series: Series, seen: Mapping[str, Seen], ctx: Context) -> None:
    """Whatever somebody did to those that are to come."""
    for lesson in agreed_lessons(series, ctx.now):
        found = seen.get(event_id(series.key(lesson.number), user_id))
        if found is None or lesson.span is None:
            continue
        # Asked anew for each: of two that were deleted together the second is kept beside the first.
        event = await ctx.store.calendar_events.get(event_key(series.id, user_id))
        if event is not None:
            await _pass_on(event, series, found, ctx, number=lesson.number, span=lesson.span)


async def _pass_on(event: CalendarEvent, series: Series, seen: Seen, ctx: Context, *, number: int, span: Span) -> None:
    if seen.is_gone:
        # Without an etag it never stood there: it is about to be written.
        if seen.etag and str(number) not in event.lessons_gone:
            await _is_deleted(event, series, ctx, number=number, span=span)
        return
    await keep_lesson_after_all(event, str(number), ctx)
    me, move = event.user_id, series.moves.get(str(number))
    is_asked = move is not None and (move.to, move.by) == (seen.start, me)
    if seen.is_moved and seen.written_start == span.start and not is_asked:
        wish = WishLessonTime(
            swap_id=series.id, user_id=me, number=number, was=span.start, time=seen.start, etag=seen.etag
        )  # fmt: skip
        await ask_later(wish, ctx)


async def _is_deleted(event: CalendarEvent, series: Series, ctx: Context, *, number: int, span: Span) -> None:
    """Tell both, and have it called off a while later, before it begins."""
    me, cancels_at = event.user_id, min(ctx.now + ctx.ports.rules.calendar_grace, ctx.now + (span.start - ctx.now) / 2)
    gone = {**event.lessons_gone, str(number): ctx.now}
    await ctx.store.calendar_events.set(event.id, event.state, at=event.updated_at, lessons_gone=gone)
    end = WishLessonEnd(swap_id=series.id, user_id=me, number=number, was=span.start, gone_at=ctx.now)
    await ask_later(end, ctx, at=cancels_at)
    told = CalendarDeleted(swap_id=series.id, user_id=me, cancels_at=cancels_at, lesson=number)
    ctx.emit(told, to=people(*series.people))
    mine = "You deleted a lesson in your calendar: it is called off soon, unless you put it back."
    theirs = "The other side deleted a lesson in their calendar: it is called off soon, unless they put it back."
    await tell_of(series, {me: mine, series.other(me): theirs}, ctx, times=[span.start], by=me)
