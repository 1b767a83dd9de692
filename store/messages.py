"""Messages, numbered densely in their conversation.

An edit raises `version`; a deletion empties the text and leaves the number: positions never move.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, DESCENDING, IndexModel

from store.database import Row
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
    """One message. `reactions` holds who reacted, by emoji; `found_by` its words. The server's own has no sender."""

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
    # Each word as `<conversation>:<word>`, so that one index serves a search of any of them, and so its beginnings.
    found_by: tuple[str, ...] = ()
    version: int = 1
    edits: tuple[Edit, ...] = ()
    # Whether people were notified of it, by its text: they have it with them, and it changes there, too.
    told: int = 0
    created_at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_by: str | None = None
    deleted_text: str | None = None
    # Staff hid what was deleted already: that stays so, whoever deleted it.
    withheld: bool = False

    def row(self) -> Row:
        """Without `quote` where there is none: its index is sparse."""
        row = super().row()
        if self.quote is None:
            del row["quote"]
        return row


class Messages(Repository[Message]):
    collection = "messages"
    document = Message
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("thread_id", ASCENDING), ("seq", ASCENDING)], unique=True),  # numbered
        IndexModel([("found_by", ASCENDING), ("created_at", DESCENDING)]),  # found_by
        IndexModel([("quote.message_id", ASCENDING)], sparse=True),  # blank_quotes
    )

    async def numbered(self, thread_id: str, *, first: int, last: int) -> list[Message]:
        """The messages of a conversation with numbers from first to last, in order.

        Both ends are bounded: numbers are dense, so a page costs what it holds, however long the conversation.
        """
        where = {"thread_id": thread_id, "seq": {"$gte": first, "$lte": last}}
        return await self._many(where, sort=(("seq", 1),), limit=max(1, last - first + 1))

    async def among(self, ids: Sequence[str]) -> list[Message]:
        """Those of these ids that exist, in no order."""
        return await self._many({"_id": {"$in": list(ids)}}, limit=max(1, len(ids)))

    async def found_by(self, key: str, *, until: datetime, limit: int) -> list[Message]:
        """Messages that hold a key and are no younger than a moment, the newest first."""
        where = {"found_by": key, "created_at": {"$lte": until}}
        return await self._many(where, sort=(("created_at", -1), ("_id", -1)), limit=limit)

    async def blank_quotes(self, message_id: str) -> None:
        """Take a deleted message's text out of the messages that quote it."""
        await self._rows.update_many(
            {"quote.message_id": message_id}, {"$set": {"quote.text": ""}}, session=await self._within()
        )

    async def note_told(self, message_id: str) -> None:
        """People are notified by its text: whoever changes it at the same moment comes before this, or finds them."""
        await self._rows.update_one({"_id": message_id}, {"$inc": {"told": 1}}, session=await self._within())

    async def change(self, message_id: str, change: Filter, *, where: Filter | None = None) -> Message | None:
        """Change a message, if it (still) matches; its version grows."""
        return await self._change({"_id": message_id, **(where or {})}, {**change, "$inc": {"version": 1}})
