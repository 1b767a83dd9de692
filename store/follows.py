"""What a discussion is to one person: whether they follow or ignore it, and how far they read."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Filter, Repository


class FollowLevel(StrEnum):
    FOLLOWING = "following"
    NORMAL = "normal"
    IGNORED = "ignored"


class Follow(Document):
    """One person and one discussion. The id is `<discussion>:<user>`; `order` pages the list of what they follow."""

    discussion_id: str
    user_id: str
    level: FollowLevel
    muted_until: datetime | None = None
    read_up_to: int = 0
    order: str

    def is_muted(self, now: datetime) -> bool:
        return self.muted_until is not None and self.muted_until > now


def follow_id(discussion_id: str, user_id: str) -> str:
    """The id under which it is kept."""
    return f"{discussion_id}:{user_id}"


class Follows(Repository[Follow]):
    collection = "follows"
    owner = "user_id"
    document = Follow
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("level", ASCENDING), ("order", DESCENDING)]),  # of_person
        IndexModel([("discussion_id", ASCENDING), ("level", ASCENDING), ("_id", ASCENDING)]),  # followers
    )

    async def of_person(self, user_id: str, level: FollowLevel, *, before: str | None, limit: int) -> list[Follow]:
        """What somebody follows or ignores, the last first, from after a position."""
        where: dict[str, Any] = {"user_id": user_id, "level": level}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)

    async def among(self, user_id: str, discussion_ids: Sequence[str]) -> dict[str, Follow]:
        """What some discussions are to somebody, by their ids."""
        return {one.discussion_id: one for one in await self.those([follow_id(one, user_id) for one in discussion_ids])}

    async def followers(self, discussion_id: str, *, after: str, limit: int) -> list[Follow]:
        """Those who follow a discussion, from after one of them; they are all after nothing."""
        where = {"discussion_id": discussion_id, "level": FollowLevel.FOLLOWING, "_id": {"$gt": after}}
        return await self._many(where, limit=limit)

    async def those(self, ids: Sequence[str]) -> list[Follow]:
        """Those of these ids that are kept."""
        return await self._many({"_id": {"$in": list(ids)}}, limit=len(ids) or 1)

    async def change(self, discussion_id: str, user_id: str, change: Filter) -> Follow | None:
        """Change it, if it is kept."""
        return await self._change({"_id": follow_id(discussion_id, user_id)}, change)
