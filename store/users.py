"""People: who they are, how they sign in, and what others may see of them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import product
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool
from pymongo import ASCENDING, IndexModel

from store.profiles import Mode, Response, Vacation, Visibility, Work
from store.ratings import Ratings
from store.repository import Document, Repository, in_parts
from store.skill_directory import load_directory

# Looked at, of those who claim one address: the owner may be among the last, and is not a claimant.
MOST_CLAIMS = 2

ERASED_NAME = "Deleted user"


def trades(teaches: Iterable[str], wants: Iterable[str]) -> tuple[str, ...]:
    """Each key of what is taught with each of what is wanted; no key has a space in it."""
    return tuple(f"{taught} {wanted}" for taught, wanted in product(teaches, wants) if taught != wanted)


class Role(StrEnum):
    USER = "user"
    MODERATOR = "moderator"
    ADMIN = "admin"


class Standing(StrEnum):
    """How far somebody is trusted; reckoned when it is asked for."""

    NEWCOMER = "newcomer"
    MEMBER = "member"
    TRUSTED = "trusted"


class Ground(StrEnum):
    """What somebody is trusted for."""

    A_DAY = "a_day"
    PHONE = "phone"
    SWAP = "swap"


class Privacy(BaseModel):
    """What of a person's doings others get to see."""

    model_config = ConfigDict(frozen=True)

    read_receipts: StrictBool = True
    typing_indicators: StrictBool = True
    presence: StrictBool = True
    # Whether others see where one stands among them.
    leaderboard: StrictBool = True


class Level(StrEnum):
    """How well somebody knows a skill, or wants to; in this order."""

    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"
    EXPERT = "expert"


class KnownSkill(BaseModel):
    """A skill that somebody teaches or wants to learn; `key` says what it is, however it is called."""

    model_config = ConfigDict(frozen=True)

    key: str
    name: str
    level: Level
    years: int | None = None

    @classmethod
    def called(cls, text: str, *, level: Level = Level.INTERMEDIATE, years: int | None = None) -> "KnownSkill":
        """By any of its names: the directory's name is kept if it knows the skill, else the text as typed."""
        directory = load_directory()
        known = directory.named(text)
        return cls(key=directory.key_of(text), name=known.name if known else text, level=level, years=years)


def _coarse(degrees: float) -> float:
    # A tenth of a degree is some ten kilometres: nobody's door is found by it, also not by who reads the database.
    return round(degrees, 1)


# Strict: yes and no are no degrees.
Longitude = Annotated[float, Field(ge=-180, le=180, strict=True, allow_inf_nan=False), AfterValidator(_coarse)]
Latitude = Annotated[float, Field(ge=-90, le=90, strict=True, allow_inf_nan=False), AfterValidator(_coarse)]


class Point(BaseModel):
    """A GeoJSON point, longitude first; never finer than a tenth of a degree."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: Literal["Point"] = "Point"
    coordinates: tuple[Longitude, Latitude]


class Place(BaseModel):
    """Where somebody is, in their words, and roughly on the map."""

    model_config = ConfigDict(frozen=True)

    label: str
    point: Point | None = None


class SecondFactor(BaseModel):
    """An authenticator app (RFC 6238). `sealed` is its secret, encrypted; `step` the last time step that was used."""

    model_config = ConfigDict(frozen=True)

    sealed: str
    step: int
    # Hashed; each is good once.
    recovery: tuple[str, ...]


class PhoneProof(BaseModel):
    """A code was sent to a number, to be typed until then; which one, the server's key tells again of `nonce`."""

    model_config = ConfigDict(frozen=True)

    phone: str
    nonce: str
    tries: int = 0
    expires_at: datetime


class Acceptance(BaseModel):
    """Terms of use that somebody agreed to, and when."""

    model_config = ConfigDict(frozen=True)

    version: str
    at: datetime


class Ban(BaseModel):
    """Why somebody is kept out, and until when; without an end it is for good."""

    model_config = ConfigDict(frozen=True)

    reason: str
    at: datetime
    until: datetime | None

    def holds(self, now: datetime) -> bool:
        return self.until is None or now < self.until


