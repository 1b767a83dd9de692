"""Reads what is found, in the order that is asked for and a page at a time; a page's work has an end, whatever matches.

A page may so hold less than it could, or nothing, and still have one after it. Places in an order are values of what
is listed, never counts: what is added meanwhile moves nothing.
"""

from collections.abc import Collection, Sequence
from itertools import chain
from typing import NamedTuple

from handlers.context import Context
from handlers.criteria import Condition, Criteria
from store.listings import LAST, LEVELS, SAMPLED, Listing

# So many listings are looked at for a page, or a part more,
MOST_EXAMINED = 300
# in parts of about so many at most, the first no larger than a page;
LARGEST_PART = 128
# which comes to less than this: only who makes up a cursor asks for more of it again.
MOST_GATHERED = MOST_EXAMINED + 4 * LARGEST_PART
# so many are put into an order at once that no index has, and so many by what they are about.
MOST_ARRANGED = 200
MOST_RANKED = 100
# Two samples, since one alone may stand anywhere; of more than so many nobody wants to know how many.
LEAST_SAMPLES = 2
MOST_SAMPLES = 256

# The last place of what was read; empty where it ends.
END = ""


class Part(NamedTuple):
    """What was read of an order: from `before` down to `end`, which is empty if nothing comes after."""

    listings: list[Listing]
    end: str
    examined: int = 0


class Order(NamedTuple):
    """By which field, of whichever listings have one of the keys, the greatest first.

    Of higher levels than `level` there are too few samples to tell anything. `steps` are all samples of the lowest from
    where it was read last down to `floor`.
    """

    keys: tuple[str, ...]
    field: str = "order"
    level: int = LEVELS
    steps: tuple[str, ...] = ()
    floor: str = END

    def place(self, listing: Listing) -> str:
        """Where a listing stands in it."""
        place: str = getattr(listing, self.field)
        return place


async def estimate(keys: tuple[str, ...], ctx: Context) -> tuple[int, Order]:
    """Roughly how many listings have one of these keys, 0 if they are few; and how they are read, the newest first."""
    for level in range(LEVELS, 0, -1):
        found = await _samples(Order(keys), ctx, level=level, start=END, before=LAST, most=MOST_SAMPLES)
        if len(found) >= LEAST_SAMPLES:
            return int(len(found) * SAMPLED**level), Order(keys, level=level)
    return 0, Order(keys, level=0)


async def rarest(conditions: Sequence[Condition], ctx: Context) -> tuple[Order, int]:
    """Which condition leaves the least to look at, as an order; and roughly how much that is."""
    least = None
    # What everything meets is no help, but where there is nothing else.
    for condition in conditions[1:] or conditions:
        number, order = await estimate(condition.keys, ctx)
        if least is None or number < least[1]:
            least = order, number
        if number <= MOST_ARRANGED:
            break
    assert least is not None  # noqa: S101 - there is one that everything meets
    return least


async def gather(criteria: Criteria, order: Order, ctx: Context, *, before: str, most: int, start: str = END) -> Part:
    """The first so many that pass, or a few more, from before a place on; down to `start` at most."""
    found: list[Listing] = []
    examined, want = 0, most
    while True:
        part, order = await read(order, ctx, before=before, start=start, want=want)
        examined += len(part.listings)
        passing = _passing(part, criteria, ctx)
        found += passing
        before = part.end
        if before == start or len(found) >= most or examined >= MOST_EXAMINED:
            return Part(found, before, examined)
        want = min(2 * want, LARGEST_PART) if len(passing) * 2 < len(part.listings) else want


async def gather_again(criteria: Criteria, order: Order, ctx: Context, *, before: str, start: str) -> Part:
    """All that pass of what was gathered from before a place down to `start`, in whichever parts that was read."""
    found: list[Listing] = []
    examined = 0
    while before != start and examined < MOST_GATHERED:
        part, order = await read(order, ctx, before=before, start=start, want=LARGEST_PART)
        examined += len(part.listings)
        found += _passing(part, criteria, ctx)
        before = part.end
    return Part(found, before, examined)


def _passing(part: Part, criteria: Criteria, ctx: Context) -> list[Listing]:
    return [one for one in part.listings if one.expires_at > ctx.now and criteria.passes(one)]


async def read(order: Order, ctx: Context, *, before: str, start: str, want: int) -> tuple[Part, Order]:
    """Some `want` listings from before a place on, down to another at most; and by which order to go on."""
    order = await _stepped(order, ctx, before=before, start=start, want=want)
    least = max(want // SAMPLED, LEAST_SAMPLES)
    low = order.steps[least - 1] if len(order.steps) >= least else order.floor
    most = 4 * want
    found = [
        await ctx.store.listings.between(key, order.field, start=low, before=before, limit=most) for key in order.keys
    ]
    # It is chance that tells where to stop: should that be far off, it is told by what was read.
    low = max([low, *(order.place(rows[-1]) for rows in found if len(rows) == most)])
    listings = {order.place(one): one for one in chain(*found) if order.place(one) >= low}
    left = tuple(step for step in order.steps if step < low)
    return Part([listings[place] for place in sorted(listings, reverse=True)], low), order._replace(steps=left)


async def _stepped(order: Order, ctx: Context, *, before: str, start: str, want: int) -> Order:
    """With the samples of the lowest level that come next: those that are left, or as many as a question brings."""
    if len(order.steps) >= max(want // SAMPLED, LEAST_SAMPLES):
        return order
    low, useful = start, 0
    steps: list[str] = []
    for level in range(order.level, 0, -1):
        least = max(want // SAMPLED**level, LEAST_SAMPLES)
        most = least if level > 1 else MOST_SAMPLES
        steps = await _samples(order, ctx, level=level, start=low, before=before, most=most)
        if len(steps) >= LEAST_SAMPLES:
            useful = max(useful, level)
        if level > 1 and len(steps) >= least:
            low = steps[least - 1]
    return order._replace(level=useful, steps=tuple(steps), floor=low)


async def _samples(order: Order, ctx: Context, *, level: int, start: str, before: str, most: int) -> list[str]:
    found: Collection[str] = {
        place
        for key in order.keys
        for place in await ctx.store.listings.orders(
            key, order.field, level=level, start=start, before=before, limit=most
        )
    }
    return sorted(found, reverse=True)[:most]
