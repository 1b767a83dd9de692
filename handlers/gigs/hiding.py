"""What staff does with an offer or a request that should not be there: hide it, say why, and write it down."""

from pydantic import Field

from handlers.context import Context
from handlers.errors import NotFound
from handlers.gigs.access import no_such_gig
from handlers.gigs.keeping import keep
from handlers.gigs.publishing import approved
from handlers.judging import write_down
from handlers.models import Command, GigId
from handlers.statements import Because, Rule, hide, show
from handlers.views.gigs import HiddenGigView
from store.gigs import Gig, Hidden
from store.reports import Thing
from store.staff_log import Act


class HideGig(Command):
    """Which one, and why."""

    turn_by = "gig_id"

    gig_id: GigId
    reason: Because = Field(description="Told to its owner.")
    rule: Rule = ""


class ShowGig(Command):
    """Which one."""

    turn_by = "gig_id"

    gig_id: GigId


async def hide_gig(command: HideGig, ctx: Context) -> HiddenGigView:
    """Keep an offer or a request from everybody but its owner, who is told why and may appeal."""
    await hide(Thing.GIG, command.gig_id, ctx, reason=command.reason, rule=command.rule)
    return await _shown(command.gig_id, ctx)


async def show_gig(command: ShowGig, ctx: Context) -> HiddenGigView:
    """Let everybody see again what staff had hidden."""
    if (await _access_any(command.gig_id, ctx)).hidden is None:
        raise NotFound("It is not hidden.")
    await show(Thing.GIG, command.gig_id, ctx)
    return await _shown(command.gig_id, ctx)


async def put_gig_away(gig_id: str, reason: str, ctx: Context) -> str:
    """Hide one, whoever asks; answers whose it is."""
    gig = await _access_any(gig_id, ctx)
    await _set(gig, gig.model_copy(update={"hidden": Hidden(reason=reason, at=ctx.now)}), ctx)
    return gig.created_by


async def bring_gig_back(gig_id: str, ctx: Context) -> None:
    """Show one again, if it is there still; or for the first time."""
    gig = await ctx.store.gigs.get(gig_id)
    if gig is not None and gig.deleted_at is None and gig.hidden is not None:
        await _set(gig, await approved(gig, ctx), ctx)


async def _set(was: Gig, gig: Gig, ctx: Context) -> None:
    await keep(gig, ctx, was=was)
    act = Act.GIG_HIDDEN if gig.hidden is not None else Act.GIG_SHOWN
    before, after = ("" if one.hidden is None else one.hidden.reason for one in (was, gig))
    await write_down(act, gig.id, ctx, before=before, after=after)


async def _shown(gig_id: str, ctx: Context) -> HiddenGigView:
    return HiddenGigView(gig_id=gig_id, hidden=(await _access_any(gig_id, ctx)).hidden)


async def _access_any(gig_id: str, ctx: Context) -> Gig:
    gig = await ctx.store.gigs.get(gig_id)
    if gig is None or gig.deleted_at is not None:
        raise no_such_gig()
    return gig
