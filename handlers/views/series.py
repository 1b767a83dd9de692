"""Lessons that two people have week by week."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import Field

from handlers.lessons import Lesson, Rhythm, lessons
from handlers.models import View
from handlers.views.times import ByTheClockView
from store.series import Series, State


class LessonState(StrEnum):
    PLANNED = "planned"
    MOVED = "moved"
    CANCELLED = "cancelled"


class LessonView(View):
    """One lesson: when it is held, or was planned if it was called off; in UTC and by the clock of the series."""

    number: int
    state: LessonState
    start: datetime
    end: datetime
    local: ByTheClockView
    planned_start: datetime
    proposed_start: datetime | None = Field(description="Where `proposed_by` wants to move it.")
    proposed_by: str | None

    @classmethod
    def of(cls, lesson: Lesson, series: Series) -> "LessonView":
        span = lesson.span or lesson.planned
        state = LessonState.PLANNED if lesson.span == lesson.planned else LessonState.MOVED
        move = series.moves.get(str(lesson.number))
        return cls(
            number=lesson.number,
            state=LessonState.CANCELLED if lesson.span is None else state,
            start=span.start,
            end=span.end,
            local=ByTheClockView.of(span, ZoneInfo(series.time_zone)),
            planned_start=lesson.planned.start,
            proposed_start=None if move is None else move.to,
            proposed_by=None if move is None else move.by,
        )


class SeriesView(View):
    """A series beside a swap. Of two copies keep the one with the higher version."""

    swap_id: str
    state: State
    turn: str | None = Field(description="Whose answer the proposal waits for.")
    people: tuple[str, str]
    start: str = Field(description="Of the first lesson, by the clock on the wall in `time_zone`.")
    time_zone: str
    every_weeks: int
    count: int
    duration_minutes: int
    lessons: list[LessonView]
    version: int
    createdAt: datetime  # noqa: N815 - the blueprint's name
    updatedAt: datetime  # noqa: N815

    @classmethod
    def of(cls, series: Series) -> "SeriesView":
        same = series.model_dump(include={"state", "turn", "people", "start", "time_zone", "every_weeks", "count",
                                          "duration_minutes", "version"})  # fmt: skip
        return cls(
            **same,
            swap_id=series.id,
            lessons=[LessonView.of(one, series) for one in lessons_of(series)],
            createdAt=series.created_at,
            updatedAt=series.updated_at,
        )


def rhythm_of(series: Series) -> Rhythm:
    """When its lessons are, but for those that are otherwise."""
    start = datetime.fromisoformat(series.start)
    return Rhythm(start, ZoneInfo(series.time_zone), series.every_weeks, series.count, series.length)


def lessons_of(series: Series) -> list[Lesson]:
    """All its lessons as they are to be held now."""
    return list(lessons(rhythm_of(series), {int(number): one.to for number, one in series.otherwise.items()}))


def to_come(series: Series, now: datetime) -> list[Lesson]:
    """Those that have not begun and are not off."""
    return [lesson for lesson in lessons_of(series) if lesson.span is not None and lesson.span.start > now]


def agreed_lessons(series: Series | None, now: datetime) -> list[Lesson]:
    """The same, of a series that is agreed on."""
    return [] if series is None or series.state is not State.AGREED else to_come(series, now)
