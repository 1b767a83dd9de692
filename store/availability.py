"""When people want to meet: weekly hours, days that are otherwise, and how much room they need around a meeting."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from store.repository import Document, Repository


def a_date(text: str) -> str:
    """Refuse what is no day of the calendar, or not written as one."""
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError("Must be a date like 2026-12-24.")
    return text


def in_order(hours: "tuple[OpenHours, ...]") -> "tuple[OpenHours, ...]":
    """The parts of a day as they follow each other; refuse those that overlap."""
    found = tuple(sorted(hours, key=lambda one: one.start))
    if any(one.end > then.start for one, then in pairwise(found)):
        raise ValueError("The hours of a day must not overlap.")
    return found


class OpenHours(BaseModel):
    """A part of a day by the clock on the wall: 09:00 to 12:30, or to 24:00; what crosses midnight is two."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    end: Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]

    @model_validator(mode="after")
    def forward(self) -> Self:
        """As text they are in the order of time."""
        if self.start >= self.end:
            raise ValueError("Must end after it starts; what crosses midnight is given as two.")
        return self


OfADay = Annotated[tuple[OpenHours, ...], Field(max_length=8), AfterValidator(in_order)]


class WeeklyHours(BaseModel):
    """When somebody wants to meet, week by week."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    monday: OfADay = ()
    tuesday: OfADay = ()
    wednesday: OfADay = ()
    thursday: OfADay = ()
    friday: OfADay = ()
    saturday: OfADay = ()
    sunday: OfADay = ()

    @property
    def days(self) -> tuple[tuple[OpenHours, ...], ...]:
        """Monday first, as Python counts."""
        return (
            self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday
        )  # fmt: skip


class OtherDay(BaseModel):
    """A day on which other hours hold than in the week: none, some, or 00:00 to 24:00. Its date is in no zone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: Annotated[str, AfterValidator(a_date)]
    hours: OfADay


class Availability(Document):
    """What one person said. The id is the person's; without a zone the profile's holds, wherever it moves to."""

    time_zone: str | None
    weekly: WeeklyHours
    overrides: tuple[OtherDay, ...]
    buffer_before_minutes: int
    buffer_after_minutes: int
    notice_minutes: int
    ahead_days: int
    slot_minutes: int
    step_minutes: int
    updated_at: datetime
    version: int = 1


class Availabilities(Repository[Availability]):
    collection = "availability"
    owner = "_id"
    document = Availability

    async def put(self, availability: Availability) -> Availability:
        """Keep it in the place of what was there."""
        before = await self.get(availability.id)
        if before is None:
            return await self.insert(availability)
        after = availability.model_copy(update={"version": before.version + 1})
        await self._rows.replace_one({"_id": after.id}, after.row(), session=await self._within())
        return after

    async def among(self, ids: Sequence[str]) -> dict[str, Availability]:
        """What these people said, by person; who said nothing is left out."""
        return {one.id: one for one in await self._many({"_id": {"$in": list(ids)}}, limit=len(ids))}
