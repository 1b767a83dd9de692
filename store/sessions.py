"""Sign-ins: one session a device, and which generation of its refresh token is in force.

No token is kept, nor its hash: the nonce here and the server's key together make it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository, in_parts


class Session(Document):
    """One sign-in. It ends when it is revoked or expires, whichever is first."""

    user_id: str
    device: str
    address: str
    nonce: str
    generation: int = 1
    rotated_at: datetime | None = None
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    revoked_because: str | None = None


class Sessions(Repository[Session]):
    collection = "sessions"
    owner = "user_id"
    document = Session
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("revoked_at", ASCENDING)]),  # of_person
        IndexModel([("revoked_at", ASCENDING)]),  # ended_since
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=30 * 86_400),  # forgotten a month after
    )

    async def exchange(self, session_id: str, *, generation: int, at: datetime, expires_at: datetime) -> Session | None:
        """Put the next generation in force; None if another request did or the session ended."""
        return await self._change(
            {"_id": session_id, "generation": generation, "revoked_at": None},
            {
                "$set": {
                    "generation": generation + 1,
                    "rotated_at": at,
                    "last_seen_at": at,
                    "expires_at": expires_at,
                }
            },
        )

    async def revoke(self, session_id: str, *, at: datetime, because: str) -> bool:
        """End a session; False if it was ended already."""
        return (
            await self._change(
                {"_id": session_id, "revoked_at": None},
                {"$set": {"revoked_at": at, "revoked_because": because}},
            )
            is not None
        )

    async def of_person(self, user_id: str, *, limit: int) -> list[Session]:
        """A person's sessions that were not ended, the last begun first; some may have expired."""
        return await self._many({"user_id": user_id, "revoked_at": None}, sort=(("_id", -1),), limit=limit)

    async def ended(self, ids: Sequence[str]) -> list[str]:
        """Those of these sessions that are revoked or gone.

        By their ids alone: for one more field the embedded database reads all sessions there are.
        """
        alive: set[str] = set()
        for some in in_parts(ids):
            where = {"_id": {"$in": some}}
            rows = self._rows.find(where, projection={"revoked_at": 1}, session=await self._within())
            alive.update([row["_id"] async for row in rows if row.get("revoked_at") is None])
        return sorted(set(ids) - alive)

    async def ended_since(self, moment: datetime) -> list[str]:
        """The sessions that were revoked since a moment, by the clocks of those who revoked them."""
        where = {"revoked_at": {"$gte": moment}}
        rows = self._rows.find(where, projection={"_id": 1}, session=await self._within())
        return [row["_id"] async for row in rows]
