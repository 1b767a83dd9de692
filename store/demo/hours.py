"""When the demo's people want to meet, and when they can: most of them said it, and nothing is booked yet."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from store.availability import Availability, OpenHours, WeeklyHours

# In whole hours, and none at which clocks are changed anywhere.
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
WEEKEND = ("saturday", "sunday")
PARTS = {WORKDAYS: ((7, 9), (12, 14), (17, 20), (18, 21), (19, 22)), WEEKEND: ((9, 12), (10, 17), (14, 18))}
SILENT = 0.2
A_WEEK = 7
MINUTE = timedelta(minutes=1)
HALF = timedelta(minutes=30)
# Nobody meets earlier or later, by the clocks of either.
UP_AT, DOWN_AT = time(8), time(22)


def hours_of(person_id: str, random: Random, *, at: datetime) -> Availability | None:
    """What somebody said of their week, by the clock of wherever they live; None of who never said it."""
    if random.random() < SILENT:
        return None
    week: dict[str, tuple[OpenHours, ...]] = {}
    for days, parts in PARTS.items():
        start, end = random.choice(parts)
        hours = OpenHours(start=f"{start:02d}:00", end=f"{end:02d}:00")
        week |= dict.fromkeys(random.sample(days, k=random.randint(1, len(days))), (hours,))
    return Availability(
        id=person_id,
        time_zone=None,
        weekly=WeeklyHours(**week),
        overrides=(),
        buffer_before_minutes=0,
        buffer_after_minutes=random.choice((0, 15)),
        notice_minutes=random.choice((120, 720, 1440)),
        ahead_days=60,
        slot_minutes=random.choice((30, 60, 60)),
        step_minutes=random.choice((15, 30)),
        updated_at=at,
    )


def next_free(said: Availability, zone: ZoneInfo, now: datetime) -> datetime:
    """When others can meet them next, as they find it who look later."""
    soonest = now + said.notice_minutes * MINUTE
    step = said.step_minutes * 60
    # The clocks of all our cities are whole steps apart.
    soonest += timedelta(seconds=-soonest.timestamp() % step)
    today = soonest.astimezone(zone).date()
    spans = (
        (_wall(day, hours.start, zone), _wall(day, hours.end, zone))
        for day in (today + timedelta(days=n) for n in range(A_WEEK + 1))
        for hours in said.weekly.days[day.weekday()]
    )
    return next(at for start, end in spans if (at := max(start, soonest)) + said.slot_minutes * MINUTE <= end)


def usual_week(said: Availability, zone: ZoneInfo, now: datetime) -> tuple[int, ...]:
    """In which half hours of a week they want to meet, in UTC from Monday on, as their clocks are now."""
    monday = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())
    halves = ((number, (monday + number * HALF).astimezone(zone)) for number in range(A_WEEK * 48))
    return tuple(
        number
        for number, at in halves
        if any(
            hours.start <= f"{at:%H:%M}" and f"{at + HALF - MINUTE:%H:%M}" < hours.end
            for hours in said.weekly.days[at.weekday()]
        )
    )


def is_day(start: datetime, length: timedelta, zone: ZoneInfo) -> bool:
    """Whether somebody is up all the time, where they live."""
    local, end = start.astimezone(zone), (start + length).astimezone(zone)
    return local.date() == end.date() and local.time() >= UP_AT and end.time() <= DOWN_AT


def _wall(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)
