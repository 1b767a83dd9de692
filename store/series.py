"""Lessons that two people have week by week, beside the swap that they began with.

Every change is of the version that was read, as with swaps.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Repository


class State(StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    ENDED = "ended"


class Otherwise(BaseModel):
    """What holds of a single lesson: it was moved, or without `to` called off."""

    model_config = ConfigDict(frozen=True)

    to: datetime | None
    by: str


class Series(Document):
    """One series. The id is the swap's; `turn` is whose answer a proposal waits for.

    Lessons are named by their number, as text: it is a key of the document.
    """

    people: tuple[str, str]
    state: State
    turn: str | None
    # By the clock on the wall there, and so in no zone.
    start: str
    time_zone: str
    every_weeks: int
    count: int
    duration_minutes: int
    otherwise: dict[str, Otherwise] = {}
    # Where somebody wants to move a lesson; it holds once the other one agrees.
    moves: dict[str, Otherwise] = {}
    # Which reminders were sent, of which lesson and time.
    reminded: tuple[str, ...] = ()
    version: int = 1
    created_at: datetime
    updated_at: datetime

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)

    def other(self, user_id: str) -> str:
        """Whom somebody has it with."""
        return self.people[1] if user_id == self.people[0] else self.people[0]

    def key(self, number: int) -> str:
        """What a lesson is known by in calendars."""
        return f"{self.id}-{number}"

    def ref(self, number: int) -> str:
        """What a lesson's time is booked for."""
        return f"series:{self.id}:{number}"

    @staticmethod
    def of_ref(ref: str) -> tuple[str, int] | None:
        """Of which series, and which lesson; None of what is none."""
        kind, _, rest = ref.partition(":")
        id_, _, number = rest.partition(":")
        return (id_, int(number)) if kind == "series" else None


class AllSeries(Repository[Series]):
    collection = "series"
    document = Series
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("people", ASCENDING), ("_id", ASCENDING)]),  # of_person, latest_of
    )

    async def among(self, ids: Sequence[str]) -> list[Series]:
        """Those of these that there are."""
        return await self._many({"_id": {"$in": list(ids)}}, limit=max(1, len(ids)))

    async def of_person(self, user_id: str, *, after: str, limit: int) -> list[Series]:
        """A person's series, in the order of their swaps, from after one of them."""
        return await self._many({"people": user_id, "_id": {"$gt": after}}, limit=limit)

    async def latest_of(self, user_id: str, *, limit: int) -> list[Series]:
        """A person's series, those beside the swaps that were asked for last."""
        return await self._many({"people": user_id}, sort=(("_id", DESCENDING),), limit=limit)

    async def end_of(self, user_id: str, *, at: datetime) -> None:
        """End all that somebody has who leaves."""
        change = {"$set": {"state": State.ENDED, "turn": None, "moves": {}, "updated_at": at}, "$inc": {"version": 1}}
        where = {"people": user_id, "state": {"$ne": State.ENDED}}
        await self._rows.update_many(where, change, session=await self._within())

    async def remind(self, swap_id: str, what: str) -> bool:
        """Write down that a reminder was sent; False if it was before."""
        change = {"$push": {"reminded": what}}
        return await self._change({"_id": swap_id, "reminded": {"$ne": what}}, change) is not None

    async def replace(self, series: Series, *, version: int) -> bool:
        """Put a series in the place of its earlier version; False if that one is no longer there."""
        done = await self._rows.replace_one(
            {"_id": series.id, "version": version}, series.row(), session=await self._within()
        )
        return bool(done.matched_count)
