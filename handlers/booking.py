"""Taking people's time, so that nobody is ever in two places: to hold it for a while, to book it, to give it back.

What their calendars elsewhere say is looked at as well; only what is booked here is guarded against a race.

Everything is of the caller's transaction: it is taken with what it is taken for, or not at all. Of two who race for
the same hour the database refuses one; dispatch runs that one again, and then it sees who was first.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from handlers.calendar_sync import show_lessons
from handlers.context import Context
from handlers.errands import Errand, ask_later
from handlers.errors import Conflict
from handlers.times import Span, common, joined
from handlers.views.series import to_come
from handlers.views.times import BusyView, ConflictView
from store.bookings import HOUR, BookedHour, Taken, hour_id, hours_of
from store.series import Series

# Conflicts named at once; a series can have more of them than anybody reads.
MOST_SHOWN = 100
# Things of which time is given back in one transaction, most of them of two people and nine hours at most.
MOST_LEFT = 50


class RefreshNextFree(Errand):
    """See when others can meet somebody next."""

    user_id: str


async def hold(
    people: Sequence[str], spans: Sequence[Span], ref: str, ctx: Context, *, until: datetime, beside: Sequence[str] = ()
) -> None:
    """Keep these times of these people free for something until a moment, then they are anybody's again.

    Raises `Conflict` if one of them is not free, or one of those `beside`, of whom nothing is taken; what the same
    `ref` had taken before is given back in exchange.
    """
    await _take(people, {ref: spans}, ctx, until=until, beside=beside)


async def require_free(people: Sequence[str], spans: Sequence[Span], ctx: Context) -> None:
    """Refuse times at which one of these people is busy. Nothing is taken: somebody may be faster."""
    await _weigh(people, {"": spans}, ctx, until=None)


async def book(people: Sequence[str], spans: Sequence[Span], ref: str, ctx: Context) -> None:
    """Book these times of these people for something: all of them, or `Conflict` is raised and nothing has changed.

    They stand in the place of whatever the same `ref` had held or booked: so it is moved, and a hold made firm.
    """
    await _take(people, {ref: spans}, ctx, until=None)


async def book_each(people: Sequence[str], spans: Mapping[str, Span], ctx: Context) -> None:
    """Book several things of the same people, each by a `ref` of its own: all of them, or none."""
    await _take(people, {ref: [span] for ref, span in spans.items()}, ctx, until=None)


async def release(ref: str, ctx: Context) -> None:
    """Give back all that was held or booked for something."""
    await release_each([ref], ctx)


async def release_each(refs: Sequence[str], ctx: Context) -> None:
    """Give back all that was held or booked for several things."""
    before = await ctx.store.bookings.of(refs)
    await ctx.store.bookings.exchange(before, _left(before, refs, ctx))
    for user_id in sorted({one.user_id for one in before}):
        await time_changed(user_id, ctx)


async def leave(user_id: str, ctx: Context) -> bool:
    """Give back the time of somebody who leaves, and of those whom they would have met; True if there is more of it.

    As long as there is, their own hours stay: by these the others' are found.
    """
    everything = sorted({ref for one in await ctx.store.bookings.owned(user_id) for ref in one.refs})
    refs = everything[:MOST_LEFT]
    await ctx.store.series.end_of(user_id, at=ctx.now)
    if refs:
        await release_each(refs, ctx)
    of_lessons = [key for ref in refs if (key := Series.of_ref(ref)) is not None]
    for series in await ctx.store.series.among([id_ for id_, _ in of_lessons]):
        await show_lessons(series, to_come(series, ctx.now), ctx)
    return len(everything) > len(refs)


async def time_changed(user_id: str, ctx: Context) -> None:
    """Have it looked at when somebody is free next; said by whatever takes their time or gives it back."""
    await ask_later(RefreshNextFree(user_id=user_id), ctx)


async def busy(user_id: str, within: Span, ctx: Context) -> list[Span]:
    """When somebody has booked or held time, as far as it touches a span."""
    found = await ctx.store.bookings.of_person(user_id, start=within.start, end=within.end)
    spans = joined(Span(one.start, one.end) for hour in found for one in hour.taken if one.holds(ctx.now))
    return [span for span in spans if span.start < within.end and within.start < span.end]


async def booked(people: Sequence[str], spans: Sequence[Span], ctx: Context) -> list[Span]:
    """What any of these people has booked for good in the hours of these times; what is held may be free again."""
    hours = {at for span in spans for at in hours_of(*span)}
    found = await ctx.store.bookings.among([hour_id(user_id, at) for user_id in people for at in hours])
    return joined(Span(one.start, one.end) for hour in found for one in hour.taken if one.expires_at is None)


async def _take(
    people: Sequence[str],
    spans: Mapping[str, Sequence[Span]],
    ctx: Context,
    *,
    until: datetime | None,
    beside: Sequence[str] = (),
) -> None:
    there, after = await _weigh(people, spans, ctx, until=until, beside=beside)
    known = {one.id for one in there}
    elsewhere = [one for one in await ctx.store.bookings.of(spans) if one.id not in known]
    before = [*there, *elsewhere]
    await ctx.store.bookings.exchange(before, {**_left(elsewhere, spans, ctx), **after})
    for user_id in sorted({*people, *(one.user_id for one in before if not {*one.refs}.isdisjoint(spans))}):
        await time_changed(user_id, ctx)


async def _weigh(
    people: Sequence[str],
    spans: Mapping[str, Sequence[Span]],
    ctx: Context,
    *,
    until: datetime | None,
    beside: Sequence[str] = (),
) -> tuple[list[BookedHour], dict[tuple[str, datetime], list[Taken]]]:
    """The hours that this touches, as they are and as they would be; raises `Conflict` where anybody is busy."""
    wanted = [
        ((user_id, at), Taken(start=max(span.start, at), end=min(span.end, at + HOUR), ref=ref, expires_at=until))
        for user_id in dict.fromkeys([*people, *beside])
        for ref, some in spans.items()
        for span in joined(some)
        for at in hours_of(*span)
    ]
    there = await ctx.store.bookings.among([hour_id(*hour) for hour in dict(wanted)])
    after = _left(there, spans, ctx)
    conflicts = []
    for hour, piece in wanted:
        others = after.setdefault(hour, [])
        conflicts += [
            BusyView(user_id=hour[0], start=max(one.start, piece.start), end=min(one.end, piece.end))
            for one in others
            if one.start < piece.end and piece.start < one.end
        ]
        if hour[0] in people:
            others.append(piece)
    conflicts += await _elsewhere([*people, *beside], joined(span for some in spans.values() for span in some), ctx)
    if conflicts:
        raise _busy(conflicts)
    return there, after


async def _elsewhere(people: Sequence[str], spans: Sequence[Span], ctx: Context) -> list[BusyView]:
    """When these people are busy by their calendars, as far as it touches these times, which are in order."""
    found = []
    for user_id in dict.fromkeys(people) if spans else ():
        times = await ctx.store.busy_times.of_person(
            user_id, start=spans[0].start, end=spans[-1].end, now=ctx.now
        )  # fmt: skip
        busy = common((Span(one.start, one.end) for one in times), spans)
        found += [BusyView(user_id=user_id, start=span.start, end=span.end) for span in busy]
    return found


def _left(hours: Sequence[BookedHour], but: Collection[str], ctx: Context) -> dict[tuple[str, datetime], list[Taken]]:
    """What is taken in these hours by other things, and not by a hold that is over."""
    return {
        (hour.user_id, hour.at): [one for one in hour.taken if one.ref not in but and one.holds(ctx.now)]
        for hour in hours
    }


def _busy(conflicts: Sequence[BusyView]) -> Conflict:
    found = [
        BusyView(user_id=user_id, start=span.start, end=span.end)
        for user_id in dict.fromkeys(one.user_id for one in conflicts)
        for span in joined(Span(one.start, one.end) for one in conflicts if one.user_id == user_id)
    ]
    view = ConflictView(busy=tuple(found[:MOST_SHOWN]))
    return Conflict("Somebody is busy then; ask for another time.", current=view)
