"""A person's own profile. The public projection of others' is a view of its own."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from handlers.account import access_self
from handlers.attachments import attach, let_go
from handlers.booking import time_changed
from handlers.consenting import word
from handlers.context import Context, people
from handlers.errands import StandAnew, ask_later
from handlers.errors import Invalid, NotFound
from handlers.events.accounts import PresenceChanged
from handlers.fitting import shown_point
from handlers.matching import MATCHED_BY, match_later
from handlers.models import (
    Asked,
    Clean,
    Command,
    Id,
    Language,
    Line,
    Link,
    Locale,
    Moment,
    Prose,
    Query,
    TimeZone,
    Whole,
)
from handlers.views.profiles import ProfileView
from handlers.visibility import seen, watchers
from store.consent_log import Kind
from store.profiles import Mode, Vacation, Visibility
from store.users import KnownSkill, Level, Place, Point, Privacy, User, trades

Phone = Annotated[str, Field(pattern=r"^\+?[0-9 ()./-]{3,32}$")]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Clean]
CLEARABLE = {"phone", "address", "locale", "time_zone", "mode", "place", "vacation", "profile_picture", "bannerImage"}
# Of these what is left out stays as it is.
PART_BY_PART = {"privacy", "visibility"}
# What shows files, by its name and by what a file is to it; and of which kind they have to be.
SHOWS = (("profile_picture", "picture", "image/"), ("bannerImage", "banner", "image/"), ("portfolio", "portfolio", ""))

SPEAKING = (
    *("name", "bio", "skills", "teaches", "wants", "place", "portfolio"),
    *("profile_picture", "bannerImage"),
)


class SkillGiven(Asked):
    """A skill by any of its names: those that the directory knows are one, however they are spelled."""

    name: Line
    level: Level = Level.INTERMEDIATE
    years: Annotated[Whole, Field(ge=0, le=80)] | None = None


class PlaceGiven(Asked):
    """Where you are. Of the point no more is kept than a tenth of a degree says."""

    label: Line
    point: Point | None = None


class VacationGiven(Asked):
    """When you are not to be asked; without `since` from now on, without `until` until you say so."""

    since: Moment | None = None
    until: Moment | None = None
    note: Note | None = None


class WorkGiven(Asked):
    """Something that shows what you can do: a file that you sent, or a page elsewhere."""

    title: Line
    upload_id: Id | None = None
    link: Link | None = None

    @model_validator(mode="after")
    def one_thing(self) -> "WorkGiven":
        """A file or a page."""
        if (self.upload_id is None) == (self.link is None):
            raise ValueError("Give either upload_id or link.")
        return self


Names = Annotated[tuple[Line, ...], Field(max_length=30)]
Skills = Annotated[tuple[SkillGiven, ...], Field(max_length=30)]


class GetProfile(Query):
    """One's own."""


class UpdateProfile(Command):
    """The fields to change; those left out stay."""

    name: Line | None = None
    bio: Prose | None = None
    skills: Names | None = Field(None, description="The names of what you teach; levels that were given stay.")
    teaches: Skills | None = None
    wants: Skills | None = None
    languages: Annotated[tuple[Language, ...], Field(max_length=20)] | None = None
    locale: Locale | None = None
    time_zone: TimeZone | None = None
    mode: Mode | None = Field(None, description="How you like to meet.")
    place: PlaceGiven | None = None
    vacation: VacationGiven | None = None
    profile_picture: Id | None = Field(None, description="The id of an upload of yours, a picture.")
    bannerImage: Id | None = Field(None, description="The id of another.")  # noqa: N815
    portfolio: Annotated[tuple[WorkGiven, ...], Field(max_length=8)] | None = None
    phone: Phone | None = None
    address: Prose | None = None
    privacy: Privacy | None = Field(default=None, description="What of your doings others get to see.")
    visibility: Visibility | None = Field(default=None, description="Who sees which part of your profile.")

    @model_validator(mode="after")
    def one_way(self) -> "UpdateProfile":
        """What one teaches is said once."""
        if self.skills is not None and self.teaches is not None:
            raise ValueError("Give skills or teaches: they are the same, and teaches says more.")
        return self

    def speaks(self) -> bool:
        """What others read and see of somebody; nothing that is taken away, nor who may see it."""
        note = None if self.vacation is None else self.vacation.note
        return bool(note) or any(getattr(self, name) for name in SPEAKING)


async def get_profile(_: GetProfile, ctx: Context) -> ProfileView:
    """Your own profile, private fields included."""
    return ProfileView.of(await access_self(ctx))


