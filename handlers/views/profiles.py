"""People, as they see themselves and as others see them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from pydantic import Field

from handlers.models import View
from handlers.views.authors import AuthorView
from handlers.views.files import ImageView, image, url_of
from store.contact_shares import Contact, ContactShare
from store.profiles import Mode, Pace, Rate, Response, ShownTo, Vacation, Visibility, Work
from store.ratings import Ratings
from store.users import KnownSkill, Level, Place, Privacy, Role, Status, User

T = TypeVar("T")

MOST_NAMED = 3

# What makes others write to somebody, and why; in the order in which it is worth adding.
NUDGES = {
    "teaches": "Say what you can teach: by this others find you.",
    "wants": "Say what you want to learn: by this you are matched.",
    "profile_picture": "Show your face: people answer people.",
    "bio": "Tell in a few words who you are.",
    "languages": "Name the languages that you speak.",
    "time_zone": "Set your time zone: without it you cannot say when you want to meet, nor ask anybody for a time.",
    "place": "Say roughly where you are, to be found by those near you.",
    "email_confirmed": "Confirm your e-mail address, to turn to people you do not know yet.",
    "portfolio": "Show something that you made.",
}


class Active(StrEnum):
    """When somebody was last here, roughly."""

    TODAY = "today"
    THIS_WEEK = "this_week"
    THIS_MONTH = "this_month"
    LONGER_AGO = "longer_ago"


class Badge(StrEnum):
    """What was verified of somebody."""

    EMAIL = "email"
    PHONE = "phone"


class SkillView(View):
    """A skill that somebody teaches or wants to learn; equal keys are equal skills, whatever they are called."""

    key: str
    name: str
    level: Level
    years: int | None

    @classmethod
    def of(cls, skill: KnownSkill) -> "SkillView":
        return cls(key=skill.key, name=skill.name, level=skill.level, years=skill.years)


class WorkView(View):
    """Something that shows what somebody can do: a file, or a page elsewhere."""

    title: str
    upload_id: str | None
    url: str | None = Field(description="Where the file is fetched.")
    link: str | None

    @classmethod
    def of(cls, work: Work) -> "WorkView":
        url = None if work.upload_id is None else url_of(work.upload_id)
        return cls(title=work.title, upload_id=work.upload_id, url=url, link=work.link)


class RatingsView(View):
    """How somebody is rated by those they had swaps with; derived from reviews, never set."""

    count: int
    mean: float | None
    score: float | None = Field(description="The mean as far as it can be trusted: few say little.")

    @classmethod
    def of(cls, ratings: Ratings) -> "RatingsView":
        return cls(count=ratings.count, mean=ratings.mean, score=ratings.score)


class NudgeView(View):
    """Something that is missing in a profile, and what it would be good for."""

    field: str
    why: str


class CompletenessView(View):
    """How complete a profile is, and what is missing, the most useful first."""

    percent: int
    missing: tuple[NudgeView, ...]

    @classmethod
    def of(cls, user: User) -> "CompletenessView":
        has = {field: bool(getattr(user, field, None)) for field in NUDGES}
        has["email_confirmed"] = user.owned_email is not None
        missing = tuple(NudgeView(field=field, why=why) for field, why in NUDGES.items() if not has[field])
        return cls(percent=100 * (len(has) - len(missing)) // len(has), missing=missing)


class ResponseView(View):
    """How somebody answers those who turn to them; `pace` is null for who does not."""

    rate: Rate
    pace: Pace | None

    @classmethod
    def of(cls, response: Response | None) -> "ResponseView | None":
        return None if response is None else cls(rate=response.rate, pace=response.pace)


class KeptView(View):
    """How far somebody can be relied on: "kept 14 of 15"."""

    kept: int = Field(description="Swaps that were held with them.")
    of: int = Field(description="Those, and the ones that they missed or called off too late.")


class MutualView(View):
    """With whom both you and somebody else had swaps: "you both swapped with Ada and 2 more"."""

    count: int
    people: tuple[AuthorView, ...] = Field(description="Up to three of them, the one that you swapped with last first.")

    @classmethod
    def of(cls, users: Sequence[User]) -> "MutualView":
        return cls(count=len(users), people=tuple(map(AuthorView.of, users[:MOST_NAMED])))


class ProfileView(View):
    """The signed-in person's own profile, private fields included."""

    id: str
    name: str
    email: str
    email_confirmed: bool
    second_factor: bool = Field(description="Whether signing in asks for a code, too.")
    role: Role
    phone: str | None
    phone_confirmed: bool
    address: str | None
    profile_picture: ImageView | None
    bio: str
    skills: tuple[str, ...] = Field(description="The names of what you teach.")
    ratings: RatingsView
    teaches: tuple[SkillView, ...]
    wants: tuple[SkillView, ...]
    languages: tuple[str, ...]
    locale: str | None
    time_zone: str | None
    mode: Mode | None = Field(description="How you like to meet.")
    place: Place | None
    vacation: Vacation | None
    portfolio: tuple[WorkView, ...]
    bannerImage: ImageView | None  # noqa: N815 - the blueprint's name
    completeness: CompletenessView
    response: ResponseView | None = Field(description="How you answer first contacts; null of too few.")
    privacy: Privacy
    visibility: Visibility
    createdAt: datetime  # noqa: N815
    updatedAt: datetime  # noqa: N815

    @classmethod
    def of(cls, user: User) -> "ProfileView":
        return cls(
            id=user.id,
            name=user.name,
            email=user.email,
            email_confirmed=user.owned_email is not None,
            second_factor=user.second_factor is not None,
            role=user.role,
            phone=user.phone,
            phone_confirmed=user.phone_confirmed,
            address=user.address,
            profile_picture=image(user.profile_picture),
            bio=user.bio,
            skills=user.skills,
            ratings=RatingsView.of(user.ratings),
            teaches=tuple(map(SkillView.of, user.teaches)),
            wants=tuple(map(SkillView.of, user.wants)),
            languages=user.languages,
            locale=user.locale,
            time_zone=user.time_zone,
            mode=user.mode,
            place=user.place,
            vacation=user.vacation,
            portfolio=tuple(map(WorkView.of, user.portfolio)),
            bannerImage=image(user.bannerImage),
            completeness=CompletenessView.of(user),
            response=ResponseView.of(user.response),
            privacy=user.privacy,
            visibility=user.visibility,
            createdAt=user.created_at,
            updatedAt=user.updated_at,
        )


