"""Finding offers and requests by what they say, where they are and what they are, in five orders."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from handlers.context import Context
from handlers.criteria import Criteria, Filters
from handlers.errors import Invalid
from handlers.finding import END, MOST_ARRANGED, MOST_EXAMINED, MOST_RANKED, Order, gather, gather_again, rarest
from handlers.gigs.nearest import Nearest, place
from handlers.models import Cursor, Limit, Query
from store.listings import EVERYTHING, LAST, Listing, soon

MOST_COUNTED = 300
BROAD = ("skill:", "category:", EVERYTHING)
SEPARATOR = ","
# A free time is looked at again within the hour after it came; of an older one nobody knows what followed.
STALE = timedelta(hours=1)
# Before a place among those: they come after all others.
GONE_BY = "-"


class Sort(StrEnum):
    """In which order. `distance` and `newest` within it are by the position that is kept, which is coarse."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    DISTANCE = "distance"
    RATING = "rating"
    AVAILABILITY = "availability"


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
    # What goes by while somebody pages moves nothing.
    since, place = _since(query.cursor, ctx) if sort is Sort.AVAILABILITY else ("", query.cursor)
    query = query.model_copy(update={"sort": sort, "cursor": place})
    found = None
    if number <= MOST_ARRANGED:
        part = await gather(criteria, order, ctx, before=LAST, most=MOST_EXAMINED)
        if part.end == END:
            found = _arranged(part.listings, _places(query, since), query)
    if found is None:
        found = await _sorted(query, criteria, since, ctx)
    if sort is Sort.AVAILABILITY and found.next_cursor is not None:
        return Found(found.listings, f"{since}{SEPARATOR}{found.next_cursor}")
    return found


async def _sorted(query: ListGigs, criteria: Criteria, since: str, ctx: Context) -> Found:
    """As another index has it than that of all keys."""
    if query.sort is Sort.DISTANCE and (near := query.near) is not None:
        page = Nearest(
            criteria, ctx, near=near, within_km=query.within_km, cursor=query.cursor, limit=query.limit
        )  # fmt: skip
        return Found(*await page.page())
    broad = [one for one in criteria.conditions if all(key.startswith(BROAD) for key in one.keys)]
    order, _ = await rarest(broad, ctx)
    if query.sort is Sort.AVAILABILITY:
        return await _by_time(query, criteria, order._replace(field="by_time"), since, ctx)
    return await _in_order(query, criteria, order._replace(field="by_rating"), ctx)


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


async def _by_time(query: ListGigs, criteria: Criteria, order: Order, since: str, ctx: Context) -> Found:
    """The soonest first; whose free time had gone by when the list was begun, after all others."""
    before, found = query.cursor or since, list[Listing]()
    if not before.startswith(GONE_BY):
        part = await gather(criteria, order, ctx, before=before, most=query.limit + 1)
        if len(part.listings) > query.limit:
            return Found(part.listings[: query.limit], order.place(part.listings[query.limit - 1]))
        if part.end != END:
            return Found(part.listings, part.end)
        before, found = f"{GONE_BY}{LAST}", part.listings
    room = query.limit - len(found)
    part = await gather(criteria, order, ctx, before=before.removeprefix(GONE_BY), start=since, most=room + 1)
    page = [*found, *part.listings[:room]]
    if len(part.listings) > room:
        return Found(page, f"{GONE_BY}{order.place(part.listings[room - 1]) if room else LAST}")
    return Found(page, None if part.end == since else f"{GONE_BY}{part.end}")


def _since(cursor: str | None, ctx: Context) -> tuple[str, str | None]:
    """From which place on free times had gone by when a list was begun; and where it goes on."""
    if cursor is None:
        return soon(ctx.now - STALE), None
    since, separator, place = cursor.partition(SEPARATOR)
    if not separator:
        raise Invalid.field("cursor", "Take it from a page of this list.")
    return since, place


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
        part = await gather(criteria, order, ctx, before=before, most=MOST_RANKED)
        # What comes while somebody pages is no part of it.
        before = before if before != LAST or not part.listings else f"{part.listings[0].order}{LAST}"
    else:
        part = await gather_again(criteria, order, ctx, before=before, start=end)
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


def _places(query: ListGigs, since: str) -> Place:
    """Where a listing stands in an order, the greatest first."""
    if query.sort is Sort.DISTANCE and (near := query.near) is not None:
        return lambda listing: place(near, listing)
    if query.sort is Sort.AVAILABILITY:
        return lambda listing: f"{GONE_BY if listing.by_time >= since else ''}{listing.by_time}"
    return lambda listing: listing.by_rating


def _ranked(weight: int, listing: Listing) -> str:
    return f"{weight:03d}.{listing.order}"
