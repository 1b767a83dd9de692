"""Making, changing and deleting gigs. What is deleted is gone for everybody; its row stays for what points to it."""

from typing import Any, Literal

from pydantic import Field

from handlers.attachments import attach, let_go
from handlers.context import Context, people
from handlers.errors import Invalid
from handlers.events.gigs import GigCreated, GigDeleted
from handlers.gigs.access import access_own_gig, view
from handlers.gigs.keeping import changed_since, keep, require_news, spread
from handlers.gigs.publishing import published, submit
from handlers.gigs.terms import (
    Category,
    Description,
    Images,
    Languages,
    LocationGiven,
    NoticeHours,
    Skills,
    Tags,
    Title,
    known_skills,
    require_whole,
)
from handlers.models import Command, Creating, GigId, UserId, Whole
from handlers.views.gigs import GigView
from store.gigs import Gig, Kind, Status, category_of
from store.ids import new_id
from store.profiles import Mode
from store.repository import order_of
from store.users import Level

CLEARABLE = {"category", "level", "location", "notice_hours"}
SKILLS = ("offered_skills", "desired_skills")


class CreateGig(Creating):
    """What you teach, and what you want to learn for it. It is published at once, unless it is a draft."""

    kind: Kind = Kind.OFFER
    title: Title
    description: Description
    images: Images = ()
    offered_skills: Skills = ()
    desired_skills: Skills = ()
    mode: Mode
    category: Category | None = Field(default=None, description="Taken from the first known skill, if left out.")
    tags: Tags = ()
    level: Level | None = Field(default=None, description="For whom it is.")
    languages: Languages = ()
    location: LocationGiven | None = Field(default=None, description="Needed when offline.")
    notice_hours: NoticeHours | None = Field(default=None, description="Without it what holds here for all.")
    status: Literal[Status.DRAFT, Status.ACTIVE] = Status.ACTIVE
    created_by: UserId | None = Field(default=None, description="You; refused if it is anybody else.")


class UpdateGig(Command):
    """The fields to change; those left out stay."""

    turn_by = "gig_id"

    gig_id: GigId
    version: Whole | None = Field(default=None, ge=1, description="Refused with the current one if it has moved on.")
    kind: Kind | None = None
    title: Title | None = None
    description: Description | None = None
    images: Images | None = None
    offered_skills: Skills | None = None
    desired_skills: Skills | None = None
    mode: Mode | None = None
    category: Category | None = None
    tags: Tags | None = None
    level: Level | None = None
    languages: Languages | None = None
    location: LocationGiven | None = None
    notice_hours: NoticeHours | None = None


class DeleteGig(Command):
    """Which one."""

    turn_by = "gig_id"

    gig_id: GigId


async def create_gig(command: CreateGig, ctx: Context) -> GigView:
    """Publish an offer or a request, or keep a draft of one."""
    ctx.require_self(command.created_by, "created_by")
    gig_id = new_id()
    given = _kept(command.model_dump(exclude={"client_id", "created_by"}), command)
    given["category"] = command.category or category_of(command.kind, given["offered_skills"], given["desired_skills"])
    fields = {**given, "created_by": ctx.actor.user_id, "created_at": ctx.now, "updated_at": ctx.now}
    gig = Gig(id=gig_id, order=order_of(ctx.now, gig_id), **fields)
    require_whole(gig)
    if gig.status is Status.ACTIVE:
        await require_news(gig, ctx)
        gig = await published(gig, ctx)
    await _take_images(gig, gig.images, ctx)
    await ctx.store.gigs.insert(gig)
    await spread(gig, ctx, was=None)
    await submit(gig, ctx)
    shown = await view(gig, ctx, reader=gig.created_by)
    ctx.emit(GigCreated(gig=shown), to=people(gig.created_by))
    return shown


async def update_gig(command: UpdateGig, ctx: Context) -> GigView:
    """Change an offer or a request of yours; category, level, location and notice are cleared by null."""
    gig = await access_own_gig(command.gig_id, ctx)
    if command.version is not None and command.version != gig.version:
        raise await changed_since(gig, ctx)
    given = command.model_dump(exclude_unset=True, exclude={"gig_id", "version"})
    fields = {name: value for name, value in given.items() if value is not None or name in CLEARABLE}
    changed = gig.model_copy(update=_kept(fields, command))
    require_whole(changed)
    await _take_images(changed, [image for image in changed.images if image not in gig.images], ctx)
    shown = await keep(changed, ctx, was=gig)
    for image in gig.images:
        if image not in changed.images:
            await let_go(image, ctx)
    return shown


async def delete_gig(command: DeleteGig, ctx: Context) -> None:
    """Delete an offer or a request of yours, with its images; swaps about it keep what it said and showed."""
    gig = await access_own_gig(command.gig_id, ctx)
    gone = gig.model_copy(update={"deleted_at": ctx.now, "updated_at": ctx.now, "images": ()})
    if await ctx.store.gigs.save(gone) is None:
        raise await changed_since(gig, ctx)
    await spread(gone, ctx, was=gig)
    await submit(gone, ctx)
    for image in gig.images:
        await let_go(image, ctx)
    ctx.emit(GigDeleted(gig_id=gig.id), to=people(gig.created_by))


def _kept(fields: dict[str, Any], command: CreateGig | UpdateGig) -> dict[str, Any]:
    """What was given, as it is kept: skills by their keys, nothing twice, a place no finer than it may be."""
    kept = dict(fields)
    for name in SKILLS:
        if name in kept:
            kept[name] = known_skills(kept[name])
    for name in ("tags", "languages"):
        if name in kept:
            kept[name] = tuple(dict.fromkeys(kept[name]))
    if command.location is not None:
        kept["location"] = command.location.kept()
    return kept


async def _take_images(gig: Gig, new: tuple[str, ...] | list[str], ctx: Context) -> None:
    if len({*gig.images}) < len(gig.images):
        raise Invalid.field("images", "Each image once.")
    for image in new:
        await attach(image, f"gig:{gig.id}", ctx, field="images", only="image/")
