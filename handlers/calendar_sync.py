"""Having a swap written into the calendars that it stands in: said by whatever changes a swap.

What the job writes is the swap as it is when it runs; so one that waits is enough, however often the swap changes.
What people do to it in their calendars is read by jobs as well, and is a wish to the other side.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.consenting import word
from handlers.context import Context, people
from handlers.errands import Errand, ask_later
from handlers.events.calendar import CalendarRestored, CalendarSynced
from handlers.lessons import Lesson
from handlers.meetings import tell_of
from handlers.views.calendar import CalendarSyncView
from handlers.views.series import agreed_lessons
from store.calendar_events import CalendarEvent, SyncState
from store.calendar_grants import Condition
from store.calendar_watches import Channel
from store.consent_log import Kind
from store.jobs import Queue
from store.series import Series
from store.swaps import Swap

# Whose busy times they are, beside those of other sources.
GOOGLE = "google"


class WriteCalendarEvent(Errand):
    """Have a person's calendar say what a swap of theirs is now."""

    queue = Queue.CALENDARS

    swap_id: str
    user_id: str


class WriteLessons(WriteCalendarEvent):
    """Have a person's calendar say what these lessons beside a swap are now."""

    numbers: tuple[int, ...]
    # The etag of what its person made of one, where that was seen: it is put back.
    known: str = ""


class LeaveCalendar(Errand):
    """Somebody's calendar is theirs alone again: what was written is taken out, and the grant given back.

    It holds the grant as it was sealed, since it is forgotten everywhere else; lessons go by their keys, like swaps.
    """

    queue = Queue.CALENDARS

    user_id: str
    sealed: str
    swap_ids: tuple[str, ...]
    channel: Channel | None = None


class ReadCalendar(Errand):
    """See what somebody did in their calendar to swaps of theirs, and when they are busy."""

    queue = Queue.CALENDARS

    user_id: str


async def write_later(swap_id: str, user_id: str, ctx: Context) -> None:
    """Have it written once this is committed."""
    errand = WriteCalendarEvent(swap_id=swap_id, user_id=user_id)
    await ask_later(errand, ctx, key=f"calendar:{swap_id}:{user_id}")


async def lessons_later(
    swap_id: str, user_id: str, numbers: Sequence[int], ctx: Context, *, pause: timedelta | None = None, known: str = ""
) -> None:
    """Have these lessons beside it written, if there are any; after a pause, where Google wants one."""
    if numbers:
        errand = WriteLessons(swap_id=swap_id, user_id=user_id, numbers=tuple(numbers), known=known)
        at = None if pause is None else ctx.now + pause
        await ask_later(errand, ctx, at=at, key=":".join(["lessons", swap_id, user_id, *map(str, numbers)]))


async def write_whole(swap_id: str, user_id: str, ctx: Context) -> None:
    """Have it written with all lessons to come."""
    await write_later(swap_id, user_id, ctx)
    lessons = agreed_lessons(await ctx.store.series.get(swap_id), ctx.now)
    await lessons_later(swap_id, user_id, [lesson.number for lesson in lessons], ctx)


async def lasts_until(swap: Swap, ctx: Context) -> datetime:
    """When it is over, and with it the last of its lessons."""
    return _end_of(swap.ends_at, agreed_lessons(await ctx.store.series.get(swap.id), ctx.now))


def _end_of(swap: datetime, lessons: Sequence[Lesson]) -> datetime:
    return max([swap, *(lesson.span.end for lesson in lessons if lesson.span is not None)])


async def show_lessons(series: Series, which: Sequence[Lesson], ctx: Context) -> None:
    """Have a change of some lessons written wherever the swap stands that they are beside."""
    for event in await ctx.store.calendar_events.of_swap(series.id) if which else ():
        ends_at = _end_of(event.ends_at, which)
        await ctx.store.calendar_events.set(event.id, event.state, at=event.updated_at, ends_at=ends_at)
        await lessons_later(series.id, event.user_id, [lesson.number for lesson in which], ctx)


