"""Addresses from which calendar programs fetch somebody's swaps: each is a secret, of which a hash is kept."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Replaceable


class CalendarFeed(Document):
    """One person's. The id is the person's."""

    token_hash: str
    rotated_at: datetime


def hash_of(token: str) -> str:
    """As which the secret of an address is kept: it is long and made by chance, so that nobody guesses it by this."""
    return hashlib.sha256(token.encode()).hexdigest()


class CalendarFeeds(Replaceable[CalendarFeed]):
    collection = "calendar_feeds"
    owner = "_id"
    document = CalendarFeed
    indexes: ClassVar[Sequence[IndexModel]] = (IndexModel([("token_hash", ASCENDING)], unique=True),)  # by_token

    async def by_token(self, token: str) -> CalendarFeed | None:
        """Whose address it is."""
        return await self._one({"token_hash": hash_of(token)})
