"""Having a swap stand in one's calendar: asked for here, written by a job, so that nobody waits for Google."""

from typing import ClassVar

from handlers.calendar.access import access_dated_swap
from handlers.calendar_sync import keep_whole_after_all, lasts_until, tell_state, write_whole
from handlers.context import Context
from handlers.errors import NotAllowedNow
from handlers.models import Command, Query, SwapId
from handlers.views.calendar import CalendarSyncView
from store.calendar_events import CalendarEvent, SyncState, event_key
from store.calendar_grants import Condition


class SyncCalendar(Command):
    """Which swap of yours."""

    turn_by: ClassVar[str | None] = "swap_id"
    swap_id: SwapId


class StopSync(SyncCalendar):
    """Which swap of yours."""


class GetSync(Query):
    """Which swap of yours."""

    swap_id: SwapId


async def sync_calendar(command: SyncCalendar, ctx: Context) -> CalendarSyncView:
    """Have a swap and the lessons beside it stand in your Google calendar, and follow there whatever becomes of them.

    It is written a moment later, as often as it takes: `state` says how far it has come, and `calendar:synced` tells.
    What you do to the swap or a lesson there is a wish: moved, it is proposed to the other side at that time; deleted,
    it is cancelled after a while, within which you may put it back. Asked for again it is there again.
    """
    swap = await access_dated_swap(command.swap_id, ctx)
    me = ctx.actor.user_id
    grant = await ctx.store.calendar_grants.get(me)
    if grant is None:
        raise NotAllowedNow("Connect your Google calendar first: POST /api/v1/calendar/google/begin.")
    is_broken = grant.condition is Condition.RECONNECT_REQUIRED
    state = SyncState.RECONNECT_REQUIRED if is_broken else SyncState.PENDING
    id_ = event_key(swap.id, me)
    known = await ctx.store.calendar_events.get(id_)
    if known is None:
        ends_at = await lasts_until(swap, ctx)
        event = CalendarEvent(id=id_, user_id=me, swap_id=swap.id, state=state, ends_at=ends_at, updated_at=ctx.now)
        await ctx.store.calendar_events.insert(event)
    else:
        await keep_whole_after_all(known, ctx)
        await tell_state(id_, state, ctx)
    if not is_broken:
        await write_whole(swap.id, me, ctx)
    return CalendarSyncView.of(swap.id, await ctx.store.calendar_events.get(id_))


async def stop_sync(command: StopSync, ctx: Context) -> CalendarSyncView:
    """Have a swap and its lessons taken out of your Google calendar. Repeated, it changes nothing."""
    swap = await access_dated_swap(command.swap_id, ctx)
    if (known := await ctx.store.calendar_events.get(event_key(swap.id, ctx.actor.user_id))) is not None:
        await keep_whole_after_all(known, ctx)
        await ctx.store.calendar_events.delete(known.id)
    await write_whole(swap.id, ctx.actor.user_id, ctx)
    return CalendarSyncView.of(swap.id, None)


async def get_sync(query: GetSync, ctx: Context) -> CalendarSyncView:
    """How far a swap has come into your calendar."""
    swap = await access_dated_swap(query.swap_id, ctx)
    return CalendarSyncView.of(swap.id, await ctx.store.calendar_events.get(event_key(swap.id, ctx.actor.user_id)))
