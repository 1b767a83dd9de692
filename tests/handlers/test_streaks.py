"""Weeks in a row: over vacations, over clocks that change, over journeys; and what entries come to."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.streaks import A_WEEK, day_of, frozen_weeks, streaks, week_of
from store.profiles import Vacation
from store.vacations import Away, Vacations

MONDAY = date(2027, 3, 1)
ZONES = ["Europe/Berlin", "America/Los_Angeles", "Pacific/Apia", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"]


def weeks(*numbers: int) -> list[date]:
    """A day in each of these weeks."""
    return [MONDAY + number * A_WEEK + timedelta(days=number % 7) for number in numbers]


@pytest.mark.parametrize(
    ("active", "frozen", "today", "expected"),
    [
        ([], [], 0, (0, 0)),
        ([0], [], 0, (1, 1)),
        # This week is not over, the one after it is missed.
        ([0, 1, 2], [], 3, (3, 3)),
        ([0, 1, 2], [], 4, (0, 3)),
        ([0, 1, 3], [2], 3, (3, 3)),
        ([0, 1, 4], [2], 4, (1, 2)),
        # Who did something although they were away has done it.
        ([0, 1, 2], [1], 2, (3, 3)),
        ([0, 0, 1], [], 1, (2, 2)),
    ],
)
def test_weeks_in_a_row(active: list[int], frozen: list[int], today: int, expected: tuple[int, int]) -> None:
    frozen_days = {week_of(day) for day in weeks(*frozen)}
    assert streaks(weeks(*active), frozen_days, MONDAY + today * A_WEEK) == expected


@given(
    zone=st.sampled_from(ZONES),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - where somebody is
    count=st.integers(1, 60),
)
def test_the_same_hour_each_week_is_unbroken_whatever_the_clock_does(zone: str, start: datetime, count: int) -> None:
    here = [(start + number * A_WEEK).replace(tzinfo=ZoneInfo(zone)) for number in range(count)]
    days = [day_of(moment.astimezone(UTC), zone) for moment in here]
    # What the clock skips is there an hour later; so that day may be the next one, and only at midnight.
    assert streaks(days, (), days[-1])[0] >= count - 1
    if start.hour not in (0, 23):
        assert streaks(days, (), days[-1]) == (count, count)


@given(
    zones=st.lists(st.sampled_from(ZONES), min_size=2, max_size=40),
    hour=st.integers(0, 23),
)
def test_a_journey_breaks_nothing_that_somebody_did_each_week_by_their_own_calendar(
    zones: list[str], hour: int
) -> None:
    """They do it on a Wednesday, wherever they are; the day was written down as it was there."""
    wednesday = datetime(2027, 3, 3, hour, tzinfo=UTC).replace(tzinfo=None)
    days = [
        day_of((wednesday + number * A_WEEK).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), zone)
        for number, zone in enumerate(zones)
    ]
    for today_in in ZONES:
        today = day_of((wednesday + (len(zones) - 1) * A_WEEK).replace(tzinfo=ZoneInfo(zones[-1])), today_in)
        assert streaks(days, (), today) == (len(zones), len(zones))


@given(active=st.sets(st.integers(0, 30), min_size=1), frozen=st.sets(st.integers(0, 30)), today=st.integers(31, 40))
def test_a_vacation_never_shortens(active: set[int], frozen: set[int], today: int) -> None:
    days, now = weeks(*active), MONDAY + today * A_WEEK
    away = {week_of(day) for day in weeks(*frozen)}
    without, with_ = streaks(days, (), now), streaks(days, away, now)
    assert with_[0] >= without[0] and with_[1] >= without[1]
    assert with_[0] <= with_[1] <= len(active)


def at(day: int) -> datetime:
    return datetime(2027, 3, day, 12, tzinfo=UTC)


def test_vacations_are_remembered_as_they_were() -> None:
    kept = Vacations(id="ada", user_id="ada").with_(Vacation(since=at(2), until=at(20)), at(1))
    assert kept.away == (Away(since=at(2), until=at(20)),)
    # Back earlier: what was not had is none.
    back = kept.with_(None, at(9))
    assert back.away == (Away(since=at(2), until=at(9)),)
    # One that was set and taken back before it began was never there.
    assert back.with_(Vacation(since=at(20)), at(10)).with_(None, at(12)).away == back.away
    # Neither is one that is said to have been, before it was said.
    assert back.with_(Vacation(since=at(1), until=at(8)), at(10)).away == back.away
    long_ago = back.with_(Vacation(since=datetime(2000, 1, 1, tzinfo=UTC)), at(10))
    assert long_ago.away == (*back.away, Away(since=at(10), until=None))
    open_ended = back.with_(Vacation(since=at(22)), at(21))
    assert frozen_weeks(open_ended.away, date(2027, 4, 1), "UTC") == {
        MONDAY, MONDAY + A_WEEK, MONDAY + 3 * A_WEEK, MONDAY + 4 * A_WEEK,
    }  # fmt: skip