async def show_change(swap: Swap, ctx: Context) -> None:
    """Have a change of a swap written wherever the swap stands."""
    events = await ctx.store.calendar_events.of_swap(swap.id)
    ends_at = await lasts_until(swap, ctx) if events else swap.ends_at
    for event in events:
        # Whatever was deleted there was an earlier version: this one is there again, for its person to look at.
        await _write_anew(event, ctx, ends_at=ends_at, gone_at=None)


async def put_back(swap: Swap, user_id: str, ctx: Context, *, title: str, why: str) -> None:
    """Have somebody's calendar say again what a swap is, whatever they did to it there, and tell them why."""
    for event in await ctx.store.calendar_events.of_swap(swap.id):
        if event.user_id == user_id:
            await _write_anew(event, ctx, gone_at=None)
    await tell_of(swap, {user_id: title}, ctx, times=[swap.scheduled_time], why=why)


async def keep_after_all(event: CalendarEvent, ctx: Context) -> None:
    """Tell both that a swap which one of them had deleted in their calendar stays, if it was so."""
    swap = await ctx.store.swaps.get(event.swap_id)
    if event.gone_at is None or swap is None:
        return
    await ctx.store.calendar_events.set(event.id, event.state, at=ctx.now, gone_at=None)
    ctx.emit(CalendarRestored(swap_id=swap.id, user_id=event.user_id), to=people(*swap.people))
    me, times = event.user_id, [swap.scheduled_time]
    titles = {swap.other(me): "Your swap stays: the other side put it back into their calendar."}
    await tell_of(swap, titles, ctx, times=times, by=me, known_to=me)


async def keep_lesson_after_all(event: CalendarEvent, number: str, ctx: Context) -> None:
    """The same of a lesson beside it."""
    series = await ctx.store.series.get(event.swap_id)
    if number not in event.lessons_gone or series is None:
        return
    left = {one: at for one, at in event.lessons_gone.items() if one != number}
    await ctx.store.calendar_events.set(event.id, event.state, at=event.updated_at, lessons_gone=left)
    told = CalendarRestored(swap_id=series.id, user_id=event.user_id, lesson=int(number))
    ctx.emit(told, to=people(*series.people))
    title = "Your lesson stays: the other side put it back into their calendar."
    me = event.user_id
    await tell_of(series, {series.other(me): title}, ctx, by=me, known_to=me)


async def keep_whole_after_all(event: CalendarEvent, ctx: Context) -> None:
    """The same of all of it."""
    await keep_after_all(event, ctx)
    for number in event.lessons_gone:
        now = await ctx.store.calendar_events.get(event.id) or event
        await keep_lesson_after_all(now, number, ctx)


async def read_later(user_id: str, ctx: Context, *, at: datetime | None = None) -> None:
    """Have somebody's calendar read once this is committed, or at a moment; each of both waits once at most."""
    key = f"calendar:read:{user_id}" if at is None else f"calendar:look:{user_id}"
    await ask_later(ReadCalendar(user_id=user_id), ctx, at=at, key=key)


async def _write_anew(event: CalendarEvent, ctx: Context, **more: object) -> None:
    state = event.state if event.state is SyncState.RECONNECT_REQUIRED else SyncState.PENDING
    await tell_state(event.id, state, ctx, **more)
    await write_later(event.swap_id, event.user_id, ctx)


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
    for event in ahead:
        await keep_whole_after_all(event, ctx)
    swap_ids = [event.swap_id for event in ahead]
    beside = await ctx.store.series.among(swap_ids)
    lessons = [series.key(lesson.number) for series in beside for lesson in agreed_lessons(series, ctx.now)]
    watch = await ctx.store.calendar_watches.get(user_id)
    errand = LeaveCalendar(
        user_id=user_id,
        sealed=grant.sealed,
        swap_ids=(*swap_ids, *lessons),
        channel=None if watch is None else watch.channel,
    )
    await ask_later(errand, ctx)
    await ctx.store.calendar_watches.delete(user_id)
    await ctx.store.calendar_events.delete_all(user_id)
    await ctx.store.calendar_grants.delete(user_id)
    if grant.condition is Condition.CONNECTED:
        await word(Kind.CALENDAR, ctx, granted=False, of=user_id, to=GOOGLE)
    await ctx.store.busy_times.replace(user_id, GOOGLE, ())