async def update_profile(command: UpdateProfile, ctx: Context) -> ProfileView:
    """Change your profile; what may be missing is cleared by null: phone, address, place, pictures, vacation and such.

    Pictures and files are uploads of yours that nothing shows yet; one that is replaced is deleted.
    `skills` are the names of what you teach, for clients that know no levels; of `teaches` they are a part.
    """
    me = ctx.actor.user_id
    # Asked before the first word to the database: nothing else may be waited for within a transaction.
    online = command.privacy is not None and me in await ctx.ports.presence.online([me])
    before = await access_self(ctx)
    updated = await ctx.store.users.update(me, {**_changes(command, before, ctx), "updated_at": ctx.now})
    if updated is None:
        raise NotFound("This account is gone.")
    await _exchange_files(before, updated, ctx)
    await _consent(before, updated, ctx)
    if (updated.vacation, updated.time_zone) != (before.vacation, before.time_zone):
        await time_changed(me, ctx)
    if MATCHED_BY & command.model_fields_set and (before.trades or updated.trades):
        await match_later(updated, ctx)
    if _compared_by(updated) != _compared_by(before):
        await ask_later(StandAnew(user_id=me, at=ctx.now), ctx)
    if updated.privacy.presence != before.privacy.presence:
        # Others see at once what one shows from now on: who hides is gone from their screens, too.
        view = seen(updated, online=online, now=ctx.now)
        ctx.emit(PresenceChanged(presence=view), to=people(*await watchers(me, ctx)))
    return ProfileView.of(updated)


def _compared_by(user: User) -> tuple[object, ...]:
    """What boards have to know of somebody: not where they live, but whether they show it."""
    return user.vacation, user.privacy.leaderboard, shown_point(user) is None


async def _exchange_files(before: User, after: User, ctx: Context) -> None:
    for field, kind, only in SHOWS:
        old, new = before.shows(kind), after.shows(kind)
        for upload_id in dict.fromkeys(new):
            if upload_id is not None and upload_id not in old:
                await attach(upload_id, f"{kind}:{after.id}", ctx, field=field, only=only)
        for upload_id in dict.fromkeys(old):
            if upload_id is not None and upload_id not in new:
                await let_go(upload_id, ctx)


async def _consent(before: User, after: User, ctx: Context) -> None:
    """Where somebody is, is theirs to have kept, and shown to whom."""
    if after.place is None:
        if before.place is not None:
            await word(Kind.PLACE, ctx, granted=False)
    elif (after.place, after.visibility.place) != (before.place, before.visibility.place):
        what = ("label",) if after.place.point is None else ("label", "point")
        await word(Kind.PLACE, ctx, granted=True, what=what, to=after.visibility.place)


def _changes(command: UpdateProfile, before: User, ctx: Context) -> dict[str, Any]:
    given = command.model_dump(exclude_unset=True)
    fields = {name: value for name, value in given.items() if value is not None or name in CLEARABLE}
    for name in PART_BY_PART & fields.keys():
        fields[name] = getattr(before, name).model_dump() | fields[name]
    if command.skills is not None:
        del fields["skills"]
        levels = {skill.key: skill for skill in before.teaches}
        named = [KnownSkill.called(name) for name in command.skills]
        fields["teaches"] = _once(levels.get(skill.key, skill) for skill in named)
    if command.teaches is not None:
        fields["teaches"] = _known(command.teaches)
    if command.wants is not None:
        fields["wants"] = _known(command.wants)
    if "teaches" in fields or "wants" in fields:
        fields["trades"] = trades(*(_keys(fields.get(name), getattr(before, name)) for name in ("teaches", "wants")))
    if command.languages is not None:
        fields["languages"] = tuple(dict.fromkeys(command.languages))
    if command.place is not None:
        fields["place"] = Place(label=command.place.label, point=command.place.point).model_dump()
    if command.vacation is not None:
        fields["vacation"] = _vacation(command.vacation, ctx).model_dump()
    return fields


def _keys(changed: list[dict[str, Any]] | None, before: tuple[KnownSkill, ...]) -> list[str]:
    return [skill.key for skill in before] if changed is None else [skill["key"] for skill in changed]


def _known(given: Iterable[SkillGiven]) -> list[dict[str, Any]]:
    return _once(KnownSkill.called(one.name, level=one.level, years=one.years) for one in given)


def _once(skills: Iterable[KnownSkill]) -> list[dict[str, Any]]:
    """As they are kept; what is the same by two names is there once, as it was first given."""
    first: dict[str, KnownSkill] = {}
    for skill in skills:
        first.setdefault(skill.key, skill)
    return [skill.model_dump() for skill in first.values()]


def _vacation(given: VacationGiven, ctx: Context) -> Vacation:
    since = given.since or ctx.now
    if given.until is not None and given.until <= since:
        raise Invalid.field("vacation.until", "Must be after its beginning.")
    return Vacation(since=since, until=given.until, note=given.note)
