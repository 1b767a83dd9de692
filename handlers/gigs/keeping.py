"""What every change of a gig does: keep it if nobody was first, refuse what is there twice, tell its owner."""

from handlers.context import Context, people
from handlers.errands import MatchGig, ask_later
from handlers.errors import Conflict
from handlers.events.gigs import GigUpdated
from handlers.gigs.access import is_own, reader_of, view
from handlers.gigs.publishing import submit
from handlers.gigs.telling import TellKeepers
from handlers.views.gigs import GigView
from store.gigs import Gig, Status


async def require_news(gig: Gig, ctx: Context) -> None:
    """Refuse an active gig whose owner has one with the same words; two at once are decided by the unique index."""
    if gig.status is Status.ACTIVE and (other := await ctx.store.gigs.active_like(gig)) and other.id != gig.id:
        current = await view(other, ctx, reader=other.created_by)
        raise Conflict("You have published the same words already; change or archive that.", current=current)


async def keep(gig: Gig, ctx: Context, *, was: Gig) -> GigView:
    """Keep a gig that was read in this transaction and changed; as its owner sees it, who is told."""
    await require_news(gig, ctx)
    kept = await ctx.store.gigs.save(gig.model_copy(update={"updated_at": ctx.now}))
    if kept is None:
        raise await changed_since(gig, ctx)
    await spread(kept, ctx, was=was)
    await submit(kept, ctx)
    shown = await view(kept, ctx, reader=kept.created_by)
    ctx.emit(GigUpdated(gig=shown), to=people(kept.created_by), unnamed=not is_own(kept, ctx))
    return shown


async def spread(gig: Gig, ctx: Context, *, was: Gig | None) -> None:
    """Have whoever looks for a gig hear of it, if everybody may find it, or might until now; and whoever keeps it."""
    if was is not None and was.is_published:
        # What changes again before anybody was told is told once, as it was before the first change.
        await ask_later(MatchGig(gig_id=gig.id, was=was), ctx, key=f"rematch:{gig.id}")
    elif gig.is_listed(ctx.now):
        await ask_later(MatchGig(gig_id=gig.id), ctx, key=f"match:{gig.id}")
    if was is not None and gig.bookmarks:
        await ask_later(TellKeepers(gig_id=gig.id, was=was), ctx, key=f"keepers:{gig.id}")


async def changed_since(gig: Gig, ctx: Context) -> Conflict:
    """What to say to whom somebody else forestalled."""
    current = await ctx.store.gigs.get(gig.id)
    return Conflict("It has changed since.", current=await view(current or gig, ctx, reader=reader_of(ctx)))
