"""What people say of those they had a swap with: each side once, and nothing for the other's eyes before its time.

What everybody sees of a person is found by `listed_of`, which a row has exactly as long as everybody may see it.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, DESCENDING, IndexModel

from store.database import Row
from store.repository import Document, Repository

# Whoever has more is as well known by the last ones.
MOST_COUNTED = 1000


class Criterion(StrEnum):
    CLARITY = "clarity"
    PREPARATION = "preparation"
    PUNCTUALITY = "punctuality"
    FRIENDLINESS = "friendliness"


class SkillRating(BaseModel):
    """How well somebody taught one skill; equal keys are equal skills."""

    model_config = ConfigDict(frozen=True)

    key: str
    name: str
    rating: int


class HiddenReview(BaseModel):
    """Staff keeps it from everybody but its two people, and says why."""

    model_config = ConfigDict(frozen=True)

    reason: str
    at: datetime


class Reply(BaseModel):
    """What the reviewed person says to it, for everybody."""

    model_config = ConfigDict(frozen=True)

    text: str
    at: datetime


class Review(Document):
    """One side's word about the other. While its swap is disputed it is `frozen`: nobody sees or counts it."""

    reviewer: str
    reviewee: str
    rating: int
    comments: str
    associated_swap_request: str
    criteria: dict[Criterion, int] = {}
    skills: tuple[SkillRating, ...] = ()
    # For moderators alone.
    was_appropriate: bool = True
    private_note: str = ""
    reply: Reply | None = None
    published_at: datetime | None = None
    hidden: HiddenReview | None = None
    frozen: bool = False
    # Whether the swap was; of one that the other side broke nobody can say how it was, and no rating counts.
    held: bool = True
    version: int = 1
    created_at: datetime
    updated_at: datetime
    order: str

    @property
    def is_shown(self) -> bool:
        """Whether everybody sees it."""
        return self.published_at is not None and self.hidden is None and not self.frozen

    @property
    def concerns_staff(self) -> bool:
        return bool(self.private_note) or not self.was_appropriate

    def row(self) -> Row:
        """With what it is found by, while it may be."""
        row = super().row()
        if self.is_shown:
            row["listed_of"] = self.reviewee
        if self.concerns_staff:
            row["for_staff"] = True
        return row


class Reviews(Repository[Review]):
    collection = "reviews"
    # It says something of the reviewed person, and nothing without them; who wrote it may leave.
    owner = "reviewee"
    document = Review
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("associated_swap_request", ASCENDING), ("reviewer", ASCENDING)], unique=True),  # of_swap
        IndexModel([("listed_of", ASCENDING), ("order", DESCENDING)]),  # shown_of
        IndexModel([("reviewer", ASCENDING), ("order", DESCENDING)]),  # written_by
        IndexModel([("for_staff", ASCENDING), ("order", DESCENDING)]),  # for_staff
        IndexModel([("reviewee", ASCENDING)]),  # delete_owned
    )

    async def of_swap(self, swap_id: str) -> list[Review]:
        """What its two people wrote, in no order."""
        return await self._many({"associated_swap_request": swap_id}, limit=2)

    async def written_about(self, swap_ids: Sequence[str], reviewer: str) -> set[str]:
        """Those of these swaps that somebody has written about."""
        # By the swaps alone, each of which has two at most: the embedded database goes by no index for both fields.
        written = await self._many({"associated_swap_request": {"$in": list(swap_ids)}}, limit=2 * len(swap_ids) or 1)
        return {one.associated_swap_request for one in written if one.reviewer == reviewer}

    async def shown_of(self, user_id: str, *, before: str | None, limit: int) -> list[Review]:
        """What everybody sees of a person, the last first, from after a position."""
        return await self._listed({"listed_of": user_id}, before, limit)

    async def written_by(self, user_id: str, *, before: str | None, limit: int) -> list[Review]:
        """What a person wrote, seen or not, the last first, from after a position."""
        return await self._listed({"reviewer": user_id}, before, limit)

    async def for_staff(self, *, before: str | None, limit: int) -> list[Review]:
        """What says something to moderators, the last first, from after a position."""
        return await self._listed({"for_staff": True}, before, limit)

    async def _listed(self, where: dict[str, Any], before: str | None, limit: int) -> list[Review]:
        more = {} if before is None else {"order": {"$lt": before}}
        return await self._many(where | more, sort=(("order", -1),), limit=limit)

    async def replace(self, review: Review) -> Review | None:
        """Keep it as it is now, a version higher; None if somebody else changed it since it was read."""
        after = review.model_copy(update={"version": review.version + 1})
        done = await self._rows.replace_one(
            {"_id": review.id, "version": review.version}, after.row(), session=await self._within()
        )
        return after if done.matched_count else None