class Status(StrEnum):
    ONLINE = "online"
    AWAY = "away"
    BUSY = "busy"
    INVISIBLE = "invisible"
    OFFLINE = "offline"


class User(Document):
    """One person. The e-mail is kept as written and found by its folded form.

    Anybody may claim an address, and only one account owns it: the one that its reader confirmed it for.
    """

    name: str
    email: str
    email_key: str
    owned_email: str | None = None
    # The address that this one shall give way to, once it is confirmed.
    next_email: str | None = None
    # None for who signs in by an account elsewhere alone.
    password_hash: str | None
    role: Role = Role.USER
    # All that were ever agreed to, the last one last.
    terms: tuple[Acceptance, ...] = ()
    ban: Ban | None = None
    second_factor: SecondFactor | None = None
    # A secret that was shown and not confirmed yet, encrypted.
    next_factor: str | None = None
    phone: str | None = None
    # The number at which somebody read a code: theirs, as long as it is the one above.
    owned_phone: str | None = None
    # The same as it is dialled from anywhere, however it is written.
    owned_number: str | None = None
    phone_proof: PhoneProof | None = None
    address: str | None = None
    # Pictures are uploads, by their ids.
    profile_picture: str | None = None
    bio: str = ""
    teaches: tuple[KnownSkill, ...] = ()
    wants: tuple[KnownSkill, ...] = ()
    # Each skill taught with each one wanted, by which those are found who want the one and teach the other.
    trades: tuple[str, ...] = ()
    # BCP 47: primary tags, and a whole one; then the IANA name of a zone.
    languages: tuple[str, ...] = ()
    locale: str | None = None
    time_zone: str | None = None
    # How they like to meet; and when, as the half hours of a week in UTC, counted from its Monday on.
    mode: Mode | None = None
    week: tuple[int, ...] = ()
    place: Place | None = None
    vacation: Vacation | None = None
    portfolio: tuple[Work, ...] = ()
    # Of too few first contacts there is none.
    response: Response | None = None
    visibility: Visibility = Visibility()
    bannerImage: str | None = None  # noqa: N815 - the blueprint's name
    privacy: Privacy = Privacy()
    # Derived: reckoned anew whenever a review of them changes.
    ratings: Ratings = Ratings()
    status: Status = Status.ONLINE
    status_text: str | None = None
    status_until: datetime | None = None
    last_seen_at: datetime | None = None
    # What their reviews come to, and when others can meet them next, as far as anybody looked lately; what writes
    # either sorts their listings, too.
    rating: float | None = None
    next_free_at: datetime | None = None
    # When they last turned to a stranger, and signed in: two at the same moment are one after the other.
    asked_at: datetime | None = None
    signed_in_at: datetime | None = None
    # When they last wrote in the forum as a newcomer, and the last file that they began to send: for the same reason.
    posted_at: datetime | None = None
    last_upload: str | None = None
    # When they last asked for a copy of all that is theirs: for the same reason.
    copied_at: datetime | None = None
    # When it will be erased, as asked; and when it was.
    closes_at: datetime | None = None
    erased_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def skills(self) -> tuple[str, ...]:
        """The blueprint's: the names of what one offers."""
        return tuple(skill.name for skill in self.teaches)

    @property
    def phone_confirmed(self) -> bool:
        """Whether their number is known to be theirs."""
        return self.phone is not None and self.phone == self.owned_phone

    def shows(self, kind: str) -> tuple[str | None, ...]:
        """The uploads that this profile shows, by what they are to it."""
        match kind:
            case "picture":
                return (self.profile_picture,)
            case "banner":
                return (self.bannerImage,)
            case _:
                return tuple(work.upload_id for work in self.portfolio)

    def is_around(self, now: datetime) -> bool:
        """Whether they take part: not erased, not about to be, not kept out by staff."""
        return self.erased_at is None and self.closes_at is None and not (self.ban is not None and self.ban.holds(now))

    def is_away(self, now: datetime) -> bool:
        """Whether they are on vacation."""
        return self.vacation is not None and self.vacation.holds(now)

    def row(self) -> dict[str, Any]:
        """Without `owned_email` where there is none: its index is unique."""
        row = super().row()
        if self.owned_email is None:
            del row["owned_email"]
        if self.owned_number is None:
            del row["owned_number"]
        if self.role is Role.USER:
            del row["role"]
        return row


