"""Squares of the map: whatever lies in a circle lies in one of those that are read for it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.areas import around, distance_km, positions_around, squares

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


@given(longitudes, latitudes.filter(lambda degrees: abs(degrees) < 85), st.sampled_from((5, 25, 50)), beside)
def test_every_position_in_a_circle_is_told_with_its_distance(
    longitude: float, latitude: float, radius: int, steps: tuple[int, int]
) -> None:
    other = (round((longitude + steps[0] / 100 + 180) % 360 - 180, 1), round(latitude + steps[1] / 100, 1))
    away = distance_km((longitude, latitude), other)
    if away < radius - 0.01:
        told = {key: kilometres for kilometres, key in positions_around(longitude, latitude, radius)}
        assert abs(told[squares(*other)[0]] - away) < 1e-6


def test_distances_are_those_of_the_map() -> None:
    berlin, paris = (13.4, 52.5), (2.3, 48.9)
    assert distance_km(berlin, paris) == pytest.approx(878, rel=0.01)
    assert distance_km((180.0, 0.0), (-180.0, 0.0)) < 1e-6
