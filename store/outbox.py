"""Events that were committed with the state they announce and still have to be published.

A row goes only after Redis has it: whoever dies in between leaves it for the sweeper.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository


class OutboxRow(Document):
    """One event for some audiences. `body` is the envelope's JSON text without `seq` and `epoch`."""

    type: str
    audiences: tuple[str, ...]
    body: str
    # Rows of one key are published in the order of n, which is dense: a thread's messages.
    order_key: str | None = None
    order_n: int | None = None
    created_at: datetime


class Outbox(Repository[OutboxRow]):
    collection = "outbox"
    document = OutboxRow
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("order_key", ASCENDING), ("order_n", ASCENDING)]),  # between
        IndexModel([("created_at", ASCENDING)]),  # due
    )

    async def due(self, *, before: datetime, limit: int) -> list[OutboxRow]:
        """The oldest rows that nobody published, made before a moment."""
        return await self._many(
            {"created_at": {"$lt": before}}, sort=(("created_at", ASCENDING), ("_id", ASCENDING)), limit=limit
        )

    async def between(self, order_key: str, *, after: int, before: int, limit: int) -> list[OutboxRow]:
        """The first rows of a key with numbers between two, in their order."""
        where = {"order_key": order_key, "order_n": {"$gt": after, "$lt": before}}
        return await self._many(where, sort=(("order_n", ASCENDING),), limit=limit)

    async def delete(self, ids: Sequence[str]) -> None:
        """Forget rows that Redis has."""
        await self._rows.delete_many({"_id": {"$in": list(ids)}})
