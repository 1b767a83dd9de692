"""By whose clocks the times of a swap are shown: by that of who asks, and by the other's, as slots are."""

from zoneinfo import ZoneInfo

from handlers.account import access_self
from handlers.between import access_person
from handlers.context import Context
from handlers.errors import NotFound
from handlers.free_time import timetables, zone_shown
from store.swaps import Swap


async def clocks_of(swap: Swap, ctx: Context) -> tuple[ZoneInfo, ZoneInfo | None]:
    """The actor's clock, and the other one's, if that one is there and shows it.

    Whoever asked for the swap said a zone with it, which is theirs as long as they said no other.
    """
    [me] = await timetables([await access_self(ctx)], ctx)
    mine = me.zone if me.zone_name is not None or me.user.id != swap.requestor else ZoneInfo(swap.time_zone)
    try:
        other = await access_person(swap.other(me.user.id), ctx)
    except NotFound:
        return mine, None
    [theirs] = await timetables([other], ctx)
    if theirs.zone_name is None and other.id == swap.requestor:
        return mine, ZoneInfo(swap.time_zone)
    return mine, await zone_shown(theirs, ctx)
