"""Where each person stands with what they are notified of: one small document, by which changes take turns.

Whatever changes how much somebody has not read touches it: two that do so at once conflict, and the count is exact.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository


class NotificationMarks(Document):
    """One person's. The id is theirs; `version` is how often their unread count may have changed."""

    user_id: str
    version: int = 0
    # Up to where in the list letters, and daily letters, have told.
    lettered_up_to: str = ""
    lettered_at: datetime | None = None
    digested_up_to: str = ""


class NotificationMarksOf(Repository[NotificationMarks]):
    collection = "notification_marks"
    owner = "user_id"
    document = NotificationMarks
    indexes: ClassVar = (IndexModel([("user_id", ASCENDING)]),)  # delete_owned

    async def update(self, user_id: str, fields: dict[str, Any]) -> None:
        """Set some fields."""
        await self._rows.update_one({"_id": user_id}, {"$set": fields}, session=await self._within())

    async def touch(self, user_ids: Collection[str]) -> dict[str, int]:
        """Take the next version of each of these people; only in the transaction that changes what they read."""
        ids = list(user_ids)
        known = {one.id: one.version for one in await self._many({"_id": {"$in": ids}}, limit=max(1, len(ids)))}
        if known:
            await self._rows.update_many(
                {"_id": {"$in": list(known)}}, {"$inc": {"version": 1}}, session=await self._within()
            )
        await self.insert_all([NotificationMarks(id=one, user_id=one, version=1) for one in ids if one not in known])
        return {one: known.get(one, 0) + 1 for one in ids}
