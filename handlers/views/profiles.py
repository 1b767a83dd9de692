"""People, as they see themselves and as others see them."""

from datetime import datetime

from pydantic import Field

from handlers.models import View
from store.users import KnownSkill, Level, Place, Privacy, Role, Status, User, Vacation, Visibility


class SkillView(View):
    """A skill that somebody teaches or wants to learn; equal keys are equal skills, whatever they are called."""

    key: str
    name: str
    level: Level
    years: int | None

    @classmethod
    def of(cls, skill: KnownSkill) -> "SkillView":
        return cls(key=skill.key, name=skill.name, level=skill.level, years=skill.years)


class ProfileView(View):
    """The signed-in person's own profile, private fields included."""

    id: str
    name: str
    email: str
    email_confirmed: bool
    second_factor: bool = Field(description="Whether signing in asks for a code, too.")
    role: Role
    phone: str | None
    address: str | None
    profile_picture: str | None
    bio: str
    skills: tuple[str, ...] = Field(description="The names of what you teach.")
    teaches: tuple[SkillView, ...]
    wants: tuple[SkillView, ...]
    languages: tuple[str, ...]
    locale: str | None
    time_zone: str | None
    place: Place | None
    vacation: Vacation | None
    bannerImage: str | None  # noqa: N815 - the blueprint's name
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
            address=user.address,
            profile_picture=user.profile_picture,
            bio=user.bio,
            skills=user.skills,
            teaches=tuple(map(SkillView.of, user.teaches)),
            wants=tuple(map(SkillView.of, user.wants)),
            languages=user.languages,
            locale=user.locale,
            time_zone=user.time_zone,
            place=user.place,
            vacation=user.vacation,
            bannerImage=user.bannerImage,
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
