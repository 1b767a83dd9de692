"""How far somebody is trusted: by how long they are here, a telephone number of theirs, and the word they kept."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import NamedTuple

from handlers.context import Context
from store.users import Ground, Standing, User

A_DAY = timedelta(days=1)
# How many times as much again as a newcomer somebody may do for it.
STEPS = {Ground.A_DAY: 1, Ground.PHONE: 1, Ground.SWAP: 2}


class Reliability(NamedTuple):
    """Swaps that somebody kept their word in, of those in which they kept or broke it."""

    kept: int
    of: int


async def reliability_of(user_id: str, ctx: Context) -> Reliability:
    """How far somebody can be relied on: "kept 14 of 15"."""
    kept = await ctx.store.swaps.count_kept(user_id)
    return Reliability(kept, kept + await ctx.store.swaps.count_broken(user_id))


async def grounds_of(user: User, ctx: Context) -> list[Ground]:
    """What somebody is trusted for. A number at which others have read a code as well counts for none of them."""
    has = {
        Ground.A_DAY: ctx.now - user.created_at > A_DAY,
        Ground.PHONE: user.phone_confirmed
        and user.owned_number is not None
        and await ctx.store.users.has_alone(user.owned_number),
        Ground.SWAP: await ctx.store.swaps.count_kept(user.id) > 0,
    }
    return [ground for ground in Ground if has[ground]]


def trust_by(grounds: Iterable[Ground]) -> int:
    """How many times as much again as a newcomer somebody may do: most once a swap was held."""
    return sum(STEPS[ground] for ground in grounds)


async def trust_of(user: User, ctx: Context) -> int:
    """The same of a person."""
    return trust_by(await grounds_of(user, ctx))


def level_of(grounds: Collection[Ground]) -> Standing:
    """What that is called: by time and a number alone nobody is as trusted as by a word they kept."""
    if Ground.SWAP in grounds:
        return Standing.TRUSTED
    return Standing.MEMBER if grounds else Standing.NEWCOMER
