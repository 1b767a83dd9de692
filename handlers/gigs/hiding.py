"""What staff does with an offer or a request that should not be there: hide it, say why, and write it down."""

from typing import Annotated

from pydantic import Field, StringConstraints

from handlers.context import Context
from handlers.errands import Errand, ask_later
from handlers.errors import NotFound
from handlers.gigs.access import key_of, no_such_gig
from handlers.gigs.keeping import keep
from handlers.models import Clean, Command, GigId
from handlers.notifying import notify
from handlers.views.gigs import HiddenGigView
from store.gigs import Gig, Hidden
from store.notifications import Topic
from store.staff_log import Act, StaffAct


class HideGig(Command):
    """Which one, and why."""

    turn_by = "gig_id"

    gig_id: GigId
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), Clean] = Field(
        description="Told to its owner."
    )


class ShowGig(Command):
    """Which one."""

    turn_by = "gig_id"

    gig_id: GigId


class TellHidden(Errand):
    """The owner is to know what staff did."""

    gig_id: str


async def hide_gig(command: HideGig, ctx: Context) -> HiddenGigView:
    """Keep an offer or a request from everybody but its owner, who is told why."""
    return await _hide(await _access_any(command.gig_id, ctx), Hidden(reason=command.reason, at=ctx.now), ctx)


async def show_gig(command: ShowGig, ctx: Context) -> HiddenGigView:
    """Let everybody see again what staff had hidden."""
    gig = await _access_any(command.gig_id, ctx)
    if gig.hidden is None:
        raise NotFound("It is not hidden.")
    return await _hide(gig, None, ctx)


async def tell_hidden(errand: TellHidden, ctx: Context) -> None:
    """Notify the owner of what staff hid, and why; or that it is back."""
    gig = await ctx.store.gigs.get(errand.gig_id)
    if gig is None or gig.deleted_at is not None:
        return
    title = "Everybody sees it again." if gig.hidden is None else f"Staff hid it: {gig.hidden.reason}"
    about = key_of(gig.id)
    await notify(
        [gig.created_by], Topic.MODERATION, ctx, title=title, text=gig.title, about=about, data={"gig_id": gig.id}
    )


async def _hide(gig: Gig, hidden: Hidden | None, ctx: Context) -> HiddenGigView:
    await keep(gig.model_copy(update={"hidden": hidden}), ctx)
    act = Act.GIG_HIDDEN if hidden is not None else Act.GIG_SHOWN
    before, after = ("" if one is None else one.reason for one in (gig.hidden, hidden))
    done = StaffAct.of(act, gig.id, before, after, by=ctx.actor.user_id, at=ctx.now)
    await ctx.store.staff_log.insert(done)
    # By an errand, since who acts is named in what they notify others of, and staff is named to nobody.
    await ask_later(TellHidden(gig_id=gig.id), ctx)
    return HiddenGigView(gig_id=gig.id, hidden=hidden)


async def _access_any(gig_id: str, ctx: Context) -> Gig:
    gig = await ctx.store.gigs.get(gig_id)
    if gig is None or gig.deleted_at is not None:
        raise no_such_gig()
    return gig
