"""When somebody is free: within their hours, but for what they have booked, do elsewhere, or are on vacation.

Who never said when they want to meet is free whenever they are not busy: so for who asks, who chooses themselves.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from handlers import booking
from handlers.between import circles_of
from handlers.context import Context
from handlers.hours import Hours, Week, open_hours, starts
from handlers.times import Span, joined, without
from store.availability import Availability, OpenHours
from store.users import User

# A question about time is about so much of it at most.
LONGEST = timedelta(days=35)
SLOT = timedelta(hours=1)
STEP = timedelta(minutes=15)
AHEAD = timedelta(days=60)
MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)
HALF = timedelta(minutes=30)


class Timetable(NamedTuple):
    """A person, and what they said of their time, if they did."""

    user: User
    said: Availability | None

    @property
    def zone_name(self) -> str | None:
        """Where they said that their clock is: with their hours, or in their profile."""
        named = self.said.time_zone if self.said is not None else None
        return named or self.user.time_zone

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name or "UTC")

    @property
    def slot(self) -> timedelta:
        return SLOT if self.said is None else self.said.slot_minutes * MINUTE

    @property
    def step(self) -> timedelta:
        return STEP if self.said is None else self.said.step_minutes * MINUTE

    def offered(self, now: datetime) -> Span:
        """From when until when others may ask for a time."""
        if self.said is None:
            return Span(now, now + AHEAD)
        return Span(now + self.said.notice_minutes * MINUTE, now + timedelta(days=self.said.ahead_days))


async def timetables(users: list[User], ctx: Context) -> list[Timetable]:
    """What these people said."""
    said = await ctx.store.availability.among([user.id for user in users])
    return [Timetable(user, said.get(user.id)) for user in users]


async def zone_shown(person: Timetable, ctx: Context) -> ZoneInfo | None:
    """By what clock somebody goes, if they said it, and show it to the actor."""
    shown = person.user.visibility.time_zone in await circles_of(person.user, ctx)
    return person.zone if shown and person.zone_name is not None else None


async def free(person: Timetable, within: Span, ctx: Context) -> list[Span]:
    """When somebody is free, within so much time as one may ask for at once."""
    if within.start >= within.end:
        return []
    opened = [within] if person.said is None else open_hours(_week(person.said, person.zone), within)
    return without(opened, await _taken(person, within, ctx))


async def next_free_at(person: Timetable, ctx: Context) -> datetime | None:
    """When others can meet somebody next, if that person said when they want to meet."""
    if person.said is None:
        return None
    offered = person.offered(ctx.now)
    within = Span(offered.start, min(offered.end, offered.start + LONGEST))
    return next(starts(await free(person, within, ctx), person.slot, person.step, person.zone), None)


def usual_week(person: Timetable, now: datetime) -> tuple[int, ...]:
    """In which half hours of a week somebody wants to meet, in UTC from Monday on, as their clocks are now."""
    if person.said is None:
        return ()
    monday = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())
    opened = open_hours(_week(person.said, person.zone)._replace(otherwise={}), Span(monday, monday + WEEK))
    halves = ((number, monday + number * HALF) for number in range(WEEK // HALF))
    return tuple(number for number, at in halves if any(one.start <= at and at + HALF <= one.end for one in opened))


async def _taken(person: Timetable, within: Span, ctx: Context) -> list[Span]:
    before, after = timedelta(0), timedelta(0)
    if person.said is not None:
        before, after = person.said.buffer_before_minutes * MINUTE, person.said.buffer_after_minutes * MINUTE
    room = before + after
    around = within.padded(room, room)
    booked = await booking.busy(person.user.id, around, ctx)
    elsewhere = await ctx.store.busy_times.of_person(person.user.id, start=around.start, end=around.end, now=ctx.now)
    spans = [Span(one.start, one.end) for one in elsewhere]
    # Between two meetings there is the room that the first needs after it, and the second before it;
    # what is elsewhere needs none of its own.
    taken = [span.padded(room, room) for span in booked] + [span.padded(after, before) for span in spans]
    if person.user.vacation is not None:
        taken.append(Span(person.user.vacation.since, person.user.vacation.until or around.end))
    return joined(taken)


def _week(said: Availability, zone: ZoneInfo) -> Week:
    return Week(
        zone,
        [_hours(day) for day in said.weekly.days],
        {date.fromisoformat(one.date): _hours(one.hours) for one in said.overrides},
    )


def _hours(of_a_day: tuple[OpenHours, ...]) -> list[Hours]:
    return [Hours(_minutes(one.start), _minutes(one.end)) for one in of_a_day]


def _minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)
