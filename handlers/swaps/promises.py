"""How far somebody can be relied on, as everybody may see it."""

from handlers.context import Context
from handlers.errors import NotFound
from handlers.models import Query, UserId
from handlers.views.swaps import ReliabilityView


class GetReliability(Query):
    """Of whom."""

    user_id: UserId


async def get_reliability(query: GetReliability, ctx: Context) -> ReliabilityView:
    """How many of somebody's swaps they kept, of those that somebody kept or broke their word in."""
    user = await ctx.store.users.get(query.user_id)
    if user is None or user.erased_at is not None:
        raise NotFound("There is no such person.")
    kept = await ctx.store.swaps.count_kept(user.id)
    return ReliabilityView(user_id=user.id, kept=kept, of=kept + await ctx.store.swaps.count_broken(user.id))
