"""Who is hidden from whom, since one blocked the other: asked at every door, decided here alone.

What the blocked person meets is what everybody meets anyway: somebody who does not exist, is not there, or takes no
messages. Nothing is worded, counted or told for blocks alone; and in groups everybody speaks with everybody.
"""

from collections.abc import Collection, Mapping

from handlers.context import Context
from handlers.errors import Forbidden
from store.threads import Thread


async def hidden_from(me: str, others: Collection[str], ctx: Context) -> set[str]:
    """Those of many who blocked a person, or whom that person blocked."""
    return (await hidden_from_each({me: others}, ctx))[me]


async def hidden_from_each(others: Mapping[str, Collection[str]], ctx: Context) -> dict[str, set[str]]:
    """The same for each of some people; one question, by ids alone."""
    both = {frozenset((me, other)) for me, many in others.items() for other in many if other != me}
    found = await ctx.store.blocks.of_pairs([pair for one, other in both for pair in ((one, other), (other, one))])
    parted = {frozenset((one.user_id, one.person_id)) for one in found}
    return {me: {other for other in many if frozenset((me, other)) in parted} for me, many in others.items()}


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
