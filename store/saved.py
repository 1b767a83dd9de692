"""Messages that people keep in a list of their own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Repository


class Saved(Document):
    """One message in one person's list. The id is `<user>:<message>`; `order` pages the list."""

    user_id: str
    thread_id: str
    message_id: str
    saved_at: datetime
    order: str


class SavedMessages(Repository[Saved]):
    collection = "saved_messages"
    owner = "user_id"
    document = Saved
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("order", DESCENDING)]),  # of_person
    )

    async def put(self, saved: Saved) -> None:
        """Keep it, once."""
        if await self.get(saved.id) is None:
            await self.insert(saved)

    async def delete(self, saved_id: str) -> bool:
        """Forget it; False if it was not there."""
        return (await self._rows.delete_one({"_id": saved_id}, session=await self._within())).deleted_count == 1

    async def of_person(self, user_id: str, *, before: str | None, limit: int) -> list[Saved]:
        """A person's list, the last saved first, from after a position."""
        where: dict[str, Any] = {"user_id": user_id}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)
