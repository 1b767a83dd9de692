"""How far somebody is trusted: by how long they are here, and by the word they kept."""

from datetime import timedelta
from typing import NamedTuple

from handlers.context import Context
from store.users import Standing, User

A_DAY = timedelta(days=1)


class Reliability(NamedTuple):
    """Swaps that somebody kept their word in, of those in which they kept or broke it."""

    kept: int
    of: int


async def reliability_of(user_id: str, ctx: Context) -> Reliability:
    """How far somebody can be relied on: "kept 14 of 15"."""
    kept = await ctx.store.swaps.count_kept(user_id)
    return Reliability(kept, kept + await ctx.store.swaps.count_broken(user_id))


async def trust_of(user: User, ctx: Context) -> int:
    """How many times as much again as a newcomer somebody may do: more after a day, most once a swap was held."""
    return (ctx.now - user.created_at > A_DAY) + 2 * (await ctx.store.swaps.count_kept(user.id) > 0)


def level_of(trust: int) -> Standing:
    """What that is called."""
    return Standing.TRUSTED if trust > 1 else (Standing.NEWCOMER, Standing.MEMBER)[trust]
