"""Having a swap written into the calendars that it stands in: said by whatever changes a swap.

What the job writes is the swap as it is when it runs; so one that waits is enough, however often the swap changes.
"""

from handlers.context import Context, people
from handlers.errands import Errand, ask_later
from handlers.events.calendar import CalendarSynced
from handlers.views.calendar import CalendarSyncView
from store.calendar_events import SyncState
from store.swaps import Swap


class WriteCalendarEvent(Errand):
    """Have a person's calendar say what a swap of theirs is now."""

    swap_id: str
    user_id: str


class LeaveCalendar(Errand):
    """Somebody's calendar is theirs alone again: what was written is taken out, and the grant given back.

    It holds the grant as it was sealed, since it is forgotten everywhere else.
    """

    user_id: str
    sealed: str
    swap_ids: tuple[str, ...]


async def write_later(swap_id: str, user_id: str, ctx: Context) -> None:
    """Have it written once this is committed."""
    errand = WriteCalendarEvent(swap_id=swap_id, user_id=user_id)
    await ask_later(errand, ctx, key=f"calendar:{swap_id}:{user_id}")


async def show_change(swap: Swap, ctx: Context) -> None:
    """Have a change of a swap written wherever the swap stands."""
    for event in await ctx.store.calendar_events.of_swap(swap.id):
        state = event.state if event.state is SyncState.RECONNECT_REQUIRED else SyncState.PENDING
        await tell_state(event.id, state, ctx, ends_at=swap.ends_at)
        await write_later(swap.id, event.user_id, ctx)


async def tell_state(event_id: str, state: SyncState, ctx: Context, **more: object) -> None:
    """Keep how far it has come, and tell whose calendar it is."""
    event = await ctx.store.calendar_events.set(event_id, state, at=ctx.now, **more)
    if event is not None:
        view = CalendarSyncView.of(event.swap_id, event)
        ctx.emit(CalendarSynced(sync=view), to=people(event.user_id))


async def forget_calendar(user_id: str, ctx: Context) -> None:
    """Forget somebody's grant and what was written by it; a job takes it out of the calendar and gives it back."""
    grant = await ctx.store.calendar_grants.get(user_id)
    if grant is None:
        return
    ahead = await ctx.store.calendar_events.ahead_of(user_id, now=ctx.now)
    errand = LeaveCalendar(user_id=user_id, sealed=grant.sealed, swap_ids=tuple(one.swap_id for one in ahead))
    await ask_later(errand, ctx)
    await ctx.store.calendar_events.delete_all(user_id)
    await ctx.store.calendar_grants.delete(user_id)
    await ctx.store.busy_times.replace(user_id, "google", ())
