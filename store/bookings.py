"""Whose time is taken, in cells of five minutes: one document for each person and cell, and its id is both.

Two bookings of one person overlap where they share a cell, and a cell is there once: that is all there is to the
guard, and no process has to ask another. What begins or ends within a cell takes the whole of it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository

CELL = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Past time is nobody's to take; the swaps remember what was in it.
KEPT_SECONDS = 86_400


def cell_before(moment: datetime) -> datetime:
    """Where the cell begins that a moment is in."""
    return moment - (moment - EPOCH) % CELL


def cell_after(moment: datetime) -> datetime:
    """Where the first cell begins that is not before a moment."""
    return moment + (EPOCH - moment) % CELL


def cell_id(user_id: str, at: datetime) -> str:
    """The cell of a person's time that begins then."""
    return f"{user_id}:{(at - EPOCH) // CELL}"


class Booking(Document):
    """A cell that is taken, by what `ref` names: `swap:<id>`. The first cell of each time says where it ends.

    A hold has `expires_at` and gives way to whoever comes after that.
    """

    user_id: str
    ref: str
    at: datetime
    # Of the first cell alone, so that a person's bookings are found by one document each.
    start: datetime | None = None
    end: datetime | None = None
    expires_at: datetime | None = None
    kept_until: datetime

    def holds(self, now: datetime) -> bool:
        return self.expires_at is None or now < self.expires_at


class Bookings(Repository[Booking]):
    collection = "bookings"
    owner = "user_id"
    document = Booking
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("end", ASCENDING)]),  # of_person
        IndexModel([("ref", ASCENDING)]),  # of, release
        IndexModel([("kept_until", ASCENDING)], expireAfterSeconds=KEPT_SECONDS),
    )

    async def among(self, ids: Sequence[str]) -> list[Booking]:
        """Those of these cells that are taken, or were by a hold, in order of their time for each person."""
        found = await self._many({"_id": {"$in": list(ids)}}, limit=max(1, len(ids)))
        return sorted(found, key=lambda one: (one.user_id, one.at))

    async def of_person(self, user_id: str, *, start: datetime, end: datetime, limit: int) -> list[Booking]:
        """The first cells of what a person has booked or held between two moments, in order."""
        where: dict[str, Any] = {"user_id": user_id, "end": {"$gt": start}, "start": {"$lt": end}}
        return await self._many(where, sort=(("end", ASCENDING),), limit=limit)

    async def release(self, refs: Sequence[str]) -> set[str]:
        """Give back all that was taken for these things; whose time it was."""
        where = {"ref": {"$in": list(refs)}}
        rows = self._rows.find(where, projection={"user_id": 1}, session=await self._within())
        people = {row["user_id"] async for row in rows}
        if people:
            await self._rows.delete_many(where, session=await self._within())
        return people

    async def clear(self, ids: Sequence[str]) -> None:
        """Give back these cells; for what a hold that is over left behind."""
        if ids:
            await self._rows.delete_many({"_id": {"$in": list(ids)}}, session=await self._within())
