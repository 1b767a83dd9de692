"""To whom people give their phone number and address: consents, each for one reader, until taken back."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.own_list import OwnList
from store.repository import Document


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


class ContactShares(OwnList[ContactShare]):
    collection = "contact_shares"
    names = ("reader_id",)
    document = ContactShare
    indexes: ClassVar[Sequence[IndexModel]] = (
        *OwnList.indexes,
        IndexModel([("reader_id", ASCENDING)]),  # delete_owned
    )

    async def set(self, share_id: str, shares: Sequence[Contact]) -> ContactShare | None:
        """Give this instead; None if nothing was given yet."""
        return await self._change({"_id": share_id}, {"$set": {"shares": shares}})


def share_id(user_id: str, reader_id: str) -> str:
    """The id under which it is kept what a reader may see."""
    return f"{user_id}:{reader_id}"
