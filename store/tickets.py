"""What a letter lets its reader do, once: confirm an address, choose a new password.

The words in the letter are not kept: the server's key makes them from the ticket's id, when they are sent.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository


class Purpose(StrEnum):
    CONFIRM = "confirm"
    RESET = "reset"


class Ticket(Document):
    """Good for one use until it expires, for the account and the address that it was sent to."""

    purpose: Purpose
    user_id: str
    email: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class Tickets(Repository[Ticket]):
    collection = "tickets"
    owner = "user_id"
    document = Ticket
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING)]),  # delete_owned
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=86_400),  # forgotten a day after
    )

    async def use(self, ticket_id: str, *, at: datetime) -> Ticket | None:
        """Use a ticket up; None if there is none, or it was used."""
        return await self._change({"_id": ticket_id, "used_at": None}, {"$set": {"used_at": at}})
