"""Posts, numbered densely in their discussion, each an answer to the first one or to another.

An edit raises `version` and keeps the former text; a deletion empties it and leaves the number: positions never move.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Filter, Repository, order_of

# Whether anything of somebody's stands is seen by so many of their posts.
LOOKED_AT = 10


class PostEdit(BaseModel):
    """A former text, kept for moderators."""

    model_config = ConfigDict(frozen=True)

    text: str
    at: datetime


class Post(Document):
    """One post. `html` is what the text became, by an edition of what renders it; `order` pages its author's list."""

    discussion_id: str
    n: int
    author: str
    # Below which it stands; and which one it answers, if that is as deep as posts go.
    parent_id: str | None = None
    reply_to: str | None = None
    depth: int = 0
    text: str
    html: str
    edition: int
    mentions: tuple[str, ...] = ()
    # All whom it has ever mentioned: who was told so once is told no more.
    mentioned: tuple[str, ...] = ()
    uploads: tuple[str, ...] = ()
    votes: int = 0
    version: int = 1
    edits: tuple[PostEdit, ...] = ()
    created_at: datetime
    order: str
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_by: str | None = None
    deleted_text: str | None = None
    hidden: bool = False
    # Its words, while everybody may read it.
    found_by: tuple[str, ...] = ()

    @property
    def is_shown(self) -> bool:
        return self.deleted_at is None and not self.hidden


class Posts(Repository[Post]):
    collection = "posts"
    document = Post
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("discussion_id", ASCENDING), ("n", ASCENDING)], unique=True),  # numbered
        IndexModel([("author", ASCENDING), ("order", DESCENDING)]),  # of_person
        IndexModel([("found_by", ASCENDING), ("order", DESCENDING)]),  # found
    )

    async def numbered(self, discussion_id: str, *, first: int, last: int) -> list[Post]:
        """The posts of a discussion with numbers from first to last, in order.

        Both ends are bounded: numbers are dense, so a page costs what it holds, however long the discussion.
        """
        where = {"discussion_id": discussion_id, "n": {"$gte": first, "$lte": last}}
        return await self._many(where, sort=(("n", 1),), limit=max(1, last - first + 1))

    async def of_person(self, user_id: str, *, before: str | None, limit: int) -> list[Post]:
        """What somebody wrote, the last first, from after a position."""
        where: dict[str, Any] = {"author": user_id}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)

    async def found(self, key: str, *, before: str | None, limit: int) -> list[Post]:
        """Those that hold a word, the newest first, from after a position."""
        where: dict[str, Any] = {"found_by": key}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)

    async def stands(self, user_id: str, *, since: datetime) -> bool:
        """Whether something that somebody wrote has been there for all to see since then."""
        last = await self.of_person(user_id, before=order_of(since, ""), limit=LOOKED_AT)
        return any(post.is_shown for post in last)

    async def change(self, post_id: str, change: Filter, *, where: Filter | None = None) -> Post | None:
        """Change a post, if it (still) matches; its version grows."""
        grown: dict[str, int] = change.get("$inc", {})
        return await self._change({"_id": post_id, **(where or {})}, {**change, "$inc": {**grown, "version": 1}})

    async def move(self, from_: str, into: str, *, after: int) -> None:
        """Put all posts of a discussion at the end of another one, in their order."""
        change = [{"$set": {"discussion_id": into, "n": {"$add": ["$n", after]}, "version": {"$add": ["$version", 1]}}}]
        await self._rows.update_many({"discussion_id": from_}, change, session=await self._within())
