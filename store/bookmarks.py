"""Offers and requests that people keep in a list of their own."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.own_list import OwnList
from store.repository import Document


class Bookmark(Document):
    """One gig in one person's list. The id is `<user>:<gig>`; `order` pages the list."""

    user_id: str
    gig_id: str
    at: datetime
    order: str


def bookmark_id(user_id: str, gig_id: str) -> str:
    """The id under which a person's bookmark of a gig is kept."""
    return f"{user_id}:{gig_id}"


class Bookmarks(OwnList[Bookmark]):
    collection = "bookmarks"
    document = Bookmark
    indexes: ClassVar[Sequence[IndexModel]] = (
        *OwnList.indexes,
        IndexModel([("gig_id", ASCENDING), ("_id", ASCENDING)]),  # of_gig
    )

    async def among(self, user_id: str, gig_ids: Sequence[str]) -> frozenset[str]:
        """Those of these gigs that are in a person's list."""
        ids = [bookmark_id(user_id, gig_id) for gig_id in gig_ids]
        return frozenset(one.gig_id for one in await self._many({"_id": {"$in": ids}}, limit=max(1, len(ids))))

    async def of_gig(self, gig_id: str, *, after: str, limit: int) -> list[Bookmark]:
        """By whom a gig is kept, from after one of them; they are all after nothing."""
        return await self._many({"gig_id": gig_id, "_id": {"$gt": after}}, limit=limit)
