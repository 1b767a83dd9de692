"""How far somebody is trusted: by how long they are here, and by the word they kept."""

from datetime import timedelta

from handlers.context import Context
from store.users import Standing, User

A_DAY = timedelta(days=1)


async def trust_of(user: User, ctx: Context) -> int:
    """How many times as much again as a newcomer somebody may do: more after a day, most once a swap was held."""
    return (ctx.now - user.created_at > A_DAY) + 2 * (await ctx.store.swaps.count_kept(user.id) > 0)


def level_of(trust: int) -> Standing:
    """What that is called."""
    return Standing.TRUSTED if trust > 1 else (Standing.NEWCOMER, Standing.MEMBER)[trust]
