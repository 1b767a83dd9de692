"""Whose time is taken, hour by hour: one document for each person and hour in which anything is, and its id is both.

Whoever takes a part of an hour writes its document, and that is all there is to the guard: of two who write at the
same moment the database refuses one, whichever process it is in, and that one looks again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, IndexModel

from store.database import DUPLICATE, Duplicate
from store.ids import new_id
from store.repository import Document, Repository

HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Past time is nobody's to take; the swaps remember what was in it.
KEPT_SECONDS = 86_400
# Of one thing, or of several that are changed together: a year of lessons of two people, each of four hours and a bit.
MOST_HOURS = 1000


class Taken(BaseModel):
    """A part of an hour, taken by what `ref` names: `swap:<id>`. A hold expires, and then gives way."""

    model_config = ConfigDict(frozen=True)

    start: datetime
    end: datetime
    ref: str
    expires_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return self.expires_at is None or now < self.expires_at


class BookedHour(Document):
    """An hour of a person's. `stamp` is another one for each time that it is written."""

    user_id: str
    at: datetime
    taken: tuple[Taken, ...]
    # What it is taken by, so that it is found by that.
    refs: tuple[str, ...]
    stamp: str


def hours_of(start: datetime, end: datetime) -> Iterator[datetime]:
    """Where the hours begin that a time touches."""
    at = start - (start - EPOCH) % HOUR
    while at < end:
        yield at
        at += HOUR


def hour_id(user_id: str, at: datetime) -> str:
    """The hour of a person's that begins then."""
    return f"{user_id}:{(at - EPOCH) // HOUR}"


class Bookings(Repository[BookedHour]):
    collection = "bookings"
    owner = "user_id"
    document = BookedHour
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("at", ASCENDING)]),  # of_person
        IndexModel([("refs", ASCENDING)]),  # of
        IndexModel([("at", ASCENDING)], expireAfterSeconds=KEPT_SECONDS),
    )

    async def among(self, ids: Sequence[str]) -> list[BookedHour]:
        """Those of these hours in which anything is."""
        return await self._many({"_id": {"$in": list(ids)}}, limit=max(1, len(ids)))

    async def of(self, refs: Collection[str]) -> list[BookedHour]:
        """The hours in which these things have taken anything."""
        return await self._many({"refs": {"$in": list(refs)}}, limit=MOST_HOURS)

    async def of_person(self, user_id: str, *, start: datetime, end: datetime) -> list[BookedHour]:
        """A person's hours between two moments, in order."""
        where = {"user_id": user_id, "at": {"$gt": start - HOUR, "$lt": end}}
        return await self._many(where, sort=(("at", ASCENDING),), limit=(end - start) // HOUR + 2)

    async def coming(self, user_id: str, *, after: datetime, limit: int) -> list[BookedHour]:
        """A person's next hours, in order, from the one of a moment on."""
        where = {"user_id": user_id, "at": {"$gt": after - HOUR}}
        return await self._many(where, sort=(("at", ASCENDING),), limit=limit)

    async def exchange(
        self, before: Sequence[BookedHour], after: Mapping[tuple[str, datetime], Sequence[Taken]]
    ) -> None:
        """Put what is taken in some hours of some people in the place of what was read there before.

        Raises `Duplicate` if somebody wrote one of them meanwhile: what was decided by it has to be decided again.
        """
        stamp = new_id()
        hours = {
            hour_id(user_id, at): BookedHour(
                id=hour_id(user_id, at),
                user_id=user_id,
                at=at,
                taken=tuple(taken),
                refs=tuple(sorted({one.ref for one in taken})),
                stamp=stamp,
            )
            for (user_id, at), taken in after.items()
            if taken
        }
        await self._delete([one for one in before if one.id not in hours])
        for one in before:
            hour = hours.pop(one.id, None)
            if hour is not None and hour.taken != one.taken:
                where = {"_id": one.id, "stamp": one.stamp}
                done = await self._rows.replace_one(where, hour.row(), session=await self._within())
                _require(done.matched_count, 1)
        await self.insert_all(list(hours.values()))

    async def _delete(self, hours: Sequence[BookedHour]) -> None:
        # What was written together has the same stamp, and goes together.
        for stamp, some in groupby(sorted(hours, key=lambda one: one.stamp), key=lambda one: one.stamp):
            ids = [one.id for one in some]
            where = {"_id": {"$in": ids}, "stamp": stamp}
            done = await self._rows.delete_many(where, session=await self._within())
            _require(done.deleted_count, len(ids))


def _require(done: int, wanted: int) -> None:
    if done != wanted:
        raise Duplicate("Somebody wrote these hours first.", DUPLICATE)
