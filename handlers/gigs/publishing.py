"""How a gig begins: everybody sees it at once; or, where that is set, a newcomer's first ones once staff has looked.

What waits has no life yet: it is listed nowhere, and begins when it is approved as if it were published then.
"""

from datetime import datetime

from handlers.account import access_self
from handlers.cases import ask_to_look, withdraw
from handlers.context import Context
from handlers.errands import Errand, ask_later
from handlers.evidence import Evidence
from handlers.gigs.access import key_of, view
from handlers.notifying import notify
from handlers.trust import grounds_of, level_of
from store.gigs import ASKED_BEFORE, Gig, Hidden, Status
from store.notifications import Topic
from store.reports import Thing
from store.users import Role, Standing

# The newest of somebody; who is not trusted yet hardly has more.
MOST_COUNTED = 100
NOT_LOOKED_YET = "You are new here, so the staff looks at it first. You are told as soon as others see it."
APPROVED = "The staff has looked, and others may see it now."


class AgeGig(Errand):
    """Ask the owner whether it still holds, a week before it fades; and then have it fade."""

    gig_id: str
    expires_at: datetime


async def published(gig: Gig, ctx: Context) -> Gig:
    """A gig that its owner publishes: at the beginning of a life, or waiting for it."""
    if not await _has_to_wait(gig, ctx):
        return await alive(gig, ctx)
    waiting = Hidden(reason=NOT_LOOKED_YET, at=ctx.now, waits=True)
    return gig.model_copy(update={"status": Status.ACTIVE, "hidden": waiting})


async def submit(gig: Gig, ctx: Context) -> None:
    """Have staff look at a gig that waits for that, as it is now; no more at one that is deleted."""
    if gig.waits and gig.deleted_at is not None:
        await withdraw(Thing.GIG, gig.id, ctx)
    elif gig.waits:
        shown = await view(gig, ctx, reader=None)
        evidence = Evidence(gig.created_by, shown.model_dump(mode="json"), gig.images)
        await ask_to_look(Thing.GIG, gig.id, evidence, ctx)


async def approved(gig: Gig, ctx: Context) -> Gig:
    """A hidden gig that others may see from now on: one that waited for it begins to live, and its owner is told."""
    if gig.waits:
        await notify(
            [gig.created_by], Topic.GIGS, ctx, title=APPROVED, text=gig.title, about=key_of(gig.id),
            data={"gig_id": gig.id}, key=key_of(gig.id), unnamed=True,
        )  # fmt: skip
    has_to_begin = gig.expires_at is None and gig.status is not Status.DRAFT
    begun = await alive(gig, ctx) if has_to_begin else gig
    # What was paused or archived meanwhile stays so, until its owner wants it to be seen.
    return begun.model_copy(update={"hidden": None, "status": gig.status})


async def alive(gig: Gig, ctx: Context) -> Gig:
    """A gig at the beginning of a life, at whose end somebody looks after it."""
    begun = gig.begun(ctx.now)
    if begun.expires_at is not None:
        await ask_later(AgeGig(gig_id=gig.id, expires_at=begun.expires_at), ctx, at=begun.expires_at - ASKED_BEFORE)
    return begun


async def _has_to_wait(gig: Gig, ctx: Context) -> bool:
    """Whether staff looks first: at what was never seen, of whom they have not approved enough to trust them."""
    first = ctx.ports.rules.approved_offers
    if gig.waits or not first or gig.hidden is not None or gig.expires_at is not None:
        return gig.waits
    author = await access_self(ctx)
    if author.role is not Role.USER or level_of(await grounds_of(author, ctx)) is Standing.TRUSTED:
        return False
    own = await ctx.store.gigs.of_person(author.id, before=None, limit=MOST_COUNTED)
    return sum(one.hidden is None and one.expires_at is not None for one in own) < first
