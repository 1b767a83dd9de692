"""What people agreed to and took back, each word of theirs as it was said: only ever added to.

It goes with whoever said it, and a word that gives something to one person with that one.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Repository


class Kind(StrEnum):
    """What is agreed to."""

    TERMS = "terms"
    RECORDING = "recording"
    CONTACT = "contact"
    CALENDAR = "calendar"
    PLACE = "place"


class ConsentWord(Document):
    """One word of one person's, and by which sign-in and device; `order` pages the log.

    Of a place it holds who sees it and not where it is: a log that only grows is no place for that.
    """

    user_id: str
    kind: Kind
    granted: bool
    # The version of the terms; which contact data; which parts of a place.
    what: tuple[str, ...] = ()
    # To whom: a person, a circle that sees the place, a service.
    to: str | None = None
    # The call that is recorded.
    about: str | None = None
    session_id: str
    device: str
    at: datetime
    order: str


class ConsentLog(Repository[ConsentWord]):
    collection = "consent_log"
    owner = "user_id"
    names = ("to",)
    document = ConsentWord
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("order", DESCENDING)]),  # of_person, owned, delete_owned
        IndexModel([("to", ASCENDING)]),  # delete_owned
    )

    async def of_person(self, user_id: str, *, before: str | None, limit: int) -> list[ConsentWord]:
        """What somebody said, the last first, from after a position."""
        where: dict[str, Any] = {"user_id": user_id}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)
