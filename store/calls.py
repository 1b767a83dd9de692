"""Calls: who may be in one, who was rung and what came of it, who was there from when to when, and how it ended.

Who is in it at this moment is not here but in the live room; this is what is left of it. Every change goes by
`version`: whoever was slower reads anew.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Repository

SPARSE = {"swap", "one_of", "due_at"}
# The server's own peer, who is an account like any other and joins calls as any other client does.
HELPER = "5e1f00000000000000000000"


class Answer(StrEnum):
    """What has come of ringing somebody."""

    RINGING = "ringing"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    BUSY = "busy"
    MISSED = "missed"
    CANCELLED = "cancelled"


class EndReason(StrEnum):
    """Why a call is over."""

    HUNG_UP = "hung_up"
    ENDED_BY_HOST = "ended_by_host"
    REJECTED = "rejected"
    BUSY = "busy"
    MISSED = "missed"
    CANCELLED = "cancelled"
    EMPTY = "empty"
    UNUSED = "unused"
    TIME_OVER = "time_over"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Ring(_Part):
    """Somebody who was rung."""

    user_id: str
    answer: Answer = Answer.RINGING
    until: datetime


class Span(_Part):
    """A time that somebody was there."""

    peer_id: str
    user_id: str
    joined_at: datetime
    left_at: datetime | None = None


class Call(Document):
    """One call; its id is the wire's `session_id`."""

    thread_id: str | None = None
    swap: str | None = None
    participants: tuple[str, ...]
    created_by: str
    host: str
    lobby: bool = False
    planned_seconds: int | None = None
    rings: tuple[Ring, ...] = ()
    attendance: tuple[Span, ...] = ()
    # Who is there, for whoever wants to know whether somebody is busy.
    present: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    # Who allows that it is recorded; the server's own peer, once it was asked to; and what it recorded, as uploads.
    consents: tuple[str, ...] = ()
    recorder: Ring | None = None
    recordings: tuple[str, ...] = ()
    opens_at: datetime | None = None
    # At the latest: no call is for ever.
    closes_at: datetime
    # When something has to be done about it though nobody asks: somebody is not rung any longer, or it is over.
    due_at: datetime | None = None
    # What it is the one open call of: a conversation has one at a time, beside those that are planned.
    one_of: str | None = None
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    version: int = 1
    order: str

    def row(self) -> dict[str, Any]:
        """Without what is not there where an index is sparse."""
        row = super().row()
        return {
            name: value for name, value in row.items() if value is not None or name not in {"due_at", "one_of", "swap"}
        }

    def ring_of(self, user_id: str) -> Ring | None:
        """How somebody was rung, if they were."""
        return next((ring for ring in self.all_rings if ring.user_id == user_id), None)

    @property
    def all_rings(self) -> tuple[Ring, ...]:
        """Whoever was rung, also the server's own peer that shall record."""
        return self.rings if self.recorder is None else (*self.rings, self.recorder)

    @property
    def people_present(self) -> frozenset[str]:
        """Who of its people is there; the recorder is none of them."""
        return frozenset(self.present) & frozenset(self.participants)

    @property
    def has_recorder(self) -> bool:
        """Whether the recorder sits in it."""
        return self.recorder is not None and self.recorder.user_id in self.present

    @property
    def all_consent(self) -> bool:
        """Whether everybody who is there allows that it is recorded; where nobody is, nobody does."""
        return bool(self.people_present) and self.people_present <= {*self.consents}

    def recordings_for(self, user_id: str | None) -> tuple[str, ...]:
        """What was recorded of it, as far as somebody may have it: its people may, wherever they are by now."""
        return self.recordings if user_id in self.participants else ()

    @property
    def is_ahead(self) -> bool:
        """Whether it is planned, and no two have met in it: who was early, and alone, leaves it to the others."""
        return self.opens_at is not None and self.started_at is None

    @property
    def told(self) -> tuple[str, ...]:
        """Who hears what becomes of it."""
        return self.participants if self.recorder is None else (*self.participants, self.recorder.user_id)


class Calls(Repository[Call]):
    collection = "calls"
    document = Call
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("participants", ASCENDING), ("order", DESCENDING)]),  # of_person
        IndexModel([("swap", ASCENDING), ("order", DESCENDING)], sparse=True),  # of_person, of_swap
        IndexModel([("one_of", ASCENDING)], unique=True, sparse=True),  # open_one
        IndexModel([("present", ASCENDING)]),  # busy, attended
        IndexModel([("due_at", ASCENDING)], sparse=True),  # due
    )

    async def of_person(self, user_id: str, *, swap: str | None, before: str | None, limit: int) -> list[Call]:
        """A person's calls, or those of a swap of theirs, the last first, from after a position in their order."""
        where: dict[str, Any] = {"participants": user_id}
        if swap is not None:
            where["swap"] = swap
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)

    async def of_swap(self, swap: str, *, limit: int) -> list[Call]:
        """The calls of a swap, the last first."""
        return await self._many({"swap": swap}, sort=(("order", -1),), limit=limit)

    async def open_one(self, one_of: str) -> Call | None:
        """The open call of a conversation or a swap."""
        return await self._one({"one_of": one_of})

    async def busy(self, user_ids: Sequence[str]) -> set[str]:
        """Those of these people who are in a call."""
        # As many calls as there are: one person may be in several.
        where = {"present": {"$in": list(user_ids)}}
        rows = self._rows.find(where, projection={"present": 1}, session=await self._within())
        return {person async for row in rows for person in row["present"]} & set(user_ids)

    async def attended(self) -> list[str]:
        """The ids of the calls that somebody is in."""
        # Between which all ids are: the embedded database goes by an index where a range has two ends.
        where = {"present": {"$gt": "", "$lt": "g"}}
        rows = self._rows.find(where, projection={"_id": 1}, session=await self._within())
        return [row["_id"] async for row in rows]

    async def due(self, *, at: datetime, limit: int) -> list[str]:
        """The ids of those about which something has to be done."""
        return [call.id for call in await self._many({"due_at": {"$lte": at}}, sort=(("due_at", 1),), limit=limit)]

    async def put(self, call: Call) -> Call | None:
        """Put a changed call in the place of the one that it was made of; None if somebody was faster."""
        after = call.model_copy(update={"version": call.version + 1})
        row = after.row()
        where = {"_id": row["_id"], "version": call.version}
        done = await self._rows.replace_one(where, row, session=await self._within())
        return after if done.matched_count else None
