"""Who allowed a recording of which call, and who took it back, and when: only ever added to."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Repository


class RecordingConsent(Document):
    """One word of one person; their last one on a call holds."""

    user_id: str
    call_id: str
    granted: bool
    at: datetime


class RecordingConsents(Repository[RecordingConsent]):
    collection = "recording_consents"
    owner = "user_id"
    document = RecordingConsent
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("at", DESCENDING)]),  # of_person, owned, delete_owned
    )

    async def of_person(self, user_id: str, *, limit: int) -> list[RecordingConsent]:
        """What somebody said, the last first."""
        return await self._many({"user_id": user_id}, sort=(("at", DESCENDING),), limit=limit)
