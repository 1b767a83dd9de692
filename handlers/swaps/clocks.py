"""By whose clocks the times of a swap are shown: by that of who reads it, and by the other's, as slots are."""

from collections.abc import Iterable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from handlers.blocking import who_blocked
from handlers.context import Context
from handlers.free_time import Timetable, timetables, zone_shown
from store.swaps import Swap


class Clocks(NamedTuple):
    """A reader's, and the other one's, if that one is there and shows it."""

    mine: ZoneInfo
    theirs: ZoneInfo | None


async def clocks_of(swap: Swap, ctx: Context) -> Clocks:
    """The actor's clock, and the other one's."""
    me = ctx.actor.user_id
    return (await clocks_for([me], swap, ctx))[me]


async def clocks_for(readers: Iterable[str], swap: Swap, ctx: Context) -> dict[str, Clocks]:
    """The clocks by which each of these people of a swap reads it."""
    users = await ctx.store.users.among(swap.people)
    them = {one.user.id: one for one in await timetables(users, ctx)}
    found = {}
    for reader in readers:
        mine = _said(them[reader], swap) or them[reader].zone
        found[reader] = Clocks(mine, await _shown(them[swap.other(reader)], swap, ctx))
    return found


async def _shown(person: Timetable, swap: Swap, ctx: Context) -> ZoneInfo | None:
    reader = swap.other(person.user.id)
    if not person.user.is_around(ctx.now) or await who_blocked(reader, [person.user.id], ctx):
        return None
    return _said(person, swap) or await zone_shown(person, ctx.by(reader))


def _said(person: Timetable, swap: Swap) -> ZoneInfo | None:
    """The zone that they said with the swap, whoever asked for it: theirs as long as they said no other."""
    is_known = person.zone_name is not None or person.user.id != swap.requestor
    return None if is_known else ZoneInfo(swap.time_zone)
