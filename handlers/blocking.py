"""Who is hidden from whom, since one blocked the other: asked at every door, decided here alone.

What the blocked person meets is what everybody meets anyway: somebody who does not exist, is not there, or takes no
messages. Nothing is worded, counted or told for blocks alone; and in groups everybody speaks with everybody.
"""

from collections.abc import Collection

from handlers.context import Context
from handlers.errors import Forbidden
from store.threads import Thread


async def hidden_from(me: str, others: Collection[str], ctx: Context) -> set[str]:
    """Those of many who blocked a person, or whom that person blocked; one question, by ids alone."""
    pairs = [pair for other in {*others} - {me} for pair in ((me, other), (other, me))]
    return {one.person_id if one.user_id == me else one.user_id for one in await ctx.store.blocks.of_pairs(pairs)}


async def who_blocked(person: str, among: Collection[str], ctx: Context) -> set[str]:
    """Those of many who blocked a person."""
    return {one.user_id for one in await ctx.store.blocks.of_pairs([(other, person) for other in {*among} - {person}])}


async def blocked_between(one: str, other: str, ctx: Context) -> bool:
    """Whether one of two people blocked the other."""
    return bool(await hidden_from(one, (other,), ctx))


def require_open(thread: Thread, ctx: Context) -> None:
    """Refuse to turn to the other one of a pair, if either wants it no more; it stands in what is loaded anyway."""
    if ctx.actor.user_id in thread.closed_by:
        raise Forbidden("You blocked this person; unblock them first.")
    if thread.closed_by:
        raise Forbidden("This person takes no messages.")
