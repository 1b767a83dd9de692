"""What came of asking Google, kept and told in one transaction each."""

from handlers.calendar.granting import RECONNECT
from handlers.calendar_port import Seen
from handlers.calendar_sync import GOOGLE, WriteCalendarEvent, tell_state
from handlers.consenting import word
from handlers.context import Caller, Context, people
from handlers.errands import Errand
from handlers.events.calendar import CalendarChanged
from handlers.notifying import notify
from handlers.views.calendar import CalendarView
from store.calendar_events import CalendarEvent, SyncState, event_key
from store.consent_log import Kind
from store.notifications import Topic


class NoteWritten(Errand):
    """A version of a swap stands in a calendar; or cannot, in this state."""

    swap_id: str
    user_id: str
    version: int
    state: SyncState
    seen: Seen | None = None


class NoteRevoked(Errand):
    """Google takes a grant no more."""

    user_id: str
    serial: str


async def note_written(errand: NoteWritten, ctx: Context) -> None:
    """Say so, unless the swap has changed again: then the next one says it."""
    event = await ctx.store.calendar_events.get(event_key(errand.swap_id, errand.user_id))
    swap = await ctx.store.swaps.get(errand.swap_id)
    if event is None or swap is None:
        return
    if errand.seen is not None:
        # Whatever has come of it since: what is read there later is known as our own by it.
        await remember(event, errand.seen, ctx)
    if event.state is not SyncState.PENDING:
        return
    if errand.state is not SyncState.SYNCED:
        await tell_state(event.id, errand.state, ctx)
    elif swap.version == errand.version:
        await tell_state(event.id, SyncState.SYNCED, ctx, written=errand.version)


async def remember(event: CalendarEvent, seen: Seen, ctx: Context) -> None:
    """Keep how an event stands in its calendar, as it was written or seen last."""
    if is_news(event, seen):
        stands = {"etag": seen.etag, "changed_at": seen.at, "starts_there": seen.start, "ends_there": seen.end}
        await ctx.store.calendar_events.set(event.id, event.state, at=event.updated_at, **stands)


def is_news(event: CalendarEvent, seen: Seen) -> bool:
    """Whether it is neither what we wrote ourselves nor older than that."""
    is_older = seen.at is not None and event.changed_at is not None and seen.at < event.changed_at
    return seen.etag != event.etag and not is_older


async def note_revoked(errand: NoteRevoked, ctx: Context) -> None:
    """Tell its person, once, however many jobs found it out; nothing is tried until they connect it anew."""
    is_first = await ctx.store.calendar_grants.disable(errand.user_id, errand.serial)
    grant = await ctx.store.calendar_grants.get(errand.user_id)
    if grant is None or grant.serial != errand.serial:
        return
    for event in await ctx.store.calendar_events.ahead_of(errand.user_id, now=ctx.now):
        # Also of who was not the first to find out: what they were to write may have been asked for since.
        if event.state is not SyncState.RECONNECT_REQUIRED:
            await tell_state(event.id, SyncState.RECONNECT_REQUIRED, ctx)
    if not is_first:
        return
    there = Caller(address="", device=GOOGLE)
    await word(Kind.CALENDAR, ctx, granted=False, of=errand.user_id, to=GOOGLE, caller=there)
    ctx.emit(CalendarChanged(calendar=CalendarView.of(grant)), to=people(errand.user_id))
    await notify(
        [errand.user_id],
        Topic.ACCOUNT,
        ctx,
        title="Google no longer lets us write into your calendar: connect it anew.",
        about="calendar",
        key=RECONNECT,
    )


async def give_up_event(errand: WriteCalendarEvent, ctx: Context) -> None:
    """It was tried as often as it is tried: say so; asking for it again begins anew."""
    await tell_state(event_key(errand.swap_id, errand.user_id), SyncState.FAILED, ctx)
