"""Events that were committed with the state they announce and still have to be published.

A row goes only after Redis has it: whoever dies in between leaves it for the sweeper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from pymongo import ASCENDING, IndexModel

from store.database import Row
from store.repository import Repository


@dataclass(slots=True, eq=False)
class OutboxRow:
    """One event for some audiences. `body` is the envelope's JSON text without `seq` and `epoch`.

    Made for every event and read back for hardly any: its fields are trusted, not validated.
    """

    id: str
    type: str
    audiences: tuple[str, ...]
    body: str
    created_at: datetime
    # Rows of one key are published in the order of n, which is dense: a thread's messages.
    order_key: str | None = None
    order_n: int | None = None
    # What caused it, where that is traced: whoever publishes it says so.
    cause: str | None = None

    def row(self) -> Row:
        """The row as MongoDB keeps it."""
        return {
            "_id": self.id,
            "type": self.type,
            "audiences": self.audiences,
            "body": self.body,
            "created_at": self.created_at,
            "order_key": self.order_key,
            "order_n": self.order_n,
            # Only where there is one: what runs beside it may be of a version that knows no such field.
            **({} if self.cause is None else {"cause": self.cause}),
        }

    @classmethod
    def read(cls, row: Row) -> Self:
        """The row that MongoDB kept."""
        return cls(id=row.pop("_id"), audiences=tuple(row.pop("audiences")), **row)


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
