"""People: who they are, how they sign in, and what others may see of them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository


class Privacy(BaseModel):
    """What of a person's doings others get to see."""

    model_config = ConfigDict(frozen=True)

    read_receipts: bool = True
    typing_indicators: bool = True
    presence: bool = True


class Status(StrEnum):
    ONLINE = "online"
    AWAY = "away"
    BUSY = "busy"
    INVISIBLE = "invisible"
    OFFLINE = "offline"


class User(Document):
    """One person. The e-mail is kept as written and found by its folded form."""

    name: str
    email: str
    email_key: str
    password_hash: str
    phone: str | None = None
    address: str | None = None
    profile_picture: str | None = None
    bio: str = ""
    skills: tuple[str, ...] = ()
    bannerImage: str | None = None  # noqa: N815 - the blueprint's name
    privacy: Privacy = Privacy()
    status: Status = Status.ONLINE
    status_text: str | None = None
    status_until: datetime | None = None
    last_seen_at: datetime | None = None
    created_at: datetime
    updated_at: datetime


class Users(Repository[User]):
    collection = "users"
    document = User
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("email_key", ASCENDING)], unique=True),  # by_email
    )

    async def by_email(self, email_key: str) -> User | None:
        """The person who signs in with this address."""
        return await self._one({"email_key": email_key})

    async def among(self, ids: Sequence[str]) -> list[User]:
        """Those of these ids who exist, in no order."""
        return await self._many({"_id": {"$in": list(ids)}}, limit=len(ids))

    async def update(self, user_id: str, fields: dict[str, Any]) -> User | None:
        """Set some fields of a person."""
        return await self._change({"_id": user_id}, {"$set": fields})
