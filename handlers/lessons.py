"""The lessons of a series, from its rhythm and what was made otherwise of single ones. Pure, like `hours`.

A lesson is known by its number, which it keeps wherever it is moved to and whatever becomes of the others.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from handlers.hours import moment
from handlers.times import Span


class Rhythm(NamedTuple):
    """So many lessons at the same time by the clock on the wall, every so many weeks; the first one at `start`."""

    start: datetime
    zone: ZoneInfo
    every_weeks: int
    many: int
    length: timedelta

    def planned(self, number: int) -> Span:
        """When a lesson is by the rhythm: at the same hour, whatever the clocks were changed to."""
        at = moment(self.start + number * self.every_weeks * timedelta(weeks=1), self.zone)
        return Span(at, at + self.length)


class Lesson(NamedTuple):
    """One of them, at the time that holds, or with none if it was called off."""

    number: int
    planned: Span
    span: Span | None


def lessons(rhythm: Rhythm, otherwise: Mapping[int, datetime | None]) -> Iterator[Lesson]:
    """All of them, by number; `otherwise` says of single ones to when they were moved, or None if they are off."""
    for number in range(rhythm.many):
        planned = rhythm.planned(number)
        at = otherwise.get(number, planned.start)
        yield Lesson(number, planned, None if at is None else Span(at, at + rhythm.length))


def occurrences(rhythm: Rhythm, otherwise: Mapping[int, datetime | None], between: Span) -> list[Lesson]:
    """Those that are held, as far as they touch the time between two moments, in the order of time."""
    held = [
        (lesson.span, lesson)
        for lesson in lessons(rhythm, otherwise)
        if lesson.span is not None and lesson.span.start < between.end and lesson.span.end > between.start
    ]
    return [lesson for _, lesson in sorted(held)]
