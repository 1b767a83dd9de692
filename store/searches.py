"""What people look for: kept, to be told of what comes, or watched for a moment. And what was found for them.

Each is found by the rarest key that a listing must have to be it: a new listing costs what may match, and not a look
at every search there is.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Filter, Repository

# Longer than a gig is found unless it is renewed.
KEPT_SECONDS = 180 * 86_400


class Frequency(StrEnum):
    """When somebody hears of what is new: at once, once a day, or not."""

    LIVE = "live"
    DAILY = "daily"
    OFF = "off"


class Wish(Document):
    """What somebody looks for, and the keys of which a listing must have one."""

    user_id: str
    filters: dict[str, Any]
    found_by: tuple[str, ...]


class SavedSearch(Wish):
    """One that is kept, in one of so many places that a person has; turned off it has no key."""

    name: str
    frequency: Frequency
    place: int
    created_at: datetime


class Watch(Wish):
    """One of the moment. The id is made of the person and the filters."""

    expires_at: datetime


class SearchMatch(Document):
    """A gig that was found for a search, once. The id is `<search>:<gig>`."""

    user_id: str
    search_id: str
    gig_id: str
    # In a digest that is to come.
    waits: bool
    at: datetime


W = TypeVar("W", bound=Wish)


class Wishes(Repository[W]):
    owner = "user_id"

    async def that_may_match(self, keys: Collection[str]) -> list[W]:
        """All that have one of a listing's keys: no others can be what it is."""
        where = {"found_by": {"$in": list(keys)}}
        rows = self._rows.find(where, session=await self._within())
        return [self._read(row) async for row in rows]

    async def among(self, ids: Collection[str]) -> list[W]:
        """Those of these ids that exist, in no order."""
        return await self._many({"_id": {"$in": list(ids)}}, limit=max(1, len(ids)))

    async def of_person(self, user_id: str, *, limit: int) -> list[W]:
        """A person's own, in no order."""
        return await self._many({"user_id": user_id}, limit=limit)

    async def change(self, id_: str, fields: Filter) -> W | None:
        """Set some fields of one."""
        return await self._change({"_id": id_}, {"$set": fields})

    async def delete(self, id_: str) -> None:
        """Forget one."""
        await self._rows.delete_one({"_id": id_}, session=await self._within())


class SavedSearches(Wishes[SavedSearch]):
    collection = "saved_searches"
    document = SavedSearch
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("place", ASCENDING)], unique=True),  # of_person
        IndexModel([("found_by", ASCENDING)]),  # that_may_match
    )


class Watches(Wishes[Watch]):
    collection = "watches"
    document = Watch
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING)]),  # of_person
        IndexModel([("found_by", ASCENDING)]),  # that_may_match
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),
    )


class SearchMatches(Repository[SearchMatch]):
    collection = "search_matches"
    owner = "user_id"
    document = SearchMatch
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("search_id", ASCENDING), ("waits", ASCENDING), ("at", DESCENDING)]),  # waiting
        IndexModel([("user_id", ASCENDING)]),  # delete_owned
        IndexModel([("at", ASCENDING)], expireAfterSeconds=KEPT_SECONDS),
    )

    async def among(self, ids: Collection[str]) -> set[str]:
        """The ids of those that exist."""
        return {one.id for one in await self._many({"_id": {"$in": list(ids)}}, limit=max(1, len(ids)))}

    async def waiting(self, search_id: str, *, limit: int) -> list[SearchMatch]:
        """What was found for a search and not told yet."""
        return await self._many({"search_id": search_id, "waits": True}, limit=limit)

    async def told(self, ids: Collection[str]) -> None:
        """These wait no longer."""
        where = {"_id": {"$in": list(ids)}}
        await self._rows.update_many(where, {"$set": {"waits": False}}, session=await self._within())
