"""When people are busy elsewhere, as their calendars say: no more of it than that they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository

# Of one calendar; nobody does so much in two months.
MOST_KEPT = 3000


class BusyTime(Document):
    """One time, by one calendar: `google`, or `ics:<id>`."""

    user_id: str
    source: str
    start: datetime
    end: datetime
    # Until it was read again: a calendar that is silent for so long says nothing any more.
    good_until: datetime


class BusyTimes(Repository[BusyTime]):
    collection = "busy_times"
    owner = "user_id"
    document = BusyTime
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("end", ASCENDING)]),  # of_person
        IndexModel([("user_id", ASCENDING), ("source", ASCENDING)]),  # replace
        IndexModel([("good_until", ASCENDING)], expireAfterSeconds=0),
    )

    async def of_person(self, user_id: str, *, start: datetime, end: datetime, now: datetime) -> list[BusyTime]:
        """What touches the time between two moments, by all calendars, in the order in which it ends."""
        # Of two ranges in one question the embedded database takes the index of neither.
        where = {"user_id": user_id, "end": {"$gt": start}}
        found = await self._many(where, sort=(("end", ASCENDING),), limit=MOST_KEPT)
        return [one for one in found if one.start < end and one.good_until > now]

    async def replace(self, user_id: str, source: str, times: Sequence[BusyTime]) -> bool:
        """Keep what a calendar says now in the place of what it said before; False if it says the same."""
        former = await self._many({"user_id": user_id, "source": source}, limit=MOST_KEPT)
        await self._rows.delete_many({"user_id": user_id, "source": source}, session=await self._within())
        await self.insert_all(times)
        return {(one.start, one.end) for one in former} != {(one.start, one.end) for one in times}
