"""Taking people's time, so that nobody is ever in two places: to hold it for a while, to book it, to give it back.

Everything is of the caller's transaction: it is taken with what it is taken for, or not at all. Of two who race for
the same cell the database refuses one; dispatch runs that one again, and then it sees who was first.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from handlers.context import Context
from handlers.errands import Errand, ask_later
from handlers.errors import Conflict
from handlers.times import Span, joined
from handlers.views.times import BusyView, ConflictView
from store.bookings import CELL, Booking, cell_after, cell_before, cell_id

# Conflicts named at once; a series can have more of them than anybody reads.
MOST_SHOWN = 100


class RefreshNextFree(Errand):
    """See when others can meet somebody next."""

    user_id: str
    # Time passes by itself, so one of them is asked for anew each day.
    daily: bool = False


async def hold(people: Sequence[str], spans: Sequence[Span], ref: str, ctx: Context, *, until: datetime) -> None:
    """Keep these times of these people free for something until a moment, then they are anybody's again.

    Raises `Conflict` if one of them is not free; what the same `ref` had taken before is given back in exchange.
    """
    await _take(people, {ref: spans}, ctx, until=until)


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
    for user_id in sorted(await ctx.store.bookings.release(refs)):
        await time_changed(user_id, ctx)


async def leave(user_id: str, ctx: Context) -> None:
    """Give back all time of somebody who leaves, and of those whom they would have met."""
    refs = {one.ref for one in await ctx.store.bookings.owned(user_id)}
    await ctx.store.series.end_of(user_id, at=ctx.now)
    if refs:
        await release_each(sorted(refs), ctx)


async def time_changed(user_id: str, ctx: Context) -> None:
    """Have it looked at when somebody is free next; said by whatever takes their time or gives it back."""
    await ask_later(RefreshNextFree(user_id=user_id), ctx)


async def busy(user_id: str, within: Span, ctx: Context, *, limit: int) -> list[Span]:
    """When somebody has booked or held time, as far as it touches a span."""
    found = await ctx.store.bookings.of_person(user_id, start=within.start, end=within.end, limit=limit)
    return joined(Span(one.start, one.end) for one in found if one.start and one.end and one.holds(ctx.now))


async def _take(
    people: Sequence[str], spans: Mapping[str, Sequence[Span]], ctx: Context, *, until: datetime | None
) -> None:
    everybody = tuple(dict.fromkeys(people))
    cells = [
        cell
        for ref, some in spans.items()
        for span in joined(Span(cell_before(one.start), cell_after(one.end)) for one in some)
        for user_id in everybody
        for cell in _cells(user_id, span, ref, until)
    ]
    there = [cell for cell in await ctx.store.bookings.among([cell.id for cell in cells]) if cell.ref not in spans]
    if taken := [cell for cell in there if cell.holds(ctx.now)]:
        raise _busy(taken)
    await ctx.store.bookings.clear([cell.id for cell in there])
    before = await ctx.store.bookings.release(tuple(spans))
    await ctx.store.bookings.insert_all(cells)
    for user_id in sorted({*everybody, *before}):
        await time_changed(user_id, ctx)


def _cells(user_id: str, span: Span, ref: str, until: datetime | None) -> Iterator[Booking]:
    at = span.start
    while at < span.end:
        is_first = at == span.start
        yield Booking(
            id=cell_id(user_id, at),
            user_id=user_id,
            ref=ref,
            at=at,
            start=span.start if is_first else None,
            end=span.end if is_first else None,
            expires_at=until,
            kept_until=span.end if until is None else until,
        )
        at += CELL


def _busy(taken: Sequence[Booking]) -> Conflict:
    found = [
        BusyView(user_id=user_id, start=span.start, end=span.end)
        for user_id, cells in groupby(taken, key=lambda cell: cell.user_id)
        for span in joined(Span(cell.at, cell.at + CELL) for cell in cells)
    ]
    return Conflict(
        "Somebody is busy then; ask for another time.", current=ConflictView(busy=tuple(found[:MOST_SHOWN]))
    )
