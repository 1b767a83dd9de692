"""To whom people give their phone number and address: consents, each for one reader, until taken back."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Repository


class Contact(StrEnum):
    """What can be given."""

    PHONE = "phone"
    ADDRESS = "address"


class ContactShare(Document):
    """What one reader may see of somebody's contact data. The id is `<user>:<reader>`; `order` pages the list."""

    user_id: str
    reader_id: str
    shares: tuple[Contact, ...]
    since: datetime
    order: str


class ContactShares(Repository[ContactShare]):
    collection = "contact_shares"
    owner = "user_id"
    names = ("reader_id",)
    document = ContactShare
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("order", DESCENDING)]),  # of_person
        IndexModel([("reader_id", ASCENDING)]),  # delete_owned
    )

    async def of_person(self, user_id: str, *, before: str | None, limit: int) -> list[ContactShare]:
        """What a person gives to whom, the last first, from after a position."""
        where: dict[str, Any] = {"user_id": user_id}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)

    async def set(self, share_id: str, shares: Sequence[Contact]) -> ContactShare | None:
        """Give this instead; None if nothing was given yet."""
        return await self._change({"_id": share_id}, {"$set": {"shares": shares}})

    async def delete(self, share_id: str) -> bool:
        """Take it back; False if it was not there."""
        return (await self._rows.delete_one({"_id": share_id}, session=await self._within())).deleted_count == 1


def share_id(user_id: str, reader_id: str) -> str:
    """The id under which it is kept what a reader may see."""
    return f"{user_id}:{reader_id}"
