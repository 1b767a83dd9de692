"""How many weeks in a row somebody did something: pure, by the days on their own calendar.

A day is the day it was where they were; so neither a clock that changes nor a journey breaks what is unbroken.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from store.vacations import Away

A_WEEK = timedelta(days=7)
UTC_NAME = "UTC"


def day_of(moment: datetime, time_zone: str | None) -> date:
    """Which day it is at a moment, where somebody is."""
    return moment.astimezone(ZoneInfo(time_zone or UTC_NAME)).date()


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def frozen_weeks(away: Iterable[Away], today: date, time_zone: str | None) -> set[date]:
    """The weeks of which somebody was away at least a day: they neither count nor break anything."""
    weeks: set[date] = set()
    for one in away:
        week = week_of(day_of(one.since, time_zone))
        last = today if one.until is None else min(today, day_of(one.until - timedelta(seconds=1), time_zone))
        while week <= last:
            weeks.add(week)
            week += A_WEEK
    return weeks


def streaks(days: Collection[date], frozen: Collection[date], today: date) -> tuple[int, int]:
    """The streak that lasts, and the longest one ever, in weeks. The week that is not over breaks nothing yet."""
    active = {week_of(day) for day in days}
    if not active:
        return 0, 0
    # Whoever travelled west may have done something on what is tomorrow here.
    week, this_week = min(active), max(week_of(today), *active)
    length = longest = 0
    while week <= this_week:
        if week in active:
            length += 1
        elif week not in frozen and week < this_week:
            length = 0
        longest = max(longest, length)
        week += A_WEEK
    return length, longest