class Users(Repository[User]):
    collection = "users"
    document = User
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("owned_email", ASCENDING)], unique=True, sparse=True),  # owner_of
        IndexModel([("email_key", ASCENDING)]),  # claimant_of
        IndexModel([("owned_number", ASCENDING)], sparse=True),  # has_alone
        IndexModel([("trades", ASCENDING), ("_id", ASCENDING)]),  # complementing
        IndexModel([("role", ASCENDING)], sparse=True),  # staff
    )

    async def owner_of(self, email_key: str) -> User | None:
        """The person whose address this is."""
        return await self._one({"owned_email": email_key})

    async def claimant_of(self, email_key: str) -> User | None:
        """The last person who signed up with this address and has not confirmed it."""
        newest = await self._many({"email_key": email_key}, sort=(("_id", -1),), limit=MOST_CLAIMS)
        return next((user for user in newest if user.owned_email is None), None)

    async def has_alone(self, number: str) -> bool:
        """Whether one person and no other has read a code at a number."""
        return len(await self._many({"owned_number": number}, limit=2)) == 1

    async def staff(self, roles: Collection[Role], *, limit: int) -> list[User]:
        """Those who have one of these roles, in no order."""
        return await self._many({"role": {"$in": list(roles)}}, limit=limit)

    async def among(self, ids: Sequence[str]) -> list[User]:
        """Those of these ids who exist, in no order."""
        return await self._many({"_id": {"$in": list(ids)}}, limit=len(ids))

    async def complementing(self, user: User, *, limit: int) -> list[str]:
        """Who teaches what a person wants and wants another thing that they teach, by id: the last who came, first.

        By whole trades: by skills alone everybody would be read who teaches a popular one. And from which id on is
        no part of the question, since beside several trades the embedded database would find nothing by it.
        """
        found: set[str] = set()
        for some in in_parts(trades((skill.key for skill in user.wants), (skill.key for skill in user.teaches))):
            rows = self._rows.find(
                {"trades": {"$in": some}}, {"_id": 1}, sort=[("_id", -1)], limit=limit, session=await self._within()
            )
            found |= {row["_id"] async for row in rows}
        return sorted(found, reverse=True)[:limit]

    async def advance(self, user_id: str, factor: SecondFactor, *, step: int, recovery: tuple[str, ...]) -> bool:
        """Use up a code of the app, or a recovery code; False if another request was first."""
        asked = {"_id": user_id, "second_factor.step": factor.step, "second_factor.recovery": list(factor.recovery)}
        change = {"$set": {"second_factor.step": step, "second_factor.recovery": recovery}}
        return await self._change(asked, change) is not None

    async def erase(self, user_id: str, *, at: datetime) -> None:
        """Leave of a person no more than that there was one."""
        nobody = User(
            id=user_id, name=ERASED_NAME, email="", email_key="", password_hash=None, created_at=at, updated_at=at,
            erased_at=at,
        )  # fmt: skip
        await self._rows.replace_one({"_id": user_id}, nobody.row(), session=await self._within())

    async def leave(self, user_ids: Sequence[str], *, at: datetime) -> None:
        """These people were there until now."""
        where = {"_id": {"$in": list(user_ids)}}
        await self._rows.update_many(where, {"$set": {"last_seen_at": at}}, session=await self._within())

    async def update(self, user_id: str, fields: dict[str, Any]) -> User | None:
        """Set some fields of a person."""
        return await self._change({"_id": user_id}, {"$set": fields})
