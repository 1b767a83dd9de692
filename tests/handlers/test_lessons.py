"""Lessons week by week: the hour stays, whatever clocks are changed to, and what is done to one is done to no other."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.lessons import Rhythm, lessons, occurrences
from handlers.times import Span

HOUR = timedelta(hours=1)
ZONES = [ZoneInfo(name) for name in ("America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu")]
MINUTES = st.integers(0, 1439).map(lambda n: time(*divmod(n, 60)))
STARTS = st.builds(datetime.combine, st.dates(date(2020, 1, 1), date(2035, 1, 1)), MINUTES)
RHYTHMS = st.builds(
    Rhythm, STARTS, st.sampled_from(ZONES), st.integers(1, 4), st.integers(2, 52), st.just(HOUR)
)  # fmt: skip
OTHERWISE = st.dictionaries(
    st.integers(0, 60), st.one_of(st.none(), STARTS.map(lambda at: at.replace(tzinfo=UTC))), max_size=8
)


@given(RHYTHMS)
def test_ten_oclock_stays_ten_oclock(rhythm: Rhythm) -> None:
    found = list(lessons(rhythm, {}))
    assert [one.number for one in found] == list(range(rhythm.many))
    for lesson in found:
        assert lesson.span == lesson.planned
        wall = rhythm.start + lesson.number * rhythm.every_weeks * timedelta(weeks=1)
        shown = lesson.planned.start.astimezone(rhythm.zone).replace(tzinfo=None)
        # Only where there is no such hour on that day it is later, by as much as was lost.
        lost = wall.replace(tzinfo=rhythm.zone, fold=1).utcoffset() != wall.replace(tzinfo=rhythm.zone).utcoffset()
        assert shown == wall or (lost and wall < shown <= wall + HOUR)
        assert lesson.planned.end - lesson.planned.start == HOUR


@given(RHYTHMS, OTHERWISE)
def test_what_is_done_to_one_is_done_to_no_other(rhythm: Rhythm, otherwise: dict[int, datetime | None]) -> None:
    for before, after in zip(lessons(rhythm, {}), lessons(rhythm, otherwise), strict=True):
        assert after.planned == before.planned
        if after.number not in otherwise:
            assert after == before
        else:
            at = otherwise[after.number]
            assert after.span == (None if at is None else (at, at + HOUR))


@given(RHYTHMS, OTHERWISE, STARTS, st.integers(1, 10_000))
def test_occurrences_are_those_that_touch_the_time(
    rhythm: Rhythm, otherwise: dict[int, datetime | None], start: datetime, hours: int
) -> None:
    between = Span(start.replace(tzinfo=UTC), start.replace(tzinfo=UTC) + hours * HOUR)
    spans = [one.span for one in occurrences(rhythm, otherwise, between)]
    naive = [one.span for one in lessons(rhythm, otherwise) if one.span is not None]
    assert spans == sorted(span for span in naive if max(span[0], between[0]) < min(span[1], between[1]))


@pytest.mark.parametrize(
    ("zone", "first", "offsets"),
    [
        ("America/New_York", date(2027, 3, 7), [-5, -4, -4]),
        ("Europe/London", date(2027, 10, 24), [1, 0, 0]),
        ("Australia/Lord_Howe", date(2027, 3, 28), [11, 10.5, 10.5]),
    ],
)
def test_across_a_change_of_clocks(zone: str, first: date, offsets: list[float]) -> None:
    rhythm = Rhythm(datetime.combine(first, time(10)), ZoneInfo(zone), 1, 3, HOUR)
    for number, (lesson, offset) in enumerate(zip(lessons(rhythm, {}), offsets, strict=True)):
        midnight = datetime.combine(first + timedelta(weeks=number), time(), UTC)
        assert lesson.planned.start == midnight + timedelta(hours=10 - offset)
