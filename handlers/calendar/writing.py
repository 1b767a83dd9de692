"""The jobs that ask Google: each looks at the swap as it is now, and can be done again at any point.

They run in no transaction; what they found is kept by jobs that do.
"""

from contextlib import suppress
from functools import partial

from handlers.calendar.entries import GONE, title_of
from handlers.calendar.outcomes import NoteRevoked, NoteWritten
from handlers.calendar_port import Calendar, CalendarEntry, CalendarRefused, GrantRevoked, event_id
from handlers.calendar_sync import LeaveCalendar, WriteCalendarEvent, read_later, write_later
from handlers.context import Context
from handlers.errands import Errand, ask_later
from store.calendar_events import CalendarEvent, SyncState, event_key
from store.calendar_grants import Condition
from store.swaps import OPEN, Swap


async def write_event(errand: WriteCalendarEvent, ctx: Context) -> None:
    """Have the calendar of one of its people say what a swap is."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    event = await ctx.store.calendar_events.get(event_key(errand.swap_id, errand.user_id))
    if swap is None or ctx.ports.calendar is None or (event is not None and event.gone_at is not None):
        # Deleted there, and not put back: it is about to be cancelled.
        return
    noted = await _write(swap, errand.user_id, event, ctx.ports.calendar, ctx)
    if noted is not None:
        await ask_later(noted, ctx)


async def _write(
    swap: Swap, user_id: str, event: CalendarEvent | None, google: Calendar, ctx: Context
) -> Errand | None:
    """Ask Google; what is to be noted of it."""
    note = partial(NoteWritten, swap_id=swap.id, user_id=user_id)
    grant, seen = await ctx.store.calendar_grants.get(user_id), None
    if grant is None or grant.condition is not Condition.CONNECTED:
        # Asked for at the moment in which it ended.
        return note(version=0, state=SyncState.OFF if grant is None else SyncState.RECONNECT_REQUIRED)
    try:
        token = ctx.ports.vault.open(grant.sealed, of=grant.id)
        if event is None or swap.status in GONE:
            await google.remove(token, event_id(swap.id, user_id))
        elif (seen := await google.put(token, entry_of(swap, event, await name_of(swap.other(user_id), ctx)))) is None:
            # First it is heard what its person did; what comes of that is written then.
            await read_later(user_id, ctx)
            return None
    except (GrantRevoked, ValueError):
        # ValueError: the keys that it was sealed by are gone, so that nothing can be done by it any more either.
        return NoteRevoked(user_id=grant.id, serial=grant.serial)
    except CalendarRefused:
        return note(version=0, state=SyncState.FAILED)
    after = await ctx.store.swaps.get(swap.id)
    wanted = await ctx.store.calendar_events.get(event_key(swap.id, user_id))
    if after is None or after.version != swap.version or (wanted is None) is not (event is None):
        # It changed while this was on its way; and who writes at the same time may have been faster.
        await write_later(swap.id, user_id, ctx)
        return None
    return None if event is None else note(version=swap.version, state=SyncState.SYNCED, seen=seen)


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
    if errand.channel is not None:
        with suppress(CalendarRefused):
            await ctx.ports.calendar.unwatch(token, errand.channel)
    await ctx.ports.calendar.revoke(token)


def entry_of(swap: Swap, event: CalendarEvent, name: str) -> CalendarEntry:
    """A swap as it stands in somebody's calendar."""
    return CalendarEntry(
        id=event_id(swap.id, event.user_id),
        swap_id=swap.id,
        version=swap.version,
        title=title_of(swap, event.user_id, name),
        text=swap.note,
        start=swap.scheduled_time,
        end=swap.ends_at,
        time_zone=swap.time_zone,
        is_tentative=swap.status in OPEN,
        known=event.etag,
    )


async def name_of(user_id: str, ctx: Context) -> str:
    """What somebody is called in the other one's calendar."""
    other = await ctx.store.users.get(user_id)
    return "Deleted user" if other is None else other.name
