"""What somebody offers is found while they take part: not once they are kept out, or on their way out."""

from handlers.context import Context
from handlers.errands import ListAnew, SortAnew, ask_later
from handlers.gigs.keeping import spread
from store.gigs import LISTED_AT_ONCE, Status


async def list_anew(errand: ListAnew, ctx: Context) -> None:
    """List what somebody has published, or list it no more, as they take part now; a part at a time."""
    some = await ctx.store.gigs.of_person(
        errand.user_id, status=Status.ACTIVE, before=errand.before, limit=LISTED_AT_ONCE
    )
    listed = await ctx.store.listings.among([gig.id for gig in some])
    await ctx.store.gigs.list_anew(some, at=ctx.now)
    for gig in some:
        # To others what was not listed was as good as paused.
        was = gig if gig.id in listed else gig.model_copy(update={"status": Status.PAUSED})
        await spread(gig, ctx, was=was)
    if len(some) == LISTED_AT_ONCE:
        await ask_later(ListAnew(user_id=errand.user_id, before=some[-1].order), ctx)


async def sort_anew(errand: SortAnew, ctx: Context) -> None:
    """Sort what somebody has published by what their reviews come to and when they next have time; in parts, too."""
    user = await ctx.store.users.get(errand.user_id)
    if user is None:
        return
    some = await ctx.store.listings.of_person(user.id, after=errand.after, limit=LISTED_AT_ONCE)
    await ctx.store.listings.sort(some, user)
    if len(some) == LISTED_AT_ONCE:
        await ask_later(SortAnew(user_id=user.id, after=some[-1]), ctx)
