"""Which swaps stand in whose calendar, and how far that has come: one document for each swap and person who asked.

What stands there is derived from the swap whenever a job writes it; nothing here says what the event looks like.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository

# Of one person's as many are looked at together.
MOST = 500


class SyncState(StrEnum):
    OFF = "off"
    PENDING = "pending"
    SYNCED = "synced"
    RECONNECT_REQUIRED = "reconnect_required"
    FAILED = "failed"


class CalendarEvent(Document):
    """A swap in a person's calendar; `written` is the version of the swap that was written last."""

    user_id: str
    swap_id: str
    state: SyncState = SyncState.PENDING
    # Until when the swap lasts: what is over is written no more when a calendar is connected anew.
    ends_at: datetime
    written: int = 0
    # What stands there, as we wrote it or saw it last: by these an echo of our own is known.
    etag: str = ""
    changed_at: datetime | None = None
    starts_there: datetime | None = None
    ends_there: datetime | None = None
    # Since when it is known that its person deleted it there: the swap is called off, unless they put it back.
    gone_at: datetime | None = None
    # The same of lessons beside it, by their numbers.
    lessons_gone: dict[str, datetime] = {}
    changes: int = 0
    updated_at: datetime


def event_key(swap_id: str, user_id: str) -> str:
    """The id under which it is kept what became of a swap in somebody's calendar."""
    return f"{swap_id}:{user_id}"


class CalendarEvents(Repository[CalendarEvent]):
    collection = "calendar_events"
    owner = "user_id"
    document = CalendarEvent
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("ends_at", ASCENDING)]),  # ahead_of, delete_owned
        IndexModel([("swap_id", ASCENDING)]),  # of_swap
    )

    async def of_swap(self, swap_id: str) -> list[CalendarEvent]:
        """In whose calendars a swap stands, or shall."""
        return await self._many({"swap_id": swap_id}, limit=2)

    async def ahead_of(self, user_id: str, *, now: datetime) -> list[CalendarEvent]:
        """What stands in somebody's calendar and is not over."""
        where = {"user_id": user_id, "ends_at": {"$gt": now}}
        return await self._many(where, sort=(("ends_at", ASCENDING),), limit=MOST)

    async def set(self, id_: str, state: SyncState, *, at: datetime, **more: Any) -> CalendarEvent | None:
        """How far it has come now; None if it is wanted there no more."""
        change = {"$set": {"state": state, "updated_at": at, **more}, "$inc": {"changes": 1}}
        return await self._change({"_id": id_}, change)

    async def delete(self, id_: str) -> None:
        """It is wanted there no more."""
        await self._rows.delete_one({"_id": id_}, session=await self._within())

    async def delete_all(self, user_id: str) -> None:
        """Nothing is wanted in this person's calendar any more."""
        await self._rows.delete_many({"user_id": user_id}, session=await self._within())
