"""When people want to meet, and when two of them can."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from handlers.account import access_self
from handlers.between import access_person
from handlers.booking import RefreshNextFree, time_changed
from handlers.context import Context, people
from handlers.errands import ask_later, sort_later
from handlers.errors import Invalid
from handlers.events.times import AvailabilityUpdated
from handlers.free_time import LONGEST, Timetable, free, next_free_at, timetables, usual_week, zone_shown
from handlers.hours import starts
from handlers.matching import match_later
from handlers.models import Command, Cursor, Limit, Moment, Query, TimeZone, UserId, Whole
from handlers.times import Span, common
from handlers.views.times import AvailabilityView, SlotsView, SlotView
from store.availability import Availability, OtherDay, WeeklyHours

Buffer = Annotated[Whole, Field(ge=0, le=240)]
# Of a length of whole cells, so that what is offered can be booked and touches nothing else.
Duration = Annotated[Whole, Field(ge=5, le=480, multiple_of=5, description="In minutes.")]


def part_of_an_hour(minutes: int) -> int:
    """Refuse steps that would be elsewhere in each hour."""
    if 60 % minutes:
        raise ValueError("Must be a part of an hour: 5, 10, 15, 20, 30 or 60.")
    return minutes


Step = Annotated[
    Whole,
    Field(ge=5, le=60, multiple_of=5, description="Slots begin on whole steps of the clock."),
    AfterValidator(part_of_an_hour),
]
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
UNLESS_TOLD = timedelta(days=7)
MOST_AHEAD = timedelta(days=366)
MOST_DIGITS = 11


class GetAvailability(Query):
    """One's own."""


class SetAvailability(Command):
    """All of it, in the place of what was said before."""

    time_zone: TimeZone | None = Field(None, description="Of the hours; without it your profile's, wherever it moves.")
    weekly: WeeklyHours
    overrides: Annotated[tuple[OtherDay, ...], Field(max_length=366)] = ()
    buffer_before_minutes: Buffer = 0
    buffer_after_minutes: Buffer = 0
    notice_minutes: Annotated[Whole, Field(ge=0, le=43_200)] = 120
    ahead_days: Annotated[Whole, Field(ge=1, le=365)] = 60
    slot_minutes: Duration = 60
    step_minutes: Step = 15

    @model_validator(mode="after")
    def once(self) -> Self:
        """Of a day is said once what holds on it."""
        if len({one.date for one in self.overrides}) < len(self.overrides):
            raise ValueError("Give each date once.")
        return self


class GetSlots(Query):
    """With whom, how long, between which moments, shown in which zone."""

    user_id: UserId
    duration: Duration | None = Field(None, description="In minutes; without it what they prefer.")
    from_: Moment | None = Field(None, alias="from", description="Without it from now on.")
    to: Moment | None = Field(None, description="35 days later at most; without it a week.")
    tz: TimeZone | None = Field(None, description="The zone to show them in as yours; without it yours.")
    cursor: Cursor | None = None
    limit: Limit = 50


async def get_availability(_: GetAvailability, ctx: Context) -> AvailabilityView:
    """When you said you want to meet; `is_set` is false until you say it."""
    [mine] = await timetables([await access_self(ctx)], ctx)
    return AvailabilityView.of(mine.said, mine.zone)


async def set_availability(command: SetAvailability, ctx: Context) -> AvailabilityView:
    """Say when you want to meet: hours of the week, days that are otherwise, and the room you need around a meeting."""
    me = await access_self(ctx)
    if command.time_zone is None and me.time_zone is None:
        raise Invalid.field("time_zone", "Say in which zone, here or in your profile.", code="missing")
    said = Availability(id=me.id, updated_at=ctx.now, **dict(command))
    said = await ctx.store.availability.put(said)
    view = AvailabilityView.of(said, Timetable(me, said).zone)
    ctx.emit(AvailabilityUpdated(availability=view), to=people(me.id))
    await time_changed(me.id, ctx)
    return view


async def refresh_next_free(errand: RefreshNextFree, ctx: Context) -> None:
    """Write down when others can meet somebody next, by which what they offer is sorted, and when they usually can."""
    user = await ctx.store.users.get(errand.user_id)
    if user is None:
        return
    [person] = await timetables([user], ctx)
    if person.said is None:
        return
    at = await next_free_at(person, ctx)
    if at != user.next_free_at:
        await ctx.store.users.update(user.id, {"next_free_at": at})
        await sort_later(user.id, ctx)
    if (week := usual_week(person, ctx.now)) != user.week:
        user = await ctx.store.users.update(user.id, {"week": week}) or user
        if user.trades:
            await match_later(user, ctx)
    await _look_again(user.id, at, ctx)


async def _look_again(user_id: str, free_at: datetime | None, ctx: Context) -> None:
    # Once that time has come; of who always has time no oftener than each hour. One waits for each person.
    at = ctx.now + DAY if free_at is None else min(max(free_at, ctx.now + HOUR), ctx.now + DAY)
    await ask_later(RefreshNextFree(user_id=user_id), ctx, at=at, key=f"next_free:{user_id}")


async def get_slots(query: GetSlots, ctx: Context) -> SlotsView:
    """When you and somebody can meet: within the hours of both, beside all that either has booked or does elsewhere.

    In UTC, by your clock and by theirs. Nothing is held by asking; `hours_known` is false if they never said.
    """
    person = await access_person(query.user_id, ctx)
    me, other = await timetables([await access_self(ctx), person], ctx)
    within = _within(query, other, ctx)
    both = [] if other.said is None else await free(other, within, ctx)
    if person.id != me.user.id and both:
        both = common(both, await free(me, within, ctx))
    length = other.slot if query.duration is None else timedelta(minutes=query.duration)
    found = list(islice(starts(both, length, other.step, other.zone), query.limit + 1))
    zones = (me.zone if query.tz is None else ZoneInfo(query.tz)), await zone_shown(other, ctx)
    return SlotsView(
        items=[SlotView.of(Span(at, at + length), *zones) for at in found[: query.limit]],
        next_cursor=str(int(found[-1].timestamp())) if len(found) > query.limit else None,
        time_zone=str(zones[0]),
        their_time_zone=None if zones[1] is None else str(zones[1]),
        hours_known=other.said is not None,
    )


def _within(query: GetSlots, other: Timetable, ctx: Context) -> Span:
    """The time that is asked about, as far as the other person is to be asked for it."""
    offered = other.offered(ctx.now)
    start = min(query.from_ or ctx.now, ctx.now + MOST_AHEAD)
    end = query.to or start + UNLESS_TOLD
    if end - start > LONGEST:
        raise Invalid.field("to", f"At most {LONGEST.days} days after `from`; ask again for what comes then.")
    if query.cursor is not None:
        start = max(start, _moment(query.cursor))
    return Span(max(start, ctx.now, offered.start), min(end, offered.end))


def _moment(cursor: str) -> datetime:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= MOST_DIGITS):
        raise Invalid.field("cursor", "Take it from a page of these slots.")
    return datetime.fromtimestamp(int(cursor), UTC)
