"""Swaps: what two people agree to teach each other, whose move it is, and everything that was done about it.

Every change is of the version that was read: `replace` answers whether nobody was first.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, DESCENDING, IndexModel

from store.database import Row
from store.gigs import GigSnapshot
from store.repository import Document, Filter, Repository

# Whoever has more is as well known by these.
MOST_COUNTED = 1000


class Status(StrEnum):
    PENDING = "pending"
    COUNTERED = "countered"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NO_SHOW = "no_show"
    DISPUTED = "disputed"


# Waits for an answer.
OPEN = frozenset({Status.PENDING, Status.COUNTERED})
# The two have met, or are going to.
AGREED = (Status.ACCEPTED, Status.COMPLETED)


class Action(StrEnum):
    """What is done to a swap: by its people, then by staff, then by the server."""

    REQUEST = "request"
    ACCEPT = "accept"
    REJECT = "reject"
    CANCEL = "cancel"
    RESCHEDULE = "reschedule"
    COUNTER = "counter"
    CONFIRM = "confirm"
    DID_NOT_HAPPEN = "did_not_happen"
    NO_SHOW = "no_show"
    DISPUTE = "dispute"
    DECIDE = "decide"
    EXPIRE = "expire"
    COMPLETE = "complete"
    CLOSE = "close"
    LEAVE = "leave"


class Outcome(StrEnum):
    """What one of the two says became of it; `no_show` says that the other one did not come."""

    HAPPENED = "happened"
    DID_NOT_HAPPEN = "did_not_happen"
    NO_SHOW = "no_show"


class Mode(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"


class Step(BaseModel):
    """One thing that was done. Without `by` the server did it, because it was time."""

    model_config = ConfigDict(frozen=True)

    action: Action
    by: str | None
    at: datetime
    status: Status
    why: str = ""
    old_time: datetime | None = None
    new_time: datetime | None = None


class Swap(Document):
    """A swap. `turn` is whose answer is waited for, `proposals` what they may choose from; `version` counts steps."""

    requestor: str
    responder: str
    people: tuple[str, str]
    # Both, sorted: by it what two people have with each other is found.
    pair: str
    status: Status = Status.PENDING
    turn: str | None
    gig: str | None = None
    # What was offered when it was asked for, whatever becomes of it.
    gig_snapshot: GigSnapshot | None = None
    offered_skill: str
    desired_skill: str
    # What is agreed; until then the first of what is proposed.
    scheduled_time: datetime
    proposals: tuple[datetime, ...] = ()
    duration_minutes: int
    time_zone: str
    mode: Mode
    note: str = ""
    thread_id: str
    version: int = 1
    history: tuple[Step, ...]
    outcomes: dict[str, Outcome] = {}
    # What each says that they gave; of whom says that it happened.
    delivered: dict[str, str] = {}
    # Who kept their word, and who did not: a reliability counts them.
    kept_by: tuple[str, ...] = ()
    broken_by: tuple[str, ...] = ()
    # Who gave it up late and proposed something else, so far in vain.
    left_late: str | None = None
    # Minutes that one of them gives to the other once it is held, and the transfer that did.
    credit_minutes: int = 0
    credit_from: str | None = None
    transfer: str | None = None
    # Which reminders were sent, and of which time.
    reminded: tuple[str, ...] = ()
    expires_at: datetime | None
    completes_at: datetime | None = None
    closed_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    order: str

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)

    @property
    def ends_at(self) -> datetime:
        """When it is over, if it is held as planned."""
        return self.scheduled_time + self.duration

    @property
    def let_down(self) -> tuple[str, ...]:
        """Who was there for it, where the other one broke it."""
        return tuple(one for one in self.people if self.broken_by and one not in self.broken_by)

    def other(self, user_id: str) -> str:
        """Whom somebody has it with."""
        return self.responder if user_id == self.requestor else self.requestor

    def row(self) -> Row:
        """With what it is found by: whom it let down, who waits, which pictures it keeps for whom.

        Of one offer nobody asks twice at a time.
        """
        row = super().row()
        if self.let_down:
            row["let_down"] = list(self.let_down)
        if self.status in OPEN:
            row["open_by"], row["open_of"] = self.requestor, list(self.people)
            if self.gig is not None:
                row["open_key"] = open_key(self.gig, self.requestor)
        if self.gig_snapshot is not None and self.gig_snapshot.images:
            row["shows"] = [shown_key(image, one) for image in self.gig_snapshot.images for one in self.people]
        return row


def pair_of(one: str, other: str) -> str:
    """The key of two people, whoever is named first."""
    return ":".join(sorted((one, other)))


def open_key(gig: str, requestor: str) -> str:
    """The key of what somebody may ask of an offer once at a time."""
    return f"{gig}:{requestor}"


def shown_key(image: str, user_id: str) -> str:
    """The key of a picture of what was asked for, for one of the two."""
    return f"{user_id}:{image}"


class Swaps(Repository[Swap]):
    collection = "swaps"
    document = Swap
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("people", ASCENDING), ("order", DESCENDING)]),  # of_person
        IndexModel([("people", ASCENDING), ("status", ASCENDING), ("order", DESCENDING)]),  # of_person
        IndexModel([("pair", ASCENDING), ("status", ASCENDING)]),  # have_agreed
        IndexModel([("open_key", ASCENDING)], unique=True, sparse=True),  # waiting_for
        IndexModel([("open_of", ASCENDING), ("order", ASCENDING)]),  # waiting_with
        IndexModel([("open_by", ASCENDING)]),  # count_waiting
        IndexModel([("status", ASCENDING), ("order", ASCENDING)]),  # disputed
        IndexModel([("people", ASCENDING), ("status", ASCENDING), ("closed_at", DESCENDING)]),  # completed, held_with
        IndexModel([("people", ASCENDING), ("status", ASCENDING), ("scheduled_time", ASCENDING)]),  # upcoming
        IndexModel([("let_down", ASCENDING), ("closed_at", DESCENDING)]),  # broken
        IndexModel([("kept_by", ASCENDING)]),  # count_kept
        IndexModel([("broken_by", ASCENDING)]),  # count_broken
        IndexModel([("shows", ASCENDING)], sparse=True),  # show
    )

    async def of_person(
        self, user_id: str, *, status: Status | None = None, before: str | None, limit: int
    ) -> list[Swap]:
        """A person's swaps, the last asked for first, from after a position."""
        where: dict[str, Any] = {"people": user_id}
        if status is not None:
            where["status"] = status
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)

    async def among(self, ids: Sequence[str]) -> list[Swap]:
        """Those of these that there are."""
        return await self._many({"_id": {"$in": list(ids)}}, limit=max(1, len(ids)))

    async def have_agreed(self, one: str, other: str, *, on: Collection[Status] = AGREED) -> bool:
        """Whether two people have a swap that was accepted and, unless it is still to come, held."""
        return await self._one({"pair": pair_of(one, other), "status": {"$in": list(on)}}) is not None

    async def waiting_for(self, gig: str, requestor: str) -> Swap | None:
        """What somebody asked of an offer and nobody has answered for good."""
        return await self._one({"open_key": open_key(gig, requestor)})

    async def waiting_with(self, user_id: str, *, after: str, limit: int) -> list[Swap]:
        """What a person has that waits for an answer, the first asked first, from after a position."""
        return await self._many({"open_of": user_id, "order": {"$gt": after}}, sort=(("order", 1),), limit=limit)

    async def show(self, image: str, user_id: str) -> bool:
        """Whether somebody has a swap about something that had this picture when it was asked for."""
        return await self._one({"shows": shown_key(image, user_id)}) is not None

    async def unfinished(self, user_id: str, *, on: Collection[Status], limit: int) -> list[Swap]:
        """Some of what a person has in one of these statuses."""
        return await self._many({"people": user_id, "status": {"$in": list(on)}}, limit=limit)

    async def disputed(self, *, after: str | None, limit: int) -> list[Swap]:
        """What staff has to decide, the first asked for first, from after a position."""
        where: dict[str, Any] = {"status": Status.DISPUTED}
        if after is not None:
            where["order"] = {"$gt": after}
        return await self._many(where, sort=(("order", 1),), limit=limit)

    async def completed(self, user_id: str, *, since: datetime, limit: int) -> list[Swap]:
        """What a person had with others and was settled since a moment, the last first."""
        where = {"people": user_id, "status": Status.COMPLETED, "closed_at": {"$gt": since}}
        return await self._many(where, sort=(("closed_at", -1),), limit=limit)

    async def held_with(self, user_id: str, *, limit: int) -> list[str]:
        """Those with whom a person had swaps, the last settled first; so many swaps are looked at."""
        rows = self._rows.find(
            {"people": user_id, "status": Status.COMPLETED}, projection={"people": 1}, sort=[("closed_at", -1)],
            limit=limit, session=await self._within(),
        )  # fmt: skip
        return list(dict.fromkeys([one async for row in rows for one in row["people"] if one != user_id]))

    async def broken(self, let_down: str, *, since: datetime, limit: int) -> list[Swap]:
        """What others broke that a person was there for, since a moment, the last first."""
        where = {"let_down": let_down, "closed_at": {"$gt": since}}
        return await self._many(where, sort=(("closed_at", -1),), limit=limit)

    async def upcoming(self, user_id: str, *, after: datetime, limit: int) -> list[Swap]:
        """What a person has agreed on and has before them, the next first."""
        where = {"people": user_id, "status": Status.ACCEPTED, "scheduled_time": {"$gt": after}}
        return await self._many(where, sort=(("scheduled_time", 1),), limit=limit)

    async def count_waiting(self, requestor: str) -> int:
        """How many requests of somebody's wait for an answer."""
        return await self._count({"open_by": requestor})

    async def count_kept(self, user_id: str) -> int:
        """How often somebody kept their word."""
        return await self._count({"kept_by": user_id})

    async def count_broken(self, user_id: str) -> int:
        """How often somebody did not."""
        return await self._count({"broken_by": user_id})

    async def _count(self, where: Filter) -> int:
        return await self._rows.count_documents(where, limit=MOST_COUNTED, session=await self._within())

    async def remind(self, swap_id: str, what: str) -> bool:
        """Write down that a reminder was sent; False if it was before."""
        change = {"$push": {"reminded": what}}
        return await self._change({"_id": swap_id, "reminded": {"$ne": what}}, change) is not None

    async def replace(self, swap: Swap, *, version: int) -> bool:
        """Put a swap in the place of its earlier version; False if that one is no longer there."""
        done = await self._rows.replace_one(
            {"_id": swap.id, "version": version}, swap.row(), session=await self._within()
        )
        return bool(done.matched_count)
