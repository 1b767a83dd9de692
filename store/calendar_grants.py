"""Whose Google calendar may be written: what Google gave for it, sealed, and those who are on the way to allow it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Replaceable, Repository


class Condition(StrEnum):
    CONNECTED = "connected"
    # Google takes the grant no more; nothing is tried by it until its person allows it anew.
    RECONNECT_REQUIRED = "reconnect_required"


class CalendarGrant(Document):
    """What one person allowed. The id is the person's; `serial` is another one each time they allow it."""

    sealed: str
    serial: str
    condition: Condition = Condition.CONNECTED
    connected_at: datetime


class CalendarGrants(Replaceable[CalendarGrant]):
    collection = "calendar_grants"
    owner = "_id"
    document = CalendarGrant

    async def disable(self, user_id: str, serial: str) -> bool:
        """Write down that Google takes it no more; False if that is known, or another one is there."""
        asked = {"_id": user_id, "serial": serial, "condition": Condition.CONNECTED}
        return await self._change(asked, {"$set": {"condition": Condition.RECONNECT_REQUIRED}}) is not None

    async def delete(self, user_id: str) -> None:
        """Forget it."""
        await self._rows.delete_one({"_id": user_id}, session=await self._within())


class Consent(Document):
    """One try to allow it, of the person who began it. The id is the protocol's `state`."""

    id: str
    user_id: str
    verifier: str
    redirect_uri: str
    expires_at: datetime


class Consents(Repository[Consent]):
    collection = "calendar_consents"
    document = Consent
    indexes: ClassVar[Sequence[IndexModel]] = (IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),)

    async def use(self, state: str) -> bool:
        """It has served; False if it had before."""
        done = await self._rows.delete_one({"_id": state}, session=await self._within())
        return done.deleted_count == 1
