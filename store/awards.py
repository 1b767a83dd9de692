"""Badges that people have, each once; one that was taken back stays, so that nobody is told of it twice."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Filter, Repository


class Award(Document):
    """One badge of one person. The id is `<person>:<badge>`."""

    user_id: str
    badge: str
    awarded_at: datetime
    # Staff gave it, or took it back: then what somebody does changes nothing of it.
    by_staff: bool = False
    revoked_at: datetime | None = None


def award_id(user_id: str, badge: str) -> str:
    """The id under which it is kept."""
    return f"{user_id}:{badge}"


class Awards(Repository[Award]):
    collection = "awards"
    owner = "user_id"
    document = Award
    indexes: ClassVar[Sequence[IndexModel]] = (IndexModel([("user_id", ASCENDING)]),)  # of_person

    async def of_person(self, user_id: str) -> dict[str, Award]:
        """All of a person's, by badge."""
        return {one.badge: one for one in await self._many({"user_id": user_id}, limit=1000)}

    async def change(self, award: Award, change: Filter) -> Award | None:
        """Give it again, or take it back."""
        return await self._change({"_id": award.id}, {"$set": change})
