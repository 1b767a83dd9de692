"""Offers and requests: what somebody teaches, and what they want to learn for it.

A gig is changed as a whole, by its version; what is counted of it stands beside, so that counting changes nothing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, DESCENDING, IndexModel

from store.areas import Position
from store.database import Database, Row, Session
from store.listings import Listing, Listings
from store.profiles import Mode
from store.repository import Document, Repository, order_of
from store.skill_directory import fold, load_directory
from store.users import KnownSkill, Level, Place, Users

# So long a gig is found unless its owner says that it still holds; they are asked so long before.
LIFE = timedelta(days=90)
ASKED_BEFORE = timedelta(days=7)
# A listing has a hundred keys: of more at once a small database would not be done in time.
LISTED_AT_ONCE = 20
COUNTED = frozenset({"impressions", "clicks", "bookmarks"})


class Kind(StrEnum):
    """Whether somebody offers to teach, or asks for somebody who does; a request may offer nothing."""

    OFFER = "offer"
    REQUEST = "request"


class Status(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    ARCHIVED = "archived"


class GigSkill(BaseModel):
    """A skill that is offered or sought; `key` says what it is, however it is called."""

    model_config = ConfigDict(frozen=True)

    key: str
    name: str

    @classmethod
    def called(cls, text: str) -> "GigSkill":
        """By any of its names: the directory's name is kept if it knows the skill, else the text as typed."""
        known = KnownSkill.called(text)
        return cls(key=known.key, name=known.name)


def category_of(kind: Kind, offered: Sequence[GigSkill], desired: Sequence[GigSkill]) -> str | None:
    """The category of the first skill that the directory knows, of what it is about before what is given for it."""
    skills = (*offered, *desired) if kind is Kind.OFFER else (*desired, *offered)
    known = (load_directory().get(skill.key) for skill in skills)
    return next((skill.category for skill in known if skill is not None), None)


class Hidden(BaseModel):
    """Staff keeps it from everybody but its owner, and says why; or has not looked yet: until then it `waits`."""

    model_config = ConfigDict(frozen=True)

    reason: str
    at: datetime
    waits: bool = False


class GigSnapshot(BaseModel):
    """A gig as it was: what depends on one keeps this, whatever becomes of it."""

    model_config = ConfigDict(frozen=True)

    gig_id: str
    version: int
    created_by: str
    kind: Kind
    title: str
    description: str
    offered_skills: tuple[GigSkill, ...]
    desired_skills: tuple[GigSkill, ...]
    mode: Mode
    category: str | None
    level: Level | None
    location: Place | None
    notice_hours: int | None = None
    images: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class Gig(Document):
    """One offer or request. `order` places it among all others by when it was first published."""

    created_by: str
    kind: Kind
    title: str
    description: str
    # Ids of uploads.
    images: tuple[str, ...] = ()
    offered_skills: tuple[GigSkill, ...] = ()
    desired_skills: tuple[GigSkill, ...] = ()
    mode: Mode
    category: str | None = None
    tags: tuple[str, ...] = ()
    level: Level | None = None
    languages: tuple[str, ...] = ()
    location: Place | None = None
    # Who calls it off later than so long before has not kept their word; None for what the server says.
    notice_hours: int | None = None
    status: Status
    # When it fades unless it is renewed; None until it is published.
    expires_at: datetime | None = None
    version: int = 1
    hidden: Hidden | None = None
    impressions: int = 0
    clicks: int = 0
    bookmarks: int = 0
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    order: str

    @property
    def is_published(self) -> bool:
        """Whether everybody may find it, as far as nobody looks at the clock."""
        return self.status is Status.ACTIVE and self.hidden is None and self.deleted_at is None

    @property
    def waits(self) -> bool:
        """Whether others see it only once staff has looked."""
        return self.hidden is not None and self.hidden.waits

    @property
    def at(self) -> Position | None:
        """Roughly where, longitude first; None of one that is nowhere on the map."""
        point = None if self.location is None else self.location.point
        return None if point is None else point.coordinates

    def is_listed(self, now: datetime) -> bool:
        """Whether everybody may see it: a stale one has faded, also before somebody came to pause it."""
        return self.is_published and self.expires_at is not None and now < self.expires_at

    def begun(self, at: datetime) -> "Gig":
        """Itself at the beginning of a life; the first one places it among the others."""
        order = order_of(at, self.id) if self.expires_at is None else self.order
        return self.model_copy(update={"status": Status.ACTIVE, "expires_at": at + LIFE, "order": order})

    def snapshot(self) -> GigSnapshot:
        """What it says now, to be kept by what depends on it."""
        return GigSnapshot(gig_id=self.id, **{name: getattr(self, name) for name in SNAPSHOT})

    def row(self) -> Row:
        """With the text of an active one as a hash, owner by owner."""
        row = super().row()
        if self.status is Status.ACTIVE and self.deleted_at is None:
            row["same_as"] = same_as(self.created_by, self.title, self.description)
        return row


