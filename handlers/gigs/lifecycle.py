"""What becomes of a gig: published, paused, resumed, archived; it fades after three months unless renewed."""

from datetime import datetime
from enum import StrEnum

from handlers.context import Context, people
from handlers.errands import ask_later
from handlers.errors import NotAllowedNow
from handlers.events.gigs import GigExpiring
from handlers.gigs.access import access_own_gig, key_of
from handlers.gigs.keeping import keep
from handlers.gigs.publishing import AgeGig, published
from handlers.models import Command, GigId
from handlers.notifying import notify, settle
from handlers.views.gigs import GigView
from store.gigs import Gig, Status
from store.notifications import Topic


class Action(StrEnum):
    PUBLISH = "published"
    PAUSE = "paused"
    RESUME = "resumed"
    RENEW = "renewed"
    ARCHIVE = "archived"


TRANSITIONS: dict[tuple[Status, Action], Status] = {
    (Status.DRAFT, Action.PUBLISH): Status.ACTIVE,
    (Status.ARCHIVED, Action.PUBLISH): Status.ACTIVE,
    (Status.ACTIVE, Action.PAUSE): Status.PAUSED,
    (Status.PAUSED, Action.RESUME): Status.ACTIVE,
    (Status.ACTIVE, Action.RENEW): Status.ACTIVE,
    (Status.PAUSED, Action.RENEW): Status.ACTIVE,
    (Status.DRAFT, Action.ARCHIVE): Status.ARCHIVED,
    (Status.ACTIVE, Action.ARCHIVE): Status.ARCHIVED,
    (Status.PAUSED, Action.ARCHIVE): Status.ARCHIVED,
}
# With these it begins a new life; resumed it goes on with the old one, if that is not over.
AFRESH = {Action.PUBLISH, Action.RENEW}


class _OfGig(Command):
    """Which one."""

    turn_by = "gig_id"

    gig_id: GigId


class PublishGig(_OfGig):
    """Which draft, or what was archived."""


class PauseGig(_OfGig):
    """Which active one."""


class ResumeGig(_OfGig):
    """Which paused one."""


class RenewGig(_OfGig):
    """Which one, before it fades or after."""


class ArchiveGig(_OfGig):
    """Which one."""


async def publish_gig(command: PublishGig, ctx: Context) -> GigView:
    """Publish a draft, or again what was archived: for three months everybody finds it."""
    return await _move(command.gig_id, Action.PUBLISH, ctx)


async def pause_gig(command: PauseGig, ctx: Context) -> GigView:
    """Let nobody find it for a while."""
    return await _move(command.gig_id, Action.PAUSE, ctx)


async def resume_gig(command: ResumeGig, ctx: Context) -> GigView:
    """Let everybody find it again."""
    return await _move(command.gig_id, Action.RESUME, ctx)


async def renew_gig(command: RenewGig, ctx: Context) -> GigView:
    """Say that it still holds: three months more, from now on."""
    return await _move(command.gig_id, Action.RENEW, ctx)


async def archive_gig(command: ArchiveGig, ctx: Context) -> GigView:
    """Put it away; it can be published again."""
    return await _move(command.gig_id, Action.ARCHIVE, ctx)


async def age_gig(errand: AgeGig, ctx: Context) -> None:
    """Warn the owner of a gig that nobody renewed; when its time is over, pause it."""
    gig = await ctx.store.gigs.get(errand.gig_id)
    if gig is None or gig.deleted_at is not None or gig.expires_at != errand.expires_at:
        return
    if ctx.now < errand.expires_at:
        if gig.status is Status.ACTIVE:
            await _ask_owner(gig, errand.expires_at, ctx)
        await ask_later(errand, ctx, at=errand.expires_at)
    elif gig.status is Status.ACTIVE:
        await keep(gig.model_copy(update={"status": Status.PAUSED}), ctx, was=gig)


async def _ask_owner(gig: Gig, expires_at: datetime, ctx: Context) -> None:
    ctx.emit(GigExpiring(gig_id=gig.id, title=gig.title, expires_at=expires_at), to=people(gig.created_by))
    await notify(
        [gig.created_by],
        Topic.GIGS,
        ctx,
        title="Does it still hold? It fades in a week unless you renew it.",
        text=gig.title,
        about=key_of(gig.id),
        data={"gig_id": gig.id},
        key=key_of(gig.id),
        expires_at=expires_at,
    )


async def _move(gig_id: str, action: Action, ctx: Context) -> GigView:
    gig = await access_own_gig(gig_id, ctx)
    to = TRANSITIONS.get((gig.status, action))
    if to is None:
        raise NotAllowedNow(f"What is {gig.status} cannot be {action}.")
    is_over = gig.expires_at is None or gig.expires_at <= ctx.now
    await settle([gig.created_by], key_of(gig.id), ctx)
    if to is Status.ACTIVE and (action in AFRESH or is_over):
        return await keep(await published(gig, ctx), ctx, was=gig)
    return await keep(gig.model_copy(update={"status": to}), ctx, was=gig)
