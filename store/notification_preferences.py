"""What reaches a person how, and when they want quiet; what they did not choose is as the topic has it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, IndexModel

from store.notifications import Topic
from store.repository import Document, Repository


class Channel(StrEnum):
    """A way to reach a person."""

    IN_APP = "in_app"
    PUSH = "push"
    EMAIL = "email"
    DIGEST = "digest"


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class QuietRange(BaseModel):
    """Quiet on some days, by the clock on the person's wall: `22:00` to `07:00` ends on the day after."""

    model_config = ConfigDict(frozen=True)

    days: tuple[Weekday, ...]
    start: str
    end: str


class NotificationPreferences(Document):
    """One person's. The id is theirs."""

    user_id: str
    chosen: dict[Topic, dict[Channel, bool]] = {}
    # That of their profile, wherever it moves, unless they chose another one.
    time_zone: str | None = None
    quiet: tuple[QuietRange, ...] = ()
    # What waits in quiet hours; the list in the app makes no noise.
    quiet_channels: tuple[Channel, ...] = (Channel.PUSH,)
    digest_hour: int = 8
    updated_at: datetime | None = None


class NotificationPreferencesOf(Repository[NotificationPreferences]):
    collection = "notification_preferences"
    owner = "user_id"
    document = NotificationPreferences
    indexes: ClassVar[Sequence[IndexModel]] = (IndexModel([("user_id", ASCENDING)]),)  # delete_owned

    async def of(self, user_ids: Collection[str]) -> dict[str, NotificationPreferences]:
        """These people's, also of those who chose nothing."""
        found = await self._many({"_id": {"$in": list(user_ids)}}, limit=max(1, len(user_ids)))
        chosen = {one.user_id: one for one in found}
        return {one: chosen.get(one) or NotificationPreferences(id=one, user_id=one) for one in user_ids}

    async def put(self, preferences: NotificationPreferences, *, is_new: bool) -> None:
        """Keep a person's choice, their first or another."""
        if is_new:
            await self.insert(preferences)
        else:
            row = preferences.row()
            await self._rows.replace_one({"_id": row["_id"]}, row, session=await self._within())
