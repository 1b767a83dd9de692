"""Lessons week by week, beside the swap that two people began with: proposed by one, agreed by both.

The swap is a meeting of its own and no lesson: what becomes of the one changes nothing of the others.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from handlers.booking import book_each, release_each
from handlers.calendar_sync import show_lessons
from handlers.context import Context, people
from handlers.conversations import note
from handlers.errands import ask_later
from handlers.errors import Conflict, Forbidden, Invalid, NotAllowedNow, NotFound
from handlers.events.times import SeriesUpdated
from handlers.lessons import Lesson
from handlers.meetings import tell_of
from handlers.models import Command, Creating, Planned, Query, SwapId, TimeZone, Whole
from handlers.swaps.access import access_swap, require_wanted
from handlers.swaps.reminding import PlanLessons, plan_lessons, reminders_of
from handlers.swaps.times import require_ahead
from handlers.views.series import SeriesView, lessons_of, to_come
from store.series import Otherwise, Series, State
from store.swaps import AGREED, Swap

MOST_LESSONS = 52
TITLES = {
    "propose": "Lessons with you are proposed.",
    "accept": "Your lessons are agreed on.",
    "move": "Another time is proposed for a lesson of yours.",
    "moved": "The other time of a lesson of yours is agreed on.",
    "cancel": "A lesson of yours was called off.",
    "end": "Your lessons were called off.",
}


def wall_time(text: str) -> str:
    """Refuse what is no time of the calendar."""
    datetime.fromisoformat(text)
    return text


WallTime = Annotated[str, StringConstraints(pattern=r"^20\d\d-\d\d-\d\dT\d\d:\d\d$"), AfterValidator(wall_time)]
Number = Annotated[Whole, Field(ge=0, lt=MOST_LESSONS)]
Version = Annotated[Whole, Field(ge=1, description="What you saw; refused with the current series if it moved on.")]


class GetSeries(Query):
    """Beside which swap."""

    swap_id: SwapId


class ProposeSeries(Creating):
    """So many lessons beside a swap, at the same time by the clock on the wall."""

    turn_by = "swap_id"

    swap_id: SwapId
    start: WallTime = Field(description="Of the first lesson, like 2027-03-08T10:00, by the clock in `time_zone`.")
    time_zone: TimeZone
    every_weeks: Annotated[Whole, Field(ge=1, le=4)] = 1
    count: Annotated[Whole, Field(ge=2, le=MOST_LESSONS)]
    duration_minutes: Annotated[Whole, Field(ge=15, le=240, multiple_of=5)] = 60
    without: Annotated[tuple[Number, ...], Field(max_length=MOST_LESSONS)] = Field((), description="These are off.")


class AcceptSeries(Command):
    """Which version."""

    turn_by = "swap_id"

    swap_id: SwapId
    version: Version


class EndSeries(Command):
    """Beside which swap."""

    turn_by = "swap_id"

    swap_id: SwapId


class CancelLesson(EndSeries):
    """Which one."""

    number: Number


class MoveLesson(CancelLesson):
    """Which one, to when."""

    start: Planned


async def get_series(query: GetSeries, ctx: Context) -> SeriesView:
    """The lessons beside one of your swaps, each in UTC and by the clock of the series."""
    _, series = await _access(query.swap_id, ctx)
    return SeriesView.of(series)


async def propose_series(command: ProposeSeries, ctx: Context) -> SeriesView:
    """Propose lessons week by week to the other one of an agreed swap; the clocks may change, the hour stays.

    The swap itself is none of them. Nothing is booked before the other side accepts.
    """
    swap = await access_swap(command.swap_id, ctx)
    if swap.status not in AGREED:
        raise NotAllowedNow("Agree on the swap first, then on lessons beside it.")
    await require_wanted(swap, ctx)
    before = await ctx.store.series.get(swap.id)
    if before is not None and before.state is not State.ENDED:
        raise NotAllowedNow("There is a series beside this swap; end it first.", current=SeriesView.of(before))
    me = ctx.actor.user_id
    series = Series(
        **command.model_dump(exclude={"client_id", "swap_id", "without"}),
        id=swap.id,
        people=swap.people,
        state=State.PROPOSED,
        turn=swap.other(me),
        otherwise={str(number): Otherwise(to=None, by=me) for number in command.without if number < command.count},
        version=1 if before is None else before.version + 1,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    held = [lesson.span for lesson in lessons_of(series) if lesson.span is not None]
    if not held:
        raise Invalid.field("without", "Leave some of them.")
    require_ahead(held[0].start, "start", ctx)
    if before is None:
        await ctx.store.series.insert(series)
    else:
        await _replace(before, series, ctx)
    return await _tell(series, swap, "propose", ctx, times=[held[0].start])


async def accept_series(command: AcceptSeries, ctx: Context) -> SeriesView:
    """Agree to what the other side proposed: to the series, or to where they want to move lessons of it.

    All of it is booked for both, or nothing; then `current` lists who is busy and when.
    """
    swap, series = await _access(command.swap_id, ctx)
    await require_wanted(swap, ctx)
    if command.version != series.version:
        raise Conflict("The series has changed since.", current=SeriesView.of(series))
    me = ctx.actor.user_id
    if series.state is State.PROPOSED:
        if series.turn != me:
            raise Forbidden("This is your own proposal; it waits for the other side.")
        after = await _change(series, ctx, state=State.AGREED, turn=None)
        coming = to_come(after, ctx.now)
        await _book(after, coming, ctx)
        await show_lessons(after, coming, ctx)
        await ask_later(PlanLessons(swap_id=series.id, after=ctx.now), ctx)
        return await _tell(after, swap, "accept", ctx, times=_starts(coming[:1]))
    moved = {number: move for number, move in series.moves.items() if move.by != me}
    if series.state is State.ENDED or not moved:
        raise NotAllowedNow("There is nothing here to accept.", current=SeriesView.of(series))
    if any(move.to is not None and move.to <= ctx.now for move in moved.values()):
        raise NotAllowedNow("The time that was proposed is over; propose another.", current=SeriesView.of(series))
    kept = {number: move for number, move in series.moves.items() if move.by == me}
    after = await _change(series, ctx, moves=kept, otherwise={**series.otherwise, **moved})
    elsewhere = [lesson for lesson in lessons_of(after) if str(lesson.number) in moved]
    await _book(after, elsewhere, ctx)
    before = [lesson for lesson in lessons_of(series) if str(lesson.number) in moved]
    await plan_lessons(after, elsewhere, ctx)
    await show_lessons(after, elsewhere, ctx)
    over = reminders_of(series, before, ctx)
    return await _tell(after, swap, "moved", ctx, times=_starts(elsewhere), over=over)


async def end_series(command: EndSeries, ctx: Context) -> SeriesView:
    """Call off all lessons that are still to come, turn the proposal down, or take it back; the swap stays."""
    swap, series = await _access(command.swap_id, ctx)
    if series.state is State.ENDED:
        raise NotAllowedNow("This series is over.", current=SeriesView.of(series))
    after = await _change(series, ctx, state=State.ENDED, turn=None, moves={})
    coming = to_come(series, ctx.now)
    await release_each([series.ref(lesson.number) for lesson in coming], ctx)
    await show_lessons(after, coming, ctx)
    return await _tell(after, swap, "end", ctx, over=reminders_of(series, coming, ctx))


async def cancel_lesson(command: CancelLesson, ctx: Context) -> SeriesView:
    """Call off one lesson; the others stay."""
    swap, series = await _access(command.swap_id, ctx)
    lesson = _require_to_come(command, series, ctx)
    off = {str(lesson.number): Otherwise(to=None, by=ctx.actor.user_id)}
    after = await _change(series, ctx, otherwise={**series.otherwise, **off}, moves=_but(series.moves, lesson))
    await release_each([series.ref(lesson.number)], ctx)
    await show_lessons(after, [lesson], ctx)
    over = reminders_of(series, [lesson], ctx)
    return await _tell(after, swap, "cancel", ctx, lesson, times=_starts([lesson]), over=over)


async def move_lesson(command: MoveLesson, ctx: Context) -> SeriesView:
    """Propose another time for one lesson; the others stay, and so does this one until the other side accepts."""
    swap, series = await _access(command.swap_id, ctx)
    await require_wanted(swap, ctx)
    lesson = _require_to_come(command, series, ctx)
    if series.state is not State.AGREED:
        raise NotAllowedNow("Agree on the series first.", current=SeriesView.of(series))
    require_ahead(command.start, "start", ctx)
    move = {str(lesson.number): Otherwise(to=command.start, by=ctx.actor.user_id)}
    after = await _change(series, ctx, moves={**series.moves, **move})
    return await _tell(after, swap, "move", ctx, lesson, times=[command.start])


async def _access(swap_id: str, ctx: Context) -> tuple[Swap, Series]:
    swap = await access_swap(swap_id, ctx)
    series = await ctx.store.series.get(swap.id)
    if series is None:
        raise NotFound("There is no series beside this swap.")
    return swap, series


def _require_to_come(command: CancelLesson, series: Series, ctx: Context) -> Lesson:
    found = [lesson for lesson in to_come(series, ctx.now) if lesson.number == command.number]
    if series.state is State.ENDED or not found:
        raise NotAllowedNow("This lesson is not to come: it is over, off, or none.", current=SeriesView.of(series))
    return found[0]


def _but(moves: Mapping[str, Otherwise], lesson: Lesson) -> dict[str, Otherwise]:
    return {number: move for number, move in moves.items() if number != str(lesson.number)}


async def _book(series: Series, which: list[Lesson], ctx: Context) -> None:
    await book_each(series.people, {series.ref(one.number): one.span for one in which if one.span is not None}, ctx)


async def _change(series: Series, ctx: Context, **fields: Any) -> Series:
    after = series.model_copy(update={**fields, "version": series.version + 1, "updated_at": ctx.now})
    await _replace(series, after, ctx)
    return after


async def _replace(before: Series, after: Series, ctx: Context) -> None:
    if not await ctx.store.series.replace(after, version=before.version):
        raise Conflict("Somebody changed this series first.", current=SeriesView.of(before))


def _starts(which: Sequence[Lesson]) -> list[datetime]:
    return [lesson.span.start for lesson in which if lesson.span is not None]


async def _tell(
    series: Series,
    swap: Swap,
    what: str,
    ctx: Context,
    lesson: Lesson | None = None,
    *,
    times: Sequence[datetime] = (),
    over: Sequence[str] = (),
) -> SeriesView:
    """Say it in the swap's conversation, and to both."""
    about = "" if lesson is None else f"{lesson.planned.start:%Y-%m-%dT%H:%M:%SZ}"
    await note(swap.thread_id, f"series:{what}", about, ctx, sender=ctx.actor.user_id)
    me = ctx.actor.user_id
    await tell_of(series, {series.other(me): TITLES[what]}, ctx, times=times, known_to=me, over=over)
    view = SeriesView.of(series)
    ctx.emit(SeriesUpdated(series=view, by=ctx.actor.user_id), to=people(*series.people))
    return view
