"""What staff did to somebody, and why, for good: what holds of it is derived from those that are in force.

A statement is appealed against once. `holds` names the person as long as it may restrain them, `hides` the thing as
long as it keeps that from others; `changed_at` is when it last began or ceased to restrain them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, DESCENDING, IndexModel

from store.database import Row
from store.repository import Document, Repository, in_parts

# Of what holds somebody at a time; nobody is warned so often.
MOST_HOLDING = 100
OPEN = "open"


class Measure(StrEnum):
    WARNING = "warning"
    MUTE = "mute"
    SUSPENSION = "suspension"
    BAN = "ban"
    HIDDEN = "hidden"


class AppealState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REVERSED = "reversed"


class Appeal(BaseModel):
    """What the person says to it, and what another member of staff decided."""

    model_config = ConfigDict(frozen=True)

    words: str
    at: datetime
    # A strictly ordered field to page by.
    order: str
    state: AppealState = AppealState.OPEN
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str = ""


class Statement(Document):
    """One measure. `about` is the thing that it is about, by kind and id; `ended_at` when it was taken back."""

    user_id: str
    measure: Measure
    reason: str
    rule: str
    until: datetime | None
    about: str | None
    case_id: str | None
    # Who of the staff; told to nobody else. None for the server itself.
    by: str | None
    at: datetime
    order: str
    acknowledged_at: datetime | None = None
    ended_at: datetime | None = None
    appeal: Appeal | None = None
    version: int = 1

    def in_force(self, now: datetime) -> bool:
        """Whether it has an effect still."""
        is_over = self.until is not None and self.until <= now
        return self.ended_at is None and not is_over and self.acknowledged_at is None

    def may_be_reversed(self, now: datetime, *, within: timedelta) -> bool:
        """Whether it may be appealed against yet, or was, and nobody has decided."""
        if self.appeal is not None:
            return self.appeal.state is AppealState.OPEN
        return self.ended_at is None and now <= self.at + within

    @property
    def keeps_out(self) -> bool:
        return self.measure in (Measure.SUSPENSION, Measure.BAN)

    def row(self) -> Row:
        """With what it is found by while it may have an effect, or waits for a decision."""
        row = super().row()
        if self.ended_at is None and self.acknowledged_at is None:
            row.update({"hides": self.about} if self.measure is Measure.HIDDEN else {"holds": self.user_id})
        if self.appeal is not None and self.appeal.state is AppealState.OPEN:
            row["appealed"] = OPEN
        row["changed_at"] = max(at for at in (self.at, self.acknowledged_at, self.ended_at) if at is not None)
        return row


class Statements(Repository[Statement]):
    collection = "statements"
    owner = "user_id"
    document = Statement
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("order", DESCENDING)]),  # of_person
        IndexModel([("holds", ASCENDING)], sparse=True),  # holding
        IndexModel([("hides", ASCENDING)], sparse=True),  # hiding
        IndexModel([("appealed", ASCENDING), ("appeal.order", ASCENDING)], sparse=True),  # appealed
        IndexModel([("changed_at", ASCENDING)]),  # changed_since
    )

    async def of_person(self, user_id: str, *, before: str | None, limit: int) -> list[Statement]:
        """What was done to somebody, the last first, from after a position."""
        where: dict[str, Any] = {"user_id": user_id}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)

    async def holding(self, user_id: str, *, now: datetime) -> list[Statement]:
        """What restrains somebody at a moment."""
        found = await self._many({"holds": user_id}, limit=MOST_HOLDING)
        return [one for one in found if one.in_force(now)]

    async def holding_any(self, user_ids: Sequence[str], *, now: datetime) -> list[Statement]:
        """What restrains any of these people at a moment."""
        found: list[Statement] = []
        for some in in_parts(user_ids):
            found += await self._many({"holds": {"$in": some}}, sort=(), limit=MOST_HOLDING * len(some))
        return [one for one in found if one.in_force(now)]

    async def changed_since(self, moment: datetime) -> set[str]:
        """Who is restrained in another way since a moment, by the clocks of those who did it."""
        where = {"changed_at": {"$gte": moment}}
        rows = self._rows.find(where, projection={"user_id": 1}, session=await self._within())
        return {row["user_id"] async for row in rows}

    async def hiding(self, thing: str) -> Statement | None:
        """By what a thing is hidden."""
        return await self._one({"hides": thing})

    async def appealed(self, *, after: str | None, limit: int) -> list[Statement]:
        """What is appealed against and not decided, the one that waits longest first, from after a position."""
        where: dict[str, Any] = {"appealed": OPEN}
        if after is not None:
            where["appeal.order"] = {"$gt": after}
        return await self._many(where, sort=(("appeal.order", 1),), limit=limit)

    async def replace(self, statement: Statement) -> Statement | None:
        """Keep it as it is now, a version higher; None if somebody else changed it since it was read."""
        after = statement.model_copy(update={"version": statement.version + 1})
        where = {"_id": statement.id, "version": statement.version}
        done = await self._rows.replace_one(where, after.row(), session=await self._within())
        return after if done.matched_count else None