class PresenceView(View):
    """Whether somebody is there, as they let others see it."""

    user_id: str
    status: Status = Field(description="`offline` also for those who do not show it.")
    text: str | None
    last_seen: datetime | None = Field(description="To the hour; null while they are there.")
    in_call: bool = Field(default=False, description="Whether they sit in a call.")

    @classmethod
    def nothing(cls, user_id: str) -> "PresenceView":
        """What is seen of who shows nothing."""
        return cls(user_id=user_id, status=Status.OFFLINE, text=None, last_seen=None)


class PersonCardView(View):
    """Somebody in a list: what everybody sees of them."""

    id: str
    name: str
    profile_picture: ImageView | None
    skills: tuple[str, ...] = Field(description="The names of what they teach.")
    ratings: RatingsView
    verified: tuple[Badge, ...]

    @classmethod
    def of(cls, user: User) -> "PersonCardView":
        return cls(
            id=user.id,
            name=user.name,
            profile_picture=image(user.profile_picture),
            skills=user.skills,
            ratings=RatingsView.of(user.ratings),
            verified=verified(user),
        )


class PersonView(View):
    """Somebody as they show themselves to who asks. What is null is not there, or is not shown."""

    id: str
    name: str
    profile_picture: ImageView | None
    bannerImage: ImageView | None  # noqa: N815
    bio: str | None
    skills: tuple[str, ...] = Field(description="The names of what they teach.")
    ratings: RatingsView
    teaches: tuple[SkillView, ...]
    wants: tuple[SkillView, ...]
    languages: tuple[str, ...] | None
    mode: Mode | None = Field(description="How they like to meet.")
    place: Place | None = Field(description="To a tenth of a degree.")
    time_zone: str | None
    vacation: Vacation | None = Field(description="If it is not over.")
    last_active: Active | None
    response: ResponseView | None = Field(description="How they answer first contacts; null also of too few.")
    reliability: KeptView
    verified: tuple[Badge, ...]
    portfolio: tuple[WorkView, ...] | None
    phone: str | None = Field(description="Given to a partner of an accepted swap, by consent.")
    address: str | None = Field(description="Given in the same way.")
    favourite: bool = Field(description="Whether they are in your list.")
    mutual: MutualView | None = Field(description="Who you both swapped with; null also of yourself.")
    createdAt: datetime  # noqa: N815

    @classmethod
    def of(
        cls,
        user: User,
        circles: Collection[ShownTo],
        *,
        reliability: KeptView,
        phone: str | None,
        address: str | None,
        favourite: bool,
        last_active: Active | None,
        mutual: Sequence[User] | None,
        now: datetime,
    ) -> "PersonView":
        def shown(name: str, value: T) -> T | None:
            return value if getattr(user.visibility, name) in circles else None

        is_over = user.vacation is None or user.vacation.is_over(now)
        return cls(
            id=user.id,
            name=user.name,
            profile_picture=image(user.profile_picture),
            bannerImage=image(user.bannerImage),
            bio=shown("bio", user.bio),
            skills=user.skills,
            ratings=RatingsView.of(user.ratings),
            teaches=tuple(map(SkillView.of, user.teaches)),
            wants=tuple(map(SkillView.of, user.wants)),
            languages=shown("languages", user.languages),
            mode=user.mode,
            place=shown("place", user.place),
            time_zone=shown("time_zone", user.time_zone),
            vacation=None if is_over else shown("vacation", user.vacation),
            last_active=shown("last_active", last_active),
            response=shown("response", ResponseView.of(user.response)),
            reliability=reliability,
            verified=verified(user),
            portfolio=shown("portfolio", tuple(map(WorkView.of, user.portfolio))),
            phone=phone,
            address=address,
            favourite=favourite,
            mutual=None if mutual is None else MutualView.of(mutual),
            createdAt=user.created_at,
        )


class ContactShareView(View):
    """What somebody gives one reader of their contact data."""

    user_id: str = Field(description="The reader.")
    shares: tuple[Contact, ...]
    since: datetime

    @classmethod
    def of(cls, share: ContactShare) -> "ContactShareView":
        return cls(user_id=share.reader_id, shares=share.shares, since=share.since)


def verified(user: User) -> tuple[Badge, ...]:
    """What was verified of somebody."""
    has = {Badge.EMAIL: user.owned_email is not None, Badge.PHONE: user.phone_confirmed}
    return tuple(badge for badge in Badge if has[badge])
