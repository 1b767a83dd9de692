"""How far people's calendars elsewhere were read, and by which channel Google says that there is more to read."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, IndexModel

from store.database import Row
from store.repository import Document, Replaceable


class Channel(BaseModel):
    """By which Google tells: it says its secret each time, of which a hash is kept."""

    model_config = ConfigDict(frozen=True)

    id: str
    token_hash: str
    # Which Google wants to hear to end it.
    resource_id: str
    ends_at: datetime


class CalendarWatch(Document):
    """One person's. The id is the person's."""

    sync_token: str | None = None
    channel: Channel | None = None
    read_at: datetime | None = None

    def row(self) -> Row:
        """With what it is found by while it has a channel."""
        row = super().row()
        if self.channel is not None:
            row["channel_id"] = self.channel.id
        return row


def hash_of(token: str) -> str:
    """As which the secret of a channel is kept: it is long and made by chance, so that nobody guesses it by this."""
    return hashlib.sha256(token.encode()).hexdigest()


class CalendarWatches(Replaceable[CalendarWatch]):
    collection = "calendar_watches"
    owner = "_id"
    document = CalendarWatch
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("channel_id", ASCENDING)], unique=True, sparse=True),  # by_channel
    )

    async def by_channel(self, channel_id: str) -> CalendarWatch | None:
        """Whose calendar a channel is about."""
        return await self._one({"channel_id": channel_id})

    async def delete(self, user_id: str) -> None:
        """Forget it."""
        await self._rows.delete_one({"_id": user_id}, session=await self._within())
