"""Clocks on walls and what people say by them: weekly hours, days that are otherwise, and where a slot may begin.

Pure, like `times`: the zone is the person's, never the server's. A day on which clocks are changed is cut where they
are, so that every moment of a span is one at which the clock there shows a time within the hours.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from handlers.times import Span, common, joined

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Hours(NamedTuple):
    """A part of a day, in minutes after midnight by the clock on the wall; the last of them is not in it."""

    start: int
    end: int


class Week(NamedTuple):
    """What somebody said of their time: for each weekday, Monday first, and for the days that are otherwise."""

    zone: ZoneInfo
    days: Sequence[Sequence[Hours]]
    otherwise: Mapping[date, Sequence[Hours]]

    def on(self, day: date) -> Sequence[Hours]:
        return self.otherwise.get(day, self.days[day.weekday()])


def moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """When a clock on the wall shows this time: the first time if it does twice; if never, as late as the hour lost."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def wall_spans(start: datetime, end: datetime, zone: ZoneInfo) -> list[Span]:
    """The moments at which a clock on the wall shows a time from one until just before another, of about a day."""
    found = []
    shifts = [_shift(wall.replace(tzinfo=zone, fold=fold)) for wall in (start, end) for fold in (0, 1)]
    first, last = [wall.replace(tzinfo=UTC) for wall in (start - max(shifts), end - min(shifts))]
    for piece in _between_changes(Span(first, last), zone):
        shift = _shift(piece.start.astimezone(zone))
        begun, over = [(wall - shift).replace(tzinfo=UTC) for wall in (start, end)]
        found.append(Span(max(piece.start, begun), min(piece.end, over)))
    return joined(found)


def open_hours(week: Week, within: Span) -> list[Span]:
    """The moments of a span that are in somebody's hours."""
    first, last = [at.astimezone(week.zone).date() for at in within]
    # A change of clocks at midnight may bring the day before back.
    days = (first + n * DAY for n in range(-1, (last - first).days + 2))
    spans = []
    for day in days:
        midnight = datetime.combine(day, time())
        for hours in week.on(day):
            start, end = [midnight + timedelta(minutes=minutes) for minutes in hours]
            spans += wall_spans(start, end, week.zone)
    return common(spans, [within])


def starts(free: Sequence[Span], length: timedelta, step: timedelta, zone: ZoneInfo) -> Iterator[datetime]:
    """Where something of a length can begin: on every step after midnight by the clock on the wall."""
    for span in free:
        at = on_step(span.start, step, zone)
        while at + length <= span.end:
            yield at
            at = on_step(at + SECOND, step, zone)


def on_step(at: datetime, step: timedelta, zone: ZoneInfo) -> datetime:
    """The first moment not before this one at which the clock on the wall shows a whole number of steps."""
    while behind := _since_midnight(at.astimezone(zone)) % step:
        # Anew after it, since the clock may have been changed on the way.
        at += step - behind
    return at


def _since_midnight(wall: datetime) -> timedelta:
    return timedelta(hours=wall.hour, minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)


def _shift(local: datetime) -> timedelta:
    shift = local.utcoffset()
    assert shift is not None  # noqa: S101 - it has a zone
    return shift


def _between_changes(span: Span, zone: ZoneInfo) -> Iterator[Span]:
    """A span of about a day, cut where clocks are changed in it: once, if at all."""
    low, high = span
    before = _shift(low.astimezone(zone))
    if before == _shift(high.astimezone(zone)):
        yield span
        return
    # Where they change is nowhere to be asked; so it is searched for, to the second.
    while high - low > SECOND:
        middle = low + (high - low) // SECOND // 2 * SECOND
        if _shift(middle.astimezone(zone)) == before:
            low = middle
        else:
            high = middle
    yield Span(span.start, high)
    yield Span(high, span.end)
