"""Lists by distance: squares of the map are looked into as they come, the nearest first.

Where little is, all of a square is read at once, however large it is; where much is, it is cut into smaller ones.
"""

from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from handlers.context import Context
from handlers.criteria import Criteria
from handlers.errors import Invalid
from handlers.finding import END, MOST_EXAMINED, Order, Part, estimate, gather
from store.areas import Position, around, distance_km, quarters, reach, squares
from store.listings import LAST, Listing

# A page looks into so many squares,
MOST_SQUARES = 64
# and reads one of which samples tell of no more than so many.
FEW = 64
# Of metres: the other side of the world.
FARTHEST = 20_100_000


class _Next(NamedTuple):
    """A square that is no nearer; or a listing, or a position with many, that is exactly as far, and comes after it."""

    metres: int
    is_exact: bool
    number: int
    key: str
    listing: Listing | None = None


class Nearest:
    """A page of what lies in a circle, from after a place on."""

    def __init__(
        self, criteria: Criteria, ctx: Context, *, near: Position, within_km: float, cursor: str | None, limit: int
    ) -> None:
        self._criteria, self._ctx, self._near, self._limit = criteria, ctx, near, limit
        self._within = metres(within_km)
        self._since, self._before = _read(cursor)
        self._next: list[_Next] = []
        self._numbers = count()
        self._found: list[Listing] = []
        self._looked, self._examined = 0, 0
        for key in around(*near, within_km):
            self._add(key)

    async def page(self) -> tuple[list[Listing], str | None]:
        """What is on it, and what brings the next one."""
        while self._next and (first := self._next[0]).metres <= self._within:
            # A page has an end, but gets somewhere; and what was read is on it.
            is_enough = self._looked >= MOST_SQUARES or self._examined >= MOST_EXAMINED
            if is_enough and first.listing is None and first.metres > self._since:
                return self._found, f"{far(first.metres)}.{LAST}"
            if not first.is_exact:
                await self._look_into(heappop(self._next).key)
                continue
            end = await self._take(self._as_far_as(first.metres))
            if len(self._found) > self._limit:
                page = self._found[: self._limit]
                return page, place(self._near, page[-1])
            if end != END:
                return self._found, f"{far(first.metres)}.{end}"
        return self._found, None

    def _add(self, key: str) -> None:
        nearest, farthest = reach(key, self._near)
        if metres(farthest) + 1 >= self._since:
            is_exact = nearest == farthest
            away = metres(nearest) if is_exact else max(0, metres(nearest) - 1)
            heappush(self._next, _Next(away, is_exact, next(self._numbers), key))

    async def _look_into(self, key: str) -> None:
        """Put what is in a square where it comes, or else the squares in it."""
        self._looked += 1
        part = await self._all_of(key)
        if part is None:
            for smaller in quarters(key):
                self._add(smaller)
            return
        for one in part.listings:
            if one.at is not None:
                away = metres(distance_km(self._near, one.at))
                heappush(self._next, _Next(away, True, next(self._numbers), squares(*one.at)[0], one))

    async def _all_of(self, key: str) -> Part | None:
        """What passes of a square in which little is."""
        number, order = await estimate((key,), self._ctx)
        if number > FEW:
            return None
        part = await gather(self._criteria, order, self._ctx, before=LAST, most=MOST_EXAMINED)
        self._examined += part.examined
        return part if part.end == END else None

    def _as_far_as(self, away: int) -> list[_Next]:
        ring = []
        while self._next and self._next[0].metres == away:
            ring.append(heappop(self._next))
        return ring

    async def _take(self, ring: list[_Next]) -> str:
        """Find those that are as far as each other, the newest first; where to go on, if they are not all."""
        away = ring[0].metres
        if away < self._since:
            return END
        before = self._before if away == self._since else LAST
        if all(one.listing is not None for one in ring):
            there = [one.listing for one in ring if one.listing is not None and one.listing.order < before]
            self._found += sorted(there, key=lambda one: one.order, reverse=True)
            return END
        self._looked += 1
        order = Order(tuple(dict.fromkeys(one.key for one in ring)))
        most = self._limit + 1 - len(self._found)
        part = await gather(self._criteria, order, self._ctx, before=before, most=most)
        self._examined += part.examined
        self._found += part.listings
        return part.end


def place(near: Position, listing: Listing) -> str:
    """Where a listing stands in a list by distance, the greatest first."""
    return f"{far(metres(distance_km(near, listing.at or near)))}.{listing.order}"


def metres(kilometres: float) -> int:
    """Whole ones: what is as far as that counts as equally far."""
    return round(kilometres * 1000)


def far(away: int) -> str:
    """Metres, from the other side of the world: the nearer, the greater."""
    return f"{FARTHEST - away:08d}"


def _read(cursor: str | None) -> tuple[int, str]:
    """From how far on, and of those that are as far before which one."""
    if cursor is None:
        return 0, LAST
    at, _, before = cursor.partition(".")
    if not (at.isascii() and at.isdigit()):
        raise Invalid.field("cursor", "Take it from a page of this list.")
    return FARTHEST - int(at), before