SNAPSHOT = GigSnapshot.model_fields.keys() - {"gig_id"}


def same_as(created_by: str, title: str, description: str) -> str:
    """What two gigs of one person share whose words are the same, however they are written."""
    words = fold(f"{title}\n{description}")
    return f"{created_by}:{hashlib.sha256(words.encode()).hexdigest()}"


class Gigs(Repository[Gig]):
    collection = "gigs"
    owner = "created_by"
    document = Gig
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("created_by", ASCENDING), ("deleted_at", ASCENDING), ("order", DESCENDING)]),  # of_person
        IndexModel(
            [("created_by", ASCENDING), ("status", ASCENDING), ("deleted_at", ASCENDING), ("order", DESCENDING)]
        ),  # of_person
        IndexModel([("same_as", ASCENDING)], unique=True, sparse=True),  # active_like
    )

    def __init__(self, database: Database, session: Session | None = None) -> None:
        super().__init__(database, session)
        self._listings = Listings(database, session)
        self._users = Users(database, session)

    async def insert_all(self, documents: Sequence[Gig]) -> None:
        """Keep new gigs, to be found if they are published."""
        await super().insert_all(documents)
        for start in range(0, len(documents), LISTED_AT_ONCE):
            some = documents[start : start + LISTED_AT_ONCE]
            await self._listings.insert_all(await self._listed(some, at=max(gig.updated_at for gig in some)))

    async def list_anew(self, gigs: Sequence[Gig], *, at: datetime) -> None:
        """Have gigs be found that everybody may find at a moment, and the others not."""
        await self._listings.drop([gig.id for gig in gigs])
        await self._listings.insert_all(await self._listed(gigs, at=at))

    async def _listed(self, gigs: Sequence[Gig], *, at: datetime) -> list[Listing]:
        published = [gig for gig in gigs if gig.is_published]
        ids = sorted({gig.created_by for gig in published})
        authors = {user.id: user for user in await self._users.among(ids)} if ids else {}
        of = [(gig, authors.get(gig.created_by)) for gig in published]
        return [Listing.of(gig, author) for gig, author in of if author is None or author.is_around(at)]

    async def of_person(
        self, user_id: str, *, status: Status | None = None, before: str | None, limit: int
    ) -> list[Gig]:
        """A person's own, whatever their status, the last first, from after a position."""
        where: dict[str, Any] = {"created_by": user_id, "deleted_at": None}
        if status is not None:
            where["status"] = status
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)

    async def among(self, ids: Sequence[str]) -> list[Gig]:
        """Those of these ids that exist, in no order."""
        return await self._many({"_id": {"$in": list(ids)}}, limit=max(1, len(ids)))

    async def active_like(self, gig: Gig) -> Gig | None:
        """The active gig of the same person with the same words."""
        return await self._one({"same_as": same_as(gig.created_by, gig.title, gig.description)})

    async def count(self, ids: Sequence[str], amounts: Mapping[str, int]) -> None:
        """Add to what is counted of these gigs; they stay as they are."""
        await self._rows.update_many({"_id": {"$in": list(ids)}}, {"$inc": amounts}, session=await self._within())

    async def save(self, gig: Gig) -> Gig | None:
        """Keep a gig as it is now, a version higher; None if somebody else changed it since it was read."""
        row = gig.model_copy(update={"version": gig.version + 1}).row()
        fields = {name: value for name, value in row.items() if name not in COUNTED and name != "_id"}
        change: dict[str, Any] = {"$set": fields}
        if "same_as" not in fields:
            change["$unset"] = {"same_as": ""}
        kept = await self._change({"_id": gig.id, "version": gig.version}, change)
        if kept is not None:
            await self.list_anew([kept], at=kept.updated_at)
        return kept
