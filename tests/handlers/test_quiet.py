"""Quiet hours by the clock on somebody's wall: over midnight, over the change of that clock, one after another."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.quiet import next_hour, quiet_until
from store.notification_preferences import NotificationPreferences, QuietRange, Weekday

EVERY_DAY = tuple(Weekday)
NIGHT = QuietRange(days=EVERY_DAY, start="22:00", end="07:00")


def quiet(*ranges: QuietRange, zone: str = "Europe/Berlin") -> NotificationPreferences:
    return NotificationPreferences(id="a", user_id="a", time_zone=zone, quiet=ranges)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-01-15T21:59:59+01:00", None),
        ("2026-01-15T22:00:00+01:00", "2026-01-16T07:00:00+01:00"),
        ("2026-01-16T06:59:59+01:00", "2026-01-16T07:00:00+01:00"),
        ("2026-01-16T07:00:00+01:00", None),
        # The clock goes forward at two: the night is an hour shorter; and back: an hour longer.
        ("2026-03-28T23:00:00+01:00", "2026-03-29T07:00:00+02:00"),
        ("2026-10-24T23:00:00+02:00", "2026-10-25T07:00:00+01:00"),
    ],
)
def test_the_night(now: str, end: str | None) -> None:
    assert quiet_until(quiet(NIGHT), at(now)) == (None if end is None else at(end))


def test_a_range_belongs_to_the_day_it_begins_on() -> None:
    friday = quiet(QuietRange(days=(Weekday.FRIDAY,), start="22:00", end="07:00"))
    assert quiet_until(friday, at("2026-01-16T23:00:00+01:00")) == at("2026-01-17T07:00:00+01:00")
    assert quiet_until(friday, at("2026-01-17T06:00:00+01:00")) == at("2026-01-17T07:00:00+01:00")
    assert quiet_until(friday, at("2026-01-16T06:00:00+01:00")) is None
    assert quiet_until(friday, at("2026-01-17T23:00:00+01:00")) is None


def test_ranges_that_follow_each_other_are_one_quiet() -> None:
    both = quiet(NIGHT, QuietRange(days=(Weekday.SATURDAY,), start="07:00", end="12:00"))
    assert quiet_until(both, at("2026-01-16T23:00:00+01:00")) == at("2026-01-17T12:00:00+01:00")


def test_the_same_moment_is_quiet_in_one_zone_and_not_in_another() -> None:
    now = at("2026-01-15T23:00:00+01:00")
    assert quiet_until(quiet(NIGHT, zone="Europe/Berlin"), now) is not None
    assert quiet_until(quiet(NIGHT, zone="America/New_York"), now) is None


def test_who_always_wants_quiet_is_asked_again_some_day() -> None:
    always = quiet(QuietRange(days=EVERY_DAY, start="00:00", end="00:00"))
    now = at("2026-01-15T12:00:00+01:00")
    end = quiet_until(always, now)
    assert end is not None and timedelta(days=7) < end - now < timedelta(days=20)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])


@given(MOMENTS, ZONES)
def test_at_its_end_it_is_quiet_no_more(now: datetime, zone: str) -> None:
    preferences = quiet(NIGHT, zone=zone)
    end = quiet_until(preferences, now)
    if end is not None:
        assert now < end <= now + timedelta(hours=10)
        assert quiet_until(preferences, end) is None
        assert quiet_until(preferences, end - timedelta(seconds=1)) == end


@given(MOMENTS, ZONES)
def test_the_digest_comes_once_a_day(now: datetime, zone: str) -> None:
    preferences = quiet(zone=zone)
    first = next_hour(preferences, now)
    assert now < first <= now + timedelta(hours=25)
    assert timedelta(hours=23) <= next_hour(preferences, first) - first <= timedelta(hours=25)
