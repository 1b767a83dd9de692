"""Squares of the map, in sizes that double: what lies in one is found by its key, without looking at the rest.

A circle lies in at most four squares of one size, so that a search around a place reads those and no others.
"""

import math

# Of a degree; positions are kept to this much.
STEP = 0.1
SIZES = tuple(STEP * 2**power for power in range(9))
KM_PER_DEGREE = 111.195
# Whoever lives in one square of this size lives in one area: some 180 kilometres from south to north, and less across.
AREA = SIZES[4]

# A box is looked for in so many squares at most.
MOST_SQUARES = 6

Position = tuple[float, float]
# West, south, east, north; over the date line west is greater than east.
Box = tuple[float, float, float, float]


def squares(longitude: float, latitude: float) -> tuple[str, ...]:
    """The keys of the squares that a position lies in, the smallest first."""
    return tuple(_key(size, *_cell(_within_world(longitude), latitude, size)) for size in SIZES)


def area_of(longitude: float, latitude: float) -> str:
    """The key of the area in which a position lies."""
    return _key(AREA, *_cell(_within_world(longitude), latitude, AREA))


def corners(key: str) -> Box:
    """The box of all positions that a square holds, as far as it lies in the world."""
    steps, column, row = _read(key)
    (west, east), (south, north) = (
        (round(first * steps * STEP, 1), round((first * steps + steps - 1) * STEP, 1)) for first in (column, row)
    )
    # The date line itself is its western end.
    return max(-180.0, west), max(-90.0, south), min(180.0 - STEP, east), min(90.0, north)


def around(longitude: float, latitude: float, radius_km: float) -> tuple[str, ...]:
    """The keys of the squares of one size that hold a circle."""
    high, wide = _half_spans(latitude, radius_km)
    box = (longitude - wide, max(-90.0, latitude - high), longitude + wide, min(90.0, latitude + high))
    size = next((size for size in SIZES if size >= 2 * max(high, wide)), SIZES[-1])
    return _keys(size, _columns_and_rows(box, size))


def covering(box: Box) -> tuple[str, ...] | None:
    """The keys of the squares of one size that hold a box; None of one so large that it leaves out little."""
    west, south, east, north = box
    unrolled = (west, south, east if west <= east else east + 360, north)
    for size in SIZES:
        columns, rows = _columns_and_rows(unrolled, size)
        if len(columns) * len(rows) <= MOST_SQUARES:
            return _keys(size, (columns, rows))
    return None


def is_within(box: Box, at: Position) -> bool:
    """Whether a position lies in a box, also in one over the date line; an edge belongs to it."""
    west, south, east, north = box
    east = east if west <= east else east + 360
    return south <= at[1] <= north and any(west <= at[0] + turn <= east for turn in (-360, 0, 360))


def reach(key: str, at: Position) -> tuple[float, float]:
    """Between how many kilometres from a position all those lie that a square holds; of one it is twice that."""
    steps, column, row = _read(key)
    half = (steps - 1) / 2
    middle = (round((column * steps + half) * STEP, 2), round((row * steps + half) * STEP, 2))
    # No way from its middle is longer than one along a meridian, and on along a parallel.
    widest = math.cos(math.radians(max(0.0, abs(middle[1]) - half * STEP)))
    longest = half * STEP * (1 + widest) * KM_PER_DEGREE
    away = distance_km(at, middle)
    return away - longest, away + longest


def quarters(key: str) -> tuple[str, ...]:
    """The four squares of half the size that hold what a square does; of one position alone there are none."""
    steps, column, row = _read(key)
    if steps == 1:
        return ()
    return tuple(f"@{steps // 2}:{2 * column + x}:{2 * row + y}" for x in (0, 1) for y in (0, 1))


def distance_km(one: Position, other: Position) -> float:
    """Along the surface, between two positions, longitude first."""
    (x1, y1), (x2, y2) = (map(math.radians, position) for position in (one, other))
    half = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * math.degrees(math.asin(min(1.0, math.sqrt(half)))) * KM_PER_DEGREE


def _half_spans(latitude: float, radius_km: float) -> tuple[float, float]:
    """Degrees from the middle of a circle to its edge: northwards, and eastwards where it is widest."""
    high = radius_km / KM_PER_DEGREE + 1e-6
    edge = abs(latitude) + high
    if edge >= 90:
        return high, 180.0
    return high, math.degrees(math.asin(min(1.0, math.sin(math.radians(high)) / math.cos(math.radians(latitude)))))


def _columns_and_rows(box: Box, size: float) -> tuple[range, range]:
    """Which squares of a size hold a box, whose east may lie beyond the date line."""
    (left, low), (right, top) = _cell(box[0], box[1], size), _cell(box[2], box[3], size)
    return range(left, min(right, left + round(360 / size)) + 1), range(low, top + 1)


def _keys(size: float, squares: tuple[range, range]) -> tuple[str, ...]:
    # Beyond the date line they begin again from the west; a square may there be cut, and have two keys.
    cells = {(column, row) for x in squares[0] for column in _same(x, size) for row in squares[1]}
    return tuple(_key(size, *cell) for cell in sorted(cells))


def _cell(longitude: float, latitude: float, size: float) -> tuple[int, int]:
    # Positions are multiples of the step: half a step beside them no rounding changes the square.
    return math.floor((longitude + STEP / 2) / size), math.floor((latitude + STEP / 2) / size)


def _same(column: int, size: float) -> set[int]:
    """The columns that lie where this one does, once around the world."""
    west, east = column * size, (column + 1) * size
    turns = (360.0, -360.0)
    found = {column}
    for turn in turns:
        if west + turn < 180 + STEP and east + turn > -180 - STEP:
            found |= {math.floor((west + turn + STEP / 2) / size), math.floor((east + turn - STEP / 2) / size)}
    return found


def _within_world(longitude: float) -> float:
    return round((longitude + 180) % 360 - 180, 1)


def _key(size: float, column: int, row: int) -> str:
    return f"@{round(size / STEP)}:{column}:{row}"


def _read(key: str) -> tuple[int, int, int]:
    steps, column, row = key.removeprefix("@").split(":")
    return int(steps), int(column), int(row)
