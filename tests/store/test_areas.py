"""Squares of the map: whatever lies in a circle lies in one of those that are read for it."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.areas import (
    MOST_SQUARES,
    area_of,
    around,
    corners,
    covering,
    distance_km,
    is_within,
    quarters,
    reach,
    squares,
)

longitudes = st.one_of(st.integers(-1800, 1800), st.sampled_from((-1800, -1799, 1799, 1800))).map(lambda n: n / 10)
latitudes = st.one_of(st.integers(-900, 900), st.sampled_from((-900, 900))).map(lambda n: n / 10)
radii = st.sampled_from((1, 5, 25, 50, 100, 300, 500))
# Most lie near each other: else hardly any would be in a circle.
beside = st.tuples(st.integers(-60, 60), st.integers(-40, 40))


@given(longitudes, latitudes, radii, beside)
@example(179.9, 52.0, 25, (2, 0))
@example(0.0, 89.9, 50, (1800, 0))
def test_a_circle_is_covered_also_at_the_poles_and_beyond_the_date_line(
    longitude: float, latitude: float, radius: int, steps: tuple[int, int]
) -> None:
    other = (
        round((longitude + steps[0] / 10 + 180) % 360 - 180, 1),
        round(max(-90.0, min(90.0, latitude + steps[1] / 10)), 1),
    )
    keys = around(longitude, latitude, radius)
    assert len(keys) <= 32
    if distance_km((longitude, latitude), other) <= radius:
        assert set(keys) & set(squares(*other))


@given(longitudes, latitudes, longitudes, latitudes, beside)
@example(179.9, 80.0, -180.0, 89.9, (0, 0))
def test_a_square_says_how_far_all_that_it_holds_may_be_and_its_quarters_hold_it(
    longitude: float, latitude: float, west: float, south: float, steps: tuple[int, int]
) -> None:
    near = (round((west + steps[0] / 10 + 180) % 360 - 180, 1), round(max(-90.0, min(90.0, south + steps[1] / 10)), 1))
    for here in ((longitude, latitude), (west, south)):
        at = (round((here[0] + 180) % 360 - 180, 1), here[1])
        away, keys = distance_km(near, at), squares(*at)
        for smaller, larger in pairwise(keys):
            assert smaller in quarters(larger)
        for key in keys:
            nearest, farthest = reach(key, near)
            assert nearest - 1e-6 <= away <= farthest + 1e-6
        assert reach(keys[0], near) == (away, away) and quarters(keys[0]) == ()


@given(longitudes, latitudes, st.integers(0, 300), st.integers(0, 200), beside)
@example(179.5, 0.0, 10, 10, (8, 3))
@example(-180.0, 89.9, 300, 1, (0, 0))
def test_a_box_is_covered_also_over_the_date_line(
    west: float, south: float, wide: int, high: int, steps: tuple[int, int]
) -> None:
    east = round((west + wide / 10 + 180) % 360 - 180, 1)
    box = (west, south, east, min(90.0, south + high / 10))
    at = (
        round((west + steps[0] / 10 + 180) % 360 - 180, 1),
        round(max(-90.0, min(90.0, south + steps[1] / 10)), 1),
    )
    keys = covering(box)
    # Where the date line cuts them, squares of one place have up to three keys.
    assert keys is not None and len(keys) <= 3 * MOST_SQUARES
    # Of whole tenths, so that what is rounded on the way round the world stays what it was.
    inside = (round((at[0] - west) * 10) % 3600) <= wide and south <= at[1] <= box[3]
    if inside:
        assert is_within((west - 1e-6, south, east + 1e-6, box[3]), at)
        assert set(keys) & set(squares(*at))


def test_a_box_has_two_sides_and_the_world_has_no_squares() -> None:
    pacific = (170.0, -20.0, -170.0, 20.0)
    assert [is_within(pacific, (x, 0.0)) for x in (169.9, 170.0, 180.0, -180.0, -170.0, -169.9)] == [
        False, True, True, True, True, False,
    ]  # fmt: skip
    assert covering((-180.0, -90.0, 180.0, 90.0)) is None


def test_distances_are_those_of_the_map() -> None:
    berlin, paris = (13.4, 52.5), (2.3, 48.9)
    assert distance_km(berlin, paris) == pytest.approx(878, rel=0.01)
    assert distance_km((180.0, 0.0), (-180.0, 0.0)) < 1e-6


@given(longitudes, latitudes, longitudes, latitudes)
@example(-180.0, -90.0, 180.0, 90.0)
@example(0.0, 51.5, -0.1, 51.5)
def test_an_area_is_what_lies_in_its_corners(x: float, y: float, other_x: float, other_y: float) -> None:
    area = area_of(x, y)
    assert area in squares(x, y) and is_within(corners(area), (x, y))
    assert is_within(corners(area), (other_x, other_y)) == (area_of(other_x, other_y) == area)
