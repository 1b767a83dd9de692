"""Finding offers and requests by what they say, where they are and what they are, in five orders."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from handlers.context import Context
from handlers.criteria import Criteria, Filters
from handlers.errors import Invalid
from handlers.finding import END, MOST_ARRANGED, MOST_EXAMINED, Order, gather, rarest
from handlers.models import Cursor, Limit, Query
from store.areas import distance_km, positions_around
from store.listings import EVERYTHING, LAST, Listing

# Lists by distance look into so many positions for a page.
MOST_POSITIONS = 64
MOST_COUNTED = 500
BROAD = ("skill:", "category:", EVERYTHING)
SEPARATOR = ","
# Kilometres within which lists by distance look first.
REACHES = (25.0, 100.0)


class Sort(StrEnum):
    """In which order. `distance` and `newest` within it are by the position that is kept, which is coarse."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    DISTANCE = "distance"
    RATING = "rating"
    AVAILABILITY = "availability"


FIELDS = {Sort.NEWEST: "order", Sort.RATING: "by_rating", Sort.AVAILABILITY: "by_time"}


class ListGigs(Filters, Query):
    """What is looked for, and which part of it."""

    sort: Sort | None = None
    cursor: Cursor | None = None
    limit: Limit = 30


class CountGigs(Filters, Query):
    """What is looked for."""


class Found(NamedTuple):
    """A page of listings, and what brings the next one."""

    listings: list[Listing]
    next_cursor: str | None


Place = Callable[[Listing], str]


async def find(query: ListGigs, ctx: Context) -> Found:
    """What passes, in the order that is asked for: by relevance where words are, else the newest first."""
    sort = query.sort or (Sort.RELEVANCE if query.words else Sort.NEWEST)
    criteria = Criteria(query)
    if sort is Sort.DISTANCE and query.near is None:
        raise Invalid.field("lat", "Say near where, by `lat` and `lon`, to sort by distance.", code="missing")
    order, number = await rarest(criteria.conditions, ctx)
    if sort is Sort.RELEVANCE and query.words:
        return await _by_relevance(query, criteria, order, ctx)
    if sort in {Sort.NEWEST, Sort.RELEVANCE}:
        return await _in_order(query, criteria, order, ctx)
    if number <= MOST_ARRANGED:
        part = await gather(criteria, order, ctx, before=LAST, most=MOST_EXAMINED)
        if part.end == END:
            return _arranged(part.listings, _places(query, sort), query)
    if sort is Sort.DISTANCE:
        return await _by_distance(query, criteria, ctx)
    broad = [one for one in criteria.conditions if all(key.startswith(BROAD) for key in one.keys)]
    order, _ = await rarest(broad, ctx)
    return await _in_order(query, criteria, order._replace(field=FIELDS[sort]), ctx)


async def look(query: CountGigs, ctx: Context) -> tuple[list[Listing], bool]:
    """The newest that pass, as many as are counted, and whether they are all."""
    criteria = Criteria(query)
    order, _ = await rarest(criteria.conditions, ctx)
    part = await gather(criteria, order, ctx, before=LAST, most=MOST_COUNTED)
    return part.listings[:MOST_COUNTED], part.end == END and len(part.listings) <= MOST_COUNTED


async def _in_order(query: ListGigs, criteria: Criteria, order: Order, ctx: Context) -> Found:
    """As an index has it."""
    part = await gather(criteria, order, ctx, before=query.cursor or LAST, most=query.limit + 1)
    page = part.listings[: query.limit]
    if len(part.listings) > len(page):
        return Found(page, order.place(page[-1]))
    return Found(page, None if part.end == END else part.end)


def _arranged(listings: Sequence[Listing], place: Place, query: ListGigs) -> Found:
    """All there is, which is little enough to be put into any order."""
    ranked = {place(one): one for one in listings}
    places = sorted((one for one in ranked if query.cursor is None or one < query.cursor), reverse=True)
    page = places[: query.limit]
    return Found([ranked[one] for one in page], page[-1] if len(places) > len(page) else None)


async def _by_relevance(query: ListGigs, criteria: Criteria, order: Order, ctx: Context) -> Found:
    """The newest that pass by what they are about, and after them the next; mostly they are all."""
    before, end, place = _read(query.cursor)
    if end is None:
        part = await gather(criteria, order, ctx, before=before, most=MOST_ARRANGED)
        # What comes while somebody pages is no part of it.
        before = before if before != LAST or not part.listings else f"{part.listings[0].order}{LAST}"
    else:
        part = await gather(criteria, order, ctx, before=before, start=end, most=MOST_EXAMINED)
    ranked = {_ranked(criteria.weight(one), one): one for one in part.listings}
    places = sorted((one for one in ranked if place is None or one < place), reverse=True)
    page = places[: query.limit]
    found = [ranked[one] for one in page]
    if len(places) > len(page):
        return Found(found, SEPARATOR.join((before, part.end, page[-1])))
    return Found(found, None if part.end == END else part.end)


def _read(cursor: str | None) -> tuple[str, str | None, str | None]:
    """Before where, down to where, and after which place in between."""
    match (cursor or LAST).split(SEPARATOR):
        case [before]:
            return before, None, None
        case [before, end, place]:
            return before, end, place
    raise Invalid.field("cursor", "Take it from a page of this list.")


async def _by_distance(query: ListGigs, criteria: Criteria, ctx: Context) -> Found:
    """From one position to the next, the nearest first: there are more in the circle than are put in order at once."""
    found: list[Listing] = []
    examined, looked = 0, 0
    for away, keys in _positions(query):
        before = LAST
        if query.cursor is not None:
            at, _, before = query.cursor.partition(".")
            if _away(away) > at:
                continue
            before = before if _away(away) == at else LAST
        if looked >= MOST_POSITIONS or examined >= MOST_EXAMINED:
            return Found(found, f"{_away(away)}.{before}")
        part = await gather(criteria, Order(keys), ctx, before=before, most=query.limit + 1 - len(found))
        found, examined, looked = found + part.listings, examined + part.examined, looked + 1
        if len(found) > query.limit:
            page = found[: query.limit]
            return Found(page, _places(query, Sort.DISTANCE)(page[-1]))
        if part.end != END:
            return Found(found, f"{_away(away)}.{part.end}")
    return Found(found, None)


def _positions(query: ListGigs) -> Iterator[tuple[float, tuple[str, ...]]]:
    """The positions in a circle, the nearest first, those that are as far together; no more than somebody looks at."""
    assert query.near is not None  # noqa: S101 - asked before
    inner = -1.0
    for reach in (*(reach for reach in REACHES if reach < query.within_km), query.within_km):
        rings: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for away, key in positions_around(*query.near, reach):
            if away > inner:
                rings[_away(away)].append((away, key))
        for ring in sorted(rings, reverse=True):
            yield rings[ring][0][0], tuple(key for _, key in rings[ring])
        inner = reach


def _places(query: ListGigs, sort: Sort) -> Place:
    """Where a listing stands in an order, the greatest first."""
    if sort is Sort.DISTANCE and (near := query.near) is not None:
        return lambda listing: f"{_away(distance_km(near, listing.at or near))}.{listing.order}"
    return Order((), FIELDS[sort]).place


def _away(kilometres: float) -> str:
    # Of metres, and from the other side of the world: the nearer, the greater.
    return f"{20_100_000 - round(kilometres * 1000):08d}"


def _ranked(weight: int, listing: Listing) -> str:
    return f"{weight:03d}.{listing.order}"
