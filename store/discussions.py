"""Discussions of the forum: what each is about, how far its numbering has come, and where it is listed.

`last_n` grows in the transaction that inserts the post of that number: a reader never sees a gap.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Filter, Repository, order_of


class DiscussionSort(StrEnum):
    """By what a list of discussions is ordered: each a field to page by."""

    NEWEST = "newest"
    ACTIVE = "active"
    VOTES = "votes"
    UNANSWERED = "unanswered"

    @property
    def field(self) -> str:
        return {DiscussionSort.ACTIVE: "active", DiscussionSort.VOTES: "popular"}.get(self, "newest")


def listing(category_id: str | None = None, tag: str | None = None, *, unanswered: bool = False) -> str:
    """The name of a list: of everything, or of a category, a tag, or both; perhaps of what nobody answered."""
    return f"{'?' if unanswered else ''}{category_id or 'all'}#{tag or ''}"


class Discussion(Document):
    """One discussion. `votes` are those of its first post; `post_count` leaves out what is deleted or hidden."""

    category_id: str
    title: str
    tags: tuple[str, ...] = ()
    # As skills are compared, so that other words for the same are the same tag.
    tag_keys: tuple[str, ...] = ()
    created_by: str
    last_n: int = 0
    post_count: int = 0
    votes: int = 0
    accepted: str | None = None
    pinned: bool = False
    locked: bool = False
    hidden: bool = False
    merged_into: str | None = None
    version: int = 1
    created_at: datetime
    activity_at: datetime
    # The words of its title, its tags and its first post.
    found_by: tuple[str, ...] = ()
    # All that follows from the rest: the lists that it is in, and its place in each by what they are ordered by.
    listed_in: tuple[str, ...] = ()
    newest: str = ""
    active: str = ""
    popular: str = ""

    @property
    def is_listed(self) -> bool:
        return not self.hidden and self.merged_into is None and self.post_count > 0

    def places(self) -> dict[str, Any]:
        """In what lists it has to be, and where; what is pinned comes first."""
        first = "1" if self.pinned else "0"
        kinds = (False, True) if self.post_count == 1 else (False,)
        lists = [
            listing(category, tag, unanswered=kind)
            for category in (None, self.category_id)
            for tag in (None, *self.tag_keys)
            for kind in kinds
        ]
        return {
            "listed_in": tuple(lists) if self.is_listed else (),
            "newest": first + order_of(self.created_at, self.id),
            "active": first + order_of(self.activity_at, self.id),
            "popular": f"{first}{max(0, self.votes):09d}.{self.id}",
        }

    def placed(self) -> Self:
        """The same, in its places."""
        return self.model_copy(update=self.places())


class Discussions(Repository[Discussion]):
    collection = "discussions"
    document = Discussion
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("listed_in", ASCENDING), ("newest", DESCENDING)]),  # listed
        IndexModel([("listed_in", ASCENDING), ("active", DESCENDING)]),  # listed
        IndexModel([("listed_in", ASCENDING), ("popular", DESCENDING)]),  # listed
        IndexModel([("found_by", ASCENDING), ("newest", DESCENDING)]),  # found
        IndexModel([("category_id", ASCENDING), ("activity_at", DESCENDING)]),  # last_activity
    )

    async def listed(self, in_: str, *, sort: DiscussionSort, before: str | None, limit: int) -> list[Discussion]:
        """A list, from after a position in its order."""
        where: dict[str, Any] = {"listed_in": in_}
        if before is not None:
            where[sort.field] = {"$lt": before}
        return await self._many(where, sort=((sort.field, -1),), limit=limit)

    async def found(self, key: str, *, before: str | None, limit: int) -> list[Discussion]:
        """Those that hold a word, the newest first, from after a position."""
        where: dict[str, Any] = {"found_by": key}
        if before is not None:
            where["newest"] = {"$lt": before}
        return await self._many(where, sort=(("newest", -1),), limit=limit)

    async def among(self, ids: Collection[str]) -> list[Discussion]:
        """Those of these ids that exist, in no order."""
        return await self._many({"_id": {"$in": list(ids)}}, limit=max(1, len(ids)))

    async def last_activity(self, category_id: str) -> datetime | None:
        """When somebody last wrote in a category."""
        found = await self._many({"category_id": category_id}, sort=(("activity_at", -1),), limit=1)
        return found[0].activity_at if found else None

    async def append(self, discussion_id: str, *, at: datetime) -> Discussion | None:
        """Take the next number, `last_n` of what comes back, for a post.

        Only in the transaction that inserts the post, and before anything else is asked: it is what others wait for.
        """
        return await self.change(discussion_id, {"$set": {"activity_at": at}, "$inc": {"last_n": 1, "post_count": 1}})

    async def change(self, discussion_id: str, change: Filter, *, where: Filter | None = None) -> Discussion | None:
        """Change a discussion, if it (still) matches; it is where it belongs afterwards, and its version grows."""
        grown: Mapping[str, int] = change.get("$inc", {})
        whole = {**change, "$inc": {**grown, "version": 1}}
        changed = await self._change({"_id": discussion_id, **(where or {})}, whole)
        if changed is None or changed == changed.placed():
            return changed
        await self._rows.update_one({"_id": discussion_id}, {"$set": changed.places()}, session=await self._within())
        return changed.placed()
