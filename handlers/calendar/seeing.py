"""What was read in somebody's calendar, kept and passed on in one transaction.

Nothing is done to a swap here: what its person did to it there is asked for as if they had said it, by its own rules.
"""

from datetime import datetime, timedelta

from handlers.booking import time_changed
from handlers.calendar.entries import GONE
from handlers.calendar.outcomes import is_news, remember
from handlers.calendar.seeing_lessons import pass_on_lessons
from handlers.calendar_port import Seen, event_id
from handlers.calendar_sync import GOOGLE, keep_after_all, read_later
from handlers.context import Context, people
from handlers.errands import Errand, WishEnd, WishTime, ask_later
from handlers.events.calendar import CalendarDeleted
from handlers.meetings import tell_of
from handlers.times import Span, without
from handlers.views.series import agreed_lessons
from store.busy_times import BusyTime
from store.calendar_events import CalendarEvent, SyncState
from store.calendar_watches import CalendarWatch, Channel
from store.swaps import Swap

# What a calendar said of busy times is believed so long, if it cannot be read.
BELIEVED = timedelta(days=1)
# A swap that is about to begin is cancelled before it does.
LAST_MOMENT = timedelta(minutes=1)


class NoteRead(Errand):
    """What was read in somebody's calendar by a grant."""

    user_id: str
    serial: str
    seen: tuple[Seen, ...]
    sync_token: str
    busy: tuple[tuple[datetime, datetime], ...]
    channel: Channel | None
    again_in: timedelta


async def note_read(errand: NoteRead, ctx: Context) -> None:
    """Pass on what its person did, and keep when they are busy; then it is read again."""
    me, grant = errand.user_id, await ctx.store.calendar_grants.get(errand.user_id)
    if grant is None or grant.serial != errand.serial:
        return
    seen = {one.id: one for one in errand.seen}
    ahead = await ctx.store.calendar_events.ahead_of(me, now=ctx.now)
    for event in ahead:
        if (found := seen.get(event_id(event.swap_id, me))) is not None and is_news(event, found):
            await _pass_on(event, found, ctx)
    for series in await ctx.store.series.among([event.swap_id for event in ahead]):
        await pass_on_lessons(me, series, seen, ctx)
    await _keep_busy(errand, ctx)
    watch = CalendarWatch(id=me, sync_token=errand.sync_token, channel=errand.channel, read_at=ctx.now)
    await ctx.store.calendar_watches.put_whole(watch)
    await read_later(me, ctx, at=ctx.now + errand.again_in)


async def _pass_on(event: CalendarEvent, seen: Seen, ctx: Context) -> None:
    swap = await ctx.store.swaps.get(event.swap_id)
    if swap is None or swap.status in GONE:
        return
    if seen.is_gone:
        # While it is about to be written it may be gone by ourselves; and then it is there again.
        if event.state is SyncState.SYNCED and event.gone_at is None:
            await _is_deleted(event, swap, ctx)
        return
    await keep_after_all(event, ctx)
    await remember(event, seen, ctx)
    # What was moved is the version that they saw: where the swap has changed since, that stands there soon.
    if seen.is_moved and seen.version == swap.version:
        wish = WishTime(swap_id=swap.id, user_id=event.user_id, version=swap.version, time=seen.start)
        await ask_later(wish, ctx)


async def _is_deleted(event: CalendarEvent, swap: Swap, ctx: Context) -> None:
    """Tell both, and have it cancelled a while later; what has begun is not cancelled by anybody."""
    if swap.scheduled_time <= ctx.now:
        return
    cancels_at = max(ctx.now, min(ctx.now + ctx.ports.rules.calendar_grace, swap.scheduled_time - LAST_MOMENT))
    await ctx.store.calendar_events.set(event.id, event.state, at=ctx.now, gone_at=ctx.now)
    await ask_later(WishEnd(swap_id=swap.id, user_id=event.user_id, gone_at=ctx.now), ctx, at=cancels_at)
    told = CalendarDeleted(swap_id=swap.id, user_id=event.user_id, cancels_at=cancels_at)
    ctx.emit(told, to=people(*swap.people))
    mine = "You deleted a swap in your calendar: it is cancelled soon, unless you put it back."
    theirs = "The other side deleted your swap in their calendar: it is cancelled soon, unless they put it back."
    titles = {event.user_id: mine, swap.other(event.user_id): theirs}
    await tell_of(swap, titles, ctx, times=[swap.scheduled_time], by=event.user_id)


async def _keep_busy(errand: NoteRead, ctx: Context) -> None:
    """Keep when they are busy by others than us: our own meetings are booked, or may not be."""
    ahead = await ctx.store.calendar_events.ahead_of(errand.user_id, now=ctx.now)
    ours = [
        Span(one.starts_there, one.ends_there)
        for one in ahead
        if one.starts_there is not None and one.ends_there is not None
    ]
    for series in await ctx.store.series.among([one.swap_id for one in ahead]):
        ours += [lesson.span for lesson in agreed_lessons(series, ctx.now) if lesson.span is not None]
    # Also where its person moved one, until it stands again where it is held.
    ours += [Span(one.start, one.end) for one in errand.seen if one.start is not None and one.end is not None]
    spans = without((Span(*one) for one in errand.busy), ours)
    good_until = ctx.now + BELIEVED
    times = [
        BusyTime(user_id=errand.user_id, source=GOOGLE, start=one.start, end=one.end, good_until=good_until)
        for one in spans
    ]
    if await ctx.store.busy_times.replace(errand.user_id, GOOGLE, times):
        await time_changed(errand.user_id, ctx)
