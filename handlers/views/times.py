"""When people can meet, and why not."""

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import Field

from handlers.models import View
from handlers.times import Span
from store.availability import Availability, OtherDay, WeeklyHours


class BusyView(View):
    """Somebody who is busy, and when; what they do then is theirs."""

    user_id: str
    start: datetime
    end: datetime = Field(description="Within what was asked for: how much longer they are busy is theirs, too.")


class ConflictView(View):
    """Everybody who is busy in what was asked for."""

    busy: tuple[BusyView, ...]


class AvailabilityView(View):
    """When somebody wants to meet; what holds on a day of `overrides` holds instead of the week."""

    is_set: bool
    time_zone: str
    weekly: WeeklyHours = WeeklyHours()
    overrides: tuple[OtherDay, ...] = ()
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    notice_minutes: int = 0
    ahead_days: int = 0
    slot_minutes: int = 0
    step_minutes: int = 0
    version: int = 0

    @classmethod
    def of(cls, said: Availability | None, zone: ZoneInfo) -> "AvailabilityView":
        if said is None:
            return cls(is_set=False, time_zone=str(zone))
        told = said.model_dump(exclude={"id", "time_zone", "updated_at"})
        return cls.model_validate({**told, "is_set": True, "time_zone": str(zone)})


class ByTheClockView(View):
    """The same time by the clock on somebody's wall, with its offset."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, span: Span, zone: ZoneInfo) -> "ByTheClockView":
        return cls(start=span.start.astimezone(zone), end=span.end.astimezone(zone))


class SlotView(View):
    """A time at which two people can meet, in UTC and by both their clocks."""

    start: datetime
    end: datetime
    yours: ByTheClockView
    theirs: ByTheClockView | None = Field(description="Null if they do not show their time zone.")

    @classmethod
    def of(cls, span: Span, mine: ZoneInfo, other: ZoneInfo | None) -> "SlotView":
        theirs = None if other is None else ByTheClockView.of(span, other)
        return cls(start=span.start, end=span.end, yours=ByTheClockView.of(span, mine), theirs=theirs)


class SlotsView(View):
    """Times at which two people can meet, in order; `next_cursor` brings more of them, null at the end."""

    items: list[SlotView]
    next_cursor: str | None
    time_zone: str
    their_time_zone: str | None
    hours_known: bool = Field(description="Whether they said when they want to meet; else there is nothing to show.")
