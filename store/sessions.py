"""Sign-ins: one session a device, with the refresh token it holds now and the one before.

Tokens are kept as SHA-256 only: who reads the database cannot sign in with what is in it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository


class Session(Document):
    """One sign-in. `token_hash` is the refresh token in force, `previous_hash` its immediate parent."""

    user_id: str
    device: str
    address: str
    token_hash: str
    previous_hash: str | None = None
    rotated_at: datetime | None = None
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    revoked_because: str | None = None


class Sessions(Repository[Session]):
    collection = "sessions"
    document = Session
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("token_hash", ASCENDING)], unique=True),  # by_token
        IndexModel([("previous_hash", ASCENDING)]),  # by_token
        IndexModel([("user_id", ASCENDING), ("_id", ASCENDING)]),  # of_user
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=30 * 86_400),  # forgotten a month after
    )

    async def by_token(self, token_hash: str) -> Session | None:
        """The session that holds this refresh token, or held it just before."""
        return await self._one({"$or": [{"token_hash": token_hash}, {"previous_hash": token_hash}]})

    async def rotate(
        self, session_id: str, *, from_hash: str, to_hash: str, at: datetime, expires_at: datetime
    ) -> Session | None:
        """Exchange the token in force; None if another request was first or the session ended."""
        return await self._change(
            {"_id": session_id, "token_hash": from_hash, "revoked_at": None},
            {
                "$set": {
                    "token_hash": to_hash,
                    "previous_hash": from_hash,
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

    async def ended(self, ids: Sequence[str]) -> list[str]:
        """Those of these sessions that are revoked or gone."""
        alive = self._rows.find(
            {"_id": {"$in": list(ids)}, "revoked_at": None}, projection={"_id": 1}, session=self._session
        )
        return sorted(set(ids) - {row["_id"] async for row in alive})
