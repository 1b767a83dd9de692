"""Reminding people of what is near: of swaps and of lessons alike, once each, and nobody who is on vacation.

Whatever comes due looks whether it is still about this time; what was told of one that is not any more counts as read.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from handlers.between import who_is_there
from handlers.context import Context, people
from handlers.errands import Errand, ask_later
from handlers.events.swaps import SwapReminder
from handlers.lessons import Lesson
from handlers.meetings import tell_of
from handlers.swaps.clocks import Clocks, clocks_for
from handlers.times import Span
from handlers.views.series import lessons_of
from handlers.views.times import SlotView
from store.notifications import Topic
from store.series import Series, State
from store.swaps import Status, Swap

Before = Literal["24h", "1h"]
AT_A_TIME = timedelta(weeks=5)
BEFORE: dict[Before, timedelta] = {"24h": timedelta(hours=24), "1h": timedelta(hours=1)}


class RemindOfSwap(Errand):
    """It is near, if it is still at that time."""

    swap_id: str
    scheduled_time: datetime
    before: Before


class RemindOfLesson(RemindOfSwap):
    """A lesson beside the swap is near, if it is still at that time."""

    number: int


class PlanLessons(Errand):
    """See to the reminders of the lessons that come after a moment, a few weeks of them at a time.

    A year of them at once would be more than the agreement's own transaction has time for.
    """

    swap_id: str
    after: datetime


async def plan_reminders(errand: type[RemindOfSwap], start: datetime, ctx: Context, **which: object) -> None:
    """Have people reminded of a meeting, as far as there is time for it."""
    for before, ahead in BEFORE.items():
        if start - ahead > ctx.now:
            reminder = errand.model_validate({**which, "scheduled_time": start, "before": before})
            await ask_later(reminder, ctx, at=start - ahead)


async def plan_lessons(series: Series, which: Sequence[Lesson], ctx: Context) -> None:
    """Have people reminded of these lessons; of one that is planned twice they are told once."""
    for lesson in which:
        if lesson.span is not None:
            await plan_reminders(RemindOfLesson, lesson.span.start, ctx, swap_id=series.id, number=lesson.number)


async def plan_coming_lessons(errand: PlanLessons, ctx: Context) -> None:
    """Have people reminded of the next lessons; of those that come later, later."""
    series = await ctx.store.series.get(errand.swap_id)
    if series is None or series.state is not State.AGREED:
        return
    until = errand.after + AT_A_TIME
    coming = [one for one in lessons_of(series) if one.span is not None and one.span.start > errand.after]
    await plan_lessons(series, [one for one in coming if one.span is not None and one.span.start <= until], ctx)
    if any(one.span is not None and one.span.start > until for one in coming):
        await ask_later(PlanLessons(swap_id=series.id, after=until), ctx, at=until - 2 * max(BEFORE.values()))


def reminder_key(swap_id: str, lesson: int | None = None) -> str:
    """By what a reminder of a swap, or of a lesson beside it, is found."""
    return f"reminder:{swap_id}" if lesson is None else f"reminder:{swap_id}:{lesson}"


def reminders_of(series: Series, which: Sequence[Lesson], ctx: Context) -> list[str]:
    """By what those of lessons are found that people may have been reminded of."""
    soon = ctx.now + max(BEFORE.values())
    return [reminder_key(series.id, one.number) for one in which if one.span is not None and one.span.start <= soon]


async def remind_of_swap(errand: RemindOfSwap, ctx: Context) -> None:
    """Remind both, once. One that is late is dropped when the next one is due, or the swap has begun."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    if swap is None or swap.status is not Status.ACCEPTED or swap.scheduled_time != errand.scheduled_time:
        return
    # A job may be done twice, by a worker that dies before it can say that it is done.
    if _is_time(errand, ctx) and await ctx.store.swaps.remind(swap.id, _mark(errand)):
        await _remind(swap, errand, ctx)


async def remind_of_lesson(errand: RemindOfLesson, ctx: Context) -> None:
    """Remind both of a lesson, by the same rules."""
    series = await ctx.store.series.get(errand.swap_id)
    if series is None or series.state is not State.AGREED:
        return
    starts = [one.span.start for one in lessons_of(series) if one.number == errand.number and one.span is not None]
    if starts != [errand.scheduled_time] or not _is_time(errand, ctx):
        return
    if await ctx.store.series.remind(series.id, f"{errand.number} {_mark(errand)}"):
        await _remind(series, errand, ctx, lesson=errand.number)


def _mark(errand: RemindOfSwap) -> str:
    return f"{errand.before} {errand.scheduled_time.isoformat()}"


def _is_time(errand: RemindOfSwap, ctx: Context) -> bool:
    next_one = max((ahead for ahead in BEFORE.values() if ahead < BEFORE[errand.before]), default=timedelta(0))
    return errand.scheduled_time - ctx.now > next_one


async def _remind(meeting: Swap | Series, errand: RemindOfSwap, ctx: Context, *, lesson: int | None = None) -> None:
    there = await who_is_there(meeting.people, ctx)
    swap = meeting if isinstance(meeting, Swap) else await ctx.store.swaps.get(meeting.id)
    length = meeting.duration if isinstance(meeting, Swap) else meeting.length
    if swap is not None:
        time = Span(errand.scheduled_time, errand.scheduled_time + length)
        for person, clocks in (await clocks_for(there, swap, ctx)).items():
            ctx.emit(_reminder(errand, time, clocks, lesson), to=people(person))
    what = "swap" if lesson is None else "lesson"
    title = f"Your {what} begins in {'an hour' if errand.before == '1h' else 'a day'}."
    await tell_of(
        meeting,
        dict.fromkeys(there, title),
        ctx,
        times=[errand.scheduled_time],
        topic=Topic.REMINDERS,
        key=reminder_key(errand.swap_id, lesson),
        urgent=errand.before == "1h",
        expires_at=errand.scheduled_time,
    )


def _reminder(errand: RemindOfSwap, time: Span, clocks: Clocks, lesson: int | None) -> SwapReminder:
    return SwapReminder(
        swap_id=errand.swap_id,
        scheduled_time=errand.scheduled_time,
        before=errand.before,
        lesson=lesson,
        time=SlotView.of(time, *clocks),
        your_time_zone=str(clocks.mine),
        their_time_zone=None if clocks.theirs is None else str(clocks.theirs),
    )
