"""Who saw which gig a while ago, so that looking again does not count again. A row names nobody, and goes by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository

# Looking again within this time is the same look.
KEPT = timedelta(hours=1)


class How(StrEnum):
    """In a list, or opened; each by the name of its count."""

    LISTED = "impressions"
    OPENED = "clicks"


class Sighting(Document):
    """One look at one gig. The id is made of how, of which, and of a text that stands for whose it was."""

    gig_id: str
    how: How
    at: datetime


class Sightings(Repository[Sighting]):
    collection = "sightings"
    document = Sighting
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("at", ASCENDING)], expireAfterSeconds=int(KEPT.total_seconds())),
    )

    async def known(self, ids: Sequence[str], *, now: datetime) -> frozenset[str]:
        """Those of these ids that still count; of what is over, also if nobody swept it yet, nothing stays."""
        there = await self._many({"_id": {"$in": list(ids)}}, limit=max(1, len(ids)))
        over = [one.id for one in there if one.at <= now - KEPT]
        if over:
            await self._rows.delete_many({"_id": {"$in": over}}, session=await self._within())
        return frozenset(one.id for one in there) - frozenset(over)
