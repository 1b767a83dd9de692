"""What somebody offers is found while they take part: not once they are kept out, or on their way out."""

from handlers.context import Context
from handlers.errands import ListAnew, ask_later
from store.gigs import LISTED_AT_ONCE, Status


async def list_anew(errand: ListAnew, ctx: Context) -> None:
    """List what somebody has published, or list it no more, as they take part now; a part at a time."""
    some = await ctx.store.gigs.of_person(
        errand.user_id, status=Status.ACTIVE, before=errand.before, limit=LISTED_AT_ONCE
    )
    await ctx.store.gigs.list_anew(some, at=ctx.now)
    if len(some) == LISTED_AT_ONCE:
        await ask_later(ListAnew(user_id=errand.user_id, before=some[-1].order), ctx)
