"""The jobs that ask Google: each looks at the swap as it is now, and can be done again at any point.

They run in no transaction; what they found is kept by jobs that do.
"""

from handlers.calendar.entries import GONE, title_of
from handlers.calendar.outcomes import NoteRevoked, NoteWritten
from handlers.calendar_sync import LeaveCalendar, WriteCalendarEvent, write_later
from handlers.context import Context
from handlers.errands import ask_later
from handlers.ports import CalendarEntry, CalendarRefused, GrantRevoked, event_id
from store.calendar_events import SyncState, event_key
from store.calendar_grants import Condition
from store.swaps import OPEN, Swap


async def write_event(errand: WriteCalendarEvent, ctx: Context) -> None:
    """Have the calendar of one of its people say what a swap is."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    event = await ctx.store.calendar_events.get(event_key(errand.swap_id, errand.user_id))
    grant = await ctx.store.calendar_grants.get(errand.user_id)
    if swap is None or ctx.ports.calendar is None:
        return
    this = {"swap_id": swap.id, "user_id": errand.user_id}
    if grant is None or grant.condition is not Condition.CONNECTED:
        # Asked for at the moment in which it ended.
        state = SyncState.OFF if grant is None else SyncState.RECONNECT_REQUIRED
        await ask_later(NoteWritten(**this, version=0, state=state), ctx)
        return
    try:
        token = ctx.ports.vault.open(grant.sealed, of=grant.id)
        if event is None or swap.status in GONE:
            await ctx.ports.calendar.remove(token, event_id(**this))
        else:
            await ctx.ports.calendar.put(token, entry_of(swap, errand.user_id, await _name(swap, errand.user_id, ctx)))
    except (GrantRevoked, ValueError):
        # ValueError: the keys that it was sealed by are gone, so that nothing can be done by it any more either.
        await ask_later(NoteRevoked(user_id=grant.id, serial=grant.serial), ctx)
        return
    except CalendarRefused:
        await ask_later(NoteWritten(**this, version=0, state=SyncState.FAILED), ctx)
        return
    after = await ctx.store.swaps.get(swap.id)
    wanted = await ctx.store.calendar_events.get(event_key(**this))
    if after is None or after.version != swap.version or (wanted is None) is not (event is None):
        # It changed while this was on its way; and who writes at the same time may have been faster.
        await write_later(**this, ctx=ctx)
    elif event is not None:
        await ask_later(NoteWritten(**this, version=swap.version, state=SyncState.SYNCED), ctx)


async def leave_calendar(errand: LeaveCalendar, ctx: Context) -> None:
    """Take out what was written, and have Google forget that it was ever allowed."""
    if ctx.ports.calendar is None:
        return
    try:
        token = ctx.ports.vault.open(errand.sealed, of=errand.user_id)
        for swap_id in errand.swap_ids:
            await ctx.ports.calendar.remove(token, event_id(swap_id, errand.user_id))
    except (GrantRevoked, ValueError):
        return
    except CalendarRefused:
        # What cannot be taken out stays: the grant goes all the same.
        pass
    await ctx.ports.calendar.revoke(token)


def entry_of(swap: Swap, user_id: str, name: str) -> CalendarEntry:
    """A swap as it stands in somebody's calendar."""
    return CalendarEntry(
        id=event_id(swap.id, user_id),
        swap_id=swap.id,
        version=swap.version,
        title=title_of(swap, user_id, name),
        text=swap.note,
        start=swap.scheduled_time,
        end=swap.ends_at,
        time_zone=swap.time_zone,
        is_tentative=swap.status in OPEN,
    )


async def _name(swap: Swap, user_id: str, ctx: Context) -> str:
    other = await ctx.store.users.get(swap.other(user_id))
    return "Deleted user" if other is None else other.name
