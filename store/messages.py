"""Messages, numbered densely in their conversation.

An edit raises `version`; a deletion empties the text and leaves the number: positions never move.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, IndexModel

from store.repository import Document, Filter, Repository


class Quote(BaseModel):
    """The message that another one answers, as it was then."""

    model_config = ConfigDict(frozen=True)

    message_id: str
    seq: int
    sender: str
    text: str


class Edit(BaseModel):
    """A former text, kept for moderators."""

    model_config = ConfigDict(frozen=True)

    text: str
    at: datetime


class Message(Document):
    """One message. `reactions` holds who reacted, by emoji; `terms` are the words it is found by."""

    thread_id: str
    seq: int
    sender: str
    text: str
    client_id: str | None = None
    system: str | None = None
    quote: Quote | None = None
    mentions: tuple[str, ...] = ()
    attachment: str | None = None
    reactions: dict[str, tuple[str, ...]] = {}
    terms: tuple[str, ...] = ()
    version: int = 1
    edits: tuple[Edit, ...] = ()
    created_at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_text: str | None = None


class Messages(Repository[Message]):
    collection = "messages"
    document = Message
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("thread_id", ASCENDING), ("seq", ASCENDING)], unique=True),  # numbered
        IndexModel([("thread_id", ASCENDING), ("terms", ASCENDING), ("_id", ASCENDING)]),  # with_terms
    )

    async def numbered(self, thread_id: str, *, first: int, last: int) -> list[Message]:
        """The messages of a conversation with numbers from first to last, in order.

        Both ends are bounded: numbers are dense, so a page costs what it holds, however long the conversation.
        """
        where = {"thread_id": thread_id, "seq": {"$gte": first, "$lte": last}}
        return await self._many(where, sort=(("seq", 1),), limit=max(1, last - first + 1))

    async def with_terms(
        self,
        thread_ids: Sequence[str],
        *,
        words: Sequence[str],
        prefix: str | None,
        before: str | None,
        limit: int,
    ) -> list[Message]:
        """Messages that hold every word, and one that begins with the prefix, the newest first."""
        conditions: list[Filter] = [{"terms": word} for word in words]
        if prefix is not None:
            conditions.append({"terms": {"$gte": prefix, "$lt": prefix + "\uffff"}})
        where: dict[str, Any] = {"thread_id": {"$in": list(thread_ids)}, "$and": conditions}
        if before is not None:
            where["_id"] = {"$lt": before}
        return await self._many(where, sort=(("_id", -1),), limit=limit)

    async def change(self, message_id: str, change: Filter, *, where: Filter | None = None) -> Message | None:
        """Change a message, if it (still) matches; its version grows."""
        return await self._change({"_id": message_id, **(where or {})}, {**change, "$inc": {"version": 1}})
