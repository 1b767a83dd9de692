"""Until when a person wants quiet, by the clock on their wall: over midnight, and over the change of that clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.context import Context
from store.notification_preferences import NotificationPreferences, QuietRange, Weekday
from store.users import User

DAY = timedelta(days=1)
WEEKDAYS = tuple(Weekday)
# Ranges that follow each other are one quiet time; of those who want quiet always it is asked again after so many.
MOST_IN_A_ROW = 15


async def at_home(user: User, ctx: Context) -> NotificationPreferences:
    """What somebody chose, by the clock that they live by: that of their profile, unless they chose another."""
    mine = (await ctx.store.notification_preferences.of([user.id]))[user.id]
    return mine if mine.time_zone is not None else mine.model_copy(update={"time_zone": user.time_zone})


def zone_of(preferences: NotificationPreferences) -> ZoneInfo:
    """The zone of that clock."""
    return ZoneInfo(preferences.time_zone or "UTC")


def quiet_until(preferences: NotificationPreferences, now: datetime) -> datetime | None:
    """When the quiet that there is now ends; None if there is none."""
    end = None
    for _ in range(MOST_IN_A_ROW):
        later = max(_ends(preferences, end or now), default=None)
        if later is None:
            break
        end = later
    return end


def _ends(preferences: NotificationPreferences, at: datetime) -> Iterator[datetime]:
    """The ends of the ranges that a moment is in."""
    zone = zone_of(preferences)
    today = at.astimezone(zone).date()
    for span in preferences.quiet:
        for day in (today - DAY, today):
            start, end = _span(span, day, zone)
            if WEEKDAYS[day.weekday()] in span.days and start <= at < end:
                yield end


def _span(span: QuietRange, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The range that begins on a day, as moments: how long it is depends on the clock's changes."""
    start, end = time.fromisoformat(span.start), time.fromisoformat(span.end)
    last = day if end > start else day + DAY
    return tuple(datetime.combine(on, at, zone).astimezone(UTC) for on, at in ((day, start), (last, end)))  # type: ignore[return-value]


def next_hour(preferences: NotificationPreferences, now: datetime) -> datetime:
    """When the digest's hour strikes next for a person."""
    zone = zone_of(preferences)
    local = now.astimezone(zone)
    for day in (local.date(), local.date() + DAY):
        at = datetime.combine(day, time(preferences.digest_hour), zone).astimezone(UTC)
        if at > now:
            return at
    return now + DAY
