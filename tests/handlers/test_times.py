"""Time arithmetic: spans as sets of moments, and clocks on walls through every kind of change."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.hours import Hours, Week, moment, on_step, open_hours, starts, wall_spans
from handlers.times import Span, common, joined, without

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NEW_YORK, LONDON, LORD_HOWE = [ZoneInfo(name) for name in ("America/New_York", "Europe/London", "Australia/Lord_Howe")]
# At midnight, at one minute after it, by a whole day, by 45 minutes in another hemisphere, and never.
STRANGE = [
    ZoneInfo(name)
    for name in (
        "America/Havana", "America/St_Johns", "Pacific/Apia", "Pacific/Chatham", "Africa/Casablanca", "Asia/Kathmandu"
    )
]  # fmt: skip
ZONES = st.sampled_from([NEW_YORK, LONDON, LORD_HOWE, *STRANGE])
# Of each zone the days around a change are tried often.
DAYS = st.one_of(
    st.sampled_from(
        [
            date(2027, 3, 14), date(2027, 11, 7), date(2027, 3, 28), date(2027, 10, 31), date(2027, 4, 4),
            date(2027, 10, 3), date(2011, 12, 30), date(2010, 11, 7), date(2010, 3, 14), date(2027, 2, 7),
        ]
    ),
    st.dates(date(2005, 1, 2), date(2037, 12, 1)),
)  # fmt: skip
PARTS = st.tuples(st.integers(0, 1440), st.integers(0, 1440)).map(sorted).map(lambda pair: Hours(*pair))

START = datetime(2027, 1, 1, tzinfo=UTC)
SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: Span(*(START + n * MINUTE for n in pair))),
    max_size=8,
)


def minutes(spans: list[Span]) -> set[int]:
    return {n for n in range(61) for span in spans if span.start <= START + n * MINUTE < span.end}


@given(SPANS, SPANS)
def test_spans_are_sets_of_moments(some: list[Span], others: list[Span]) -> None:
    assert minutes(joined(some)) == minutes(some)
    assert minutes(common(some, others)) == minutes(some) & minutes(others)
    assert minutes(without(some, others)) == minutes(some) - minutes(others)
    for found in (joined(some), common(some, others), without(some, others)):
        assert all(span.start < span.end for span in found)
        assert all(one.end <= then.start for one, then in pairwise(found))


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


@given(ZONES, DAYS, PARTS)
@settings(max_examples=120)
@example(NEW_YORK, date(2027, 11, 7), Hours(70, 110))
@example(LORD_HOWE, date(2027, 10, 3), Hours(125, 145))
def test_hours_are_the_moments_at_which_the_clock_shows_them(zone: ZoneInfo, day: date, hours: Hours) -> None:
    midnight = datetime.combine(day, time())
    first, last = [midnight + n * MINUTE for n in hours]
    found = wall_spans(first, last, zone)
    # By asking the clock at every minute of three days.
    around = [midnight.replace(tzinfo=UTC) - DAY + n * MINUTE for n in range(3 * 1440)]
    shown = {at for at in around if first <= wall(at, zone) < last}
    assert {at for at in around for span in found if span.start <= at < span.end} == shown


@given(ZONES, DAYS, st.lists(PARTS, max_size=3), st.sampled_from([5, 15, 20, 30, 60]), st.sampled_from([30, 45, 90]))
@settings(max_examples=60)
def test_no_slot_leaves_anybodys_hours(zone: ZoneInfo, day: date, parts: list[Hours], step: int, length: int) -> None:
    # Also of somebody on the other side of the world.
    weeks = [Week(zone, [parts] * 7, {day: [Hours(0, 1440)]}), Week(NEW_YORK, [[Hours(480, 1320)]] * 7, {})]
    within = Span(
        moment(datetime.combine(day, time()), UTC) - DAY, moment(datetime.combine(day, time()), UTC) + 2 * DAY
    )
    both = common(*(open_hours(week, within) for week in weeks))
    found = list(starts(both, length * MINUTE, step * MINUTE, zone))
    assert found == sorted(set(found))
    for at in found:
        assert within.start <= at and at + length * MINUTE <= within.end
        assert wall(at, zone).minute % step == 0
        for n in range(length):
            for week in weeks:
                shown = wall(at + n * MINUTE, week.zone)
                since_midnight = shown.hour * 60 + shown.minute
                assert any(part.start <= since_midnight < part.end for part in week.on(shown.date()))


@pytest.mark.parametrize(
    ("zone", "day", "hours", "lasts"),
    [
        (NEW_YORK, date(2027, 3, 14), Hours(0, 1440), 23 * HOUR),
        (NEW_YORK, date(2027, 11, 7), Hours(0, 1440), 25 * HOUR),
        (NEW_YORK, date(2027, 3, 14), Hours(120, 180), 0 * HOUR),
        (NEW_YORK, date(2027, 11, 7), Hours(60, 120), 2 * HOUR),
        (LONDON, date(2027, 3, 28), Hours(0, 180), 2 * HOUR),
        (LONDON, date(2027, 10, 31), Hours(0, 180), 4 * HOUR),
        (LORD_HOWE, date(2027, 4, 4), Hours(60, 180), 2.5 * HOUR),
        (LORD_HOWE, date(2027, 10, 3), Hours(60, 180), 1.5 * HOUR),
        # A day that never was.
        (ZoneInfo("Pacific/Apia"), date(2011, 12, 30), Hours(0, 1440), 0 * HOUR),
    ],
)
def test_hours_on_the_day_of_a_change(zone: ZoneInfo, day: date, hours: Hours, lasts: timedelta) -> None:
    midnight = datetime.combine(day, time())
    found = wall_spans(*(midnight + n * MINUTE for n in hours), zone)
    assert sum((span.end - span.start for span in found), timedelta()) == lasts


def test_a_wall_time_that_never_is_and_one_that_is_twice() -> None:
    lost = datetime.combine(date(2027, 3, 14), time(2, 30))
    assert moment(lost, NEW_YORK) == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)
    twice = datetime.combine(date(2027, 11, 7), time(1, 30))
    assert moment(twice, NEW_YORK) == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


def test_a_step_is_found_beyond_a_change() -> None:
    # 01:40 there; at 02:00 clocks go to 02:30, and the next whole hour is half an hour later.
    assert on_step(datetime(2027, 10, 2, 15, 10, tzinfo=UTC), HOUR, LORD_HOWE) == datetime(2027, 10, 2, 16, tzinfo=UTC)


SAYS = """
import sys
from datetime import date, datetime, timedelta, UTC
from zoneinfo import ZoneInfo
from handlers.hours import Hours, Week, moment, open_hours, starts
from handlers.times import Span
within = Span(datetime(2027, 3, 10, tzinfo=UTC), datetime(2027, 3, 20, tzinfo=UTC))
week = Week(ZoneInfo("America/New_York"), [[Hours(600, 720)]] * 7, {date(2027, 3, 16): []})
for at in starts(open_hours(week, within), timedelta(hours=1), timedelta(minutes=30), week.zone):
    print(at.isoformat())
print(moment(datetime(2027, 3, 14, 2, 30), week.zone))
print(datetime(2027, 7, 1, 12).astimezone().utcoffset(), file=sys.stderr)
"""


def test_the_servers_own_zone_changes_nothing() -> None:
    said = [
        subprocess.run(
            [sys.executable, "-c", SAYS], env=os.environ | {"TZ": zone}, check=True, capture_output=True, timeout=60
        )
        for zone in ("UTC", "Australia/Lord_Howe", "America/New_York")
    ]
    assert len({one.stderr for one in said}) == 3, "the zone was set"
    assert len({one.stdout for one in said}) == 1
    assert "2027-03-12T15:00:00+00:00" in said[0].stdout.decode(), "ten in winter"
    assert "2027-03-15T14:00:00+00:00" in said[0].stdout.decode(), "ten in summer"
