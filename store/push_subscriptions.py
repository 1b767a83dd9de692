"""Where browsers hear of what happens while they are closed: one subscription a device, gone with its session."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository

MOST = 50


class PushSubscription(Document):
    """A device's. The id is made of its address, which whoever has it can push to: that and its keys are `sealed`."""

    user_id: str
    session_id: str
    sealed: str
    device: str
    created_at: datetime


def subscription_id(endpoint: str) -> str:
    """The id under which a device's subscription is kept, whoever is signed in on it."""
    return hashlib.sha256(endpoint.encode()).hexdigest()[:24]


class PushSubscriptions(Repository[PushSubscription]):
    collection = "push_subscriptions"
    owner = "user_id"
    document = PushSubscription
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING)]),  # of_person, people_among
        IndexModel([("session_id", ASCENDING)]),  # end_session
    )

    async def of_person(self, user_id: str) -> list[PushSubscription]:
        """A person's, the first first."""
        return sorted(await self._many({"user_id": user_id}, limit=MOST), key=lambda one: one.created_at)

    async def people_among(self, user_ids: Collection[str]) -> set[str]:
        """Those of these people who have one."""
        where = {"user_id": {"$in": list(user_ids)}}
        rows = self._rows.find(where, projection={"user_id": 1}, session=await self._within())
        return {row["user_id"] async for row in rows}

    async def put(self, subscription: PushSubscription) -> None:
        """Keep it; whoever had the device before has it no more."""
        if await self.get(subscription.id) is None:
            await self.insert(subscription)
        else:
            row = subscription.row()
            await self._rows.replace_one({"_id": row["_id"]}, row, session=await self._within())

    async def delete(self, id_: str) -> None:
        """Forget one."""
        await self._rows.delete_one({"_id": id_}, session=await self._within())

    async def end_session(self, session_id: str) -> None:
        """Forget that of a device that was signed out."""
        await self._rows.delete_many({"session_id": session_id}, session=await self._within())
