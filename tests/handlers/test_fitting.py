"""How well two people fit: the same for both, and never less for more."""

from dataclasses import astuple
from datetime import UTC, datetime
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from handlers.fitting import LEVELS, Fit, fit
from store.profiles import Mode, ShownTo, Visibility
from store.users import KnownSkill, Level, Place, Point, User, trades

NOW = datetime(2026, 11, 26, tzinfo=UTC)
NAMES = ("Chess", "French", "Guitar", "Python", "something that nobody knows")
SPOKEN = ("de", "en", "fr")

skills = st.lists(
    st.builds(KnownSkill.called, st.sampled_from(NAMES), level=st.sampled_from(LEVELS)),
    max_size=4,
    unique_by=lambda skill: skill.key,
).map(tuple)
points = st.builds(
    Point, coordinates=st.tuples(st.floats(-180, 180, allow_nan=False), st.floats(-90, 90, allow_nan=False))
)
places = st.none() | st.builds(Place, label=st.just("there"), point=st.none() | points)
hidden = st.builds(Visibility, place=st.sampled_from(ShownTo), languages=st.sampled_from(ShownTo))


def person(**fields: Any) -> User:
    return User(name="x", email="", email_key="", password_hash=None, created_at=NOW, updated_at=NOW, **fields)


weeks = st.lists(st.integers(0, 20), unique=True).map(tuple)
people = st.builds(
    person,
    mode=st.none() | st.sampled_from(Mode),
    week=weeks,
    teaches=skills,
    wants=skills,
    languages=st.lists(st.sampled_from(SPOKEN), unique=True).map(tuple),
    place=places,
    visibility=hidden,
)


def score(one: User, other: User) -> int:
    found = fit(one, other)
    return -1 if found is None else found.score


@given(people, people)
def test_it_is_the_same_for_both(one: User, other: User) -> None:
    mine, theirs = fit(one, other), fit(other, one)

    assert (mine is None) == (theirs is None)
    if mine is not None and theirs is not None:
        assert mine == theirs.turned()
        assert 0 <= mine.score <= 100


@given(people, people)
def test_the_trades_that_are_asked_for_find_exactly_those_who_fit(one: User, other: User) -> None:
    def keys(known: tuple[KnownSkill, ...]) -> list[str]:
        return [skill.key for skill in known]

    sought = {*trades(keys(one.wants), keys(one.teaches))}
    assert bool(sought & {*trades(keys(other.teaches), keys(other.wants))}) == (fit(one, other) is not None)


@given(people, people, st.sampled_from(NAMES), st.sampled_from(LEVELS))
def test_one_more_thing_to_teach_is_never_worse(one: User, other: User, name: str, level: Level) -> None:
    more = KnownSkill.called(name, level=level)
    assume(more.key not in {skill.key for skill in one.teaches})

    assert score(one.model_copy(update={"teaches": (*one.teaches, more)}), other) >= score(one, other)


@given(people, people)
def test_a_better_teacher_is_never_worse(one: User, other: User) -> None:
    better = tuple(
        skill.model_copy(update={"level": LEVELS[min(LEVELS.index(skill.level) + 1, len(LEVELS) - 1)]})
        for skill in one.teaches
    )
    assert score(one.model_copy(update={"teaches": better}), other) >= score(one, other)


@given(people, people, st.sampled_from(SPOKEN))
def test_a_language_in_common_is_never_worse(one: User, other: User, language: str) -> None:
    more = [who.model_copy(update={"languages": tuple({*who.languages, language})}) for who in (one, other)]

    assert score(*more) >= score(one, other)


@given(people, people, points, points)
def test_nearer_is_never_worse(one: User, other: User, there: Point, elsewhere: Point) -> None:
    here = one.model_copy(update={"visibility": Visibility(), "place": Place(label="here", point=there)})
    placed = [
        other.model_copy(update={"visibility": Visibility(), "place": Place(label="there", point=point)})
        for point in (there, elsewhere)
    ]
    assert score(here, placed[0]) >= score(here, placed[1])


@given(people, people, weeks, st.integers(0, 20))
def test_more_time_and_more_ways_to_meet_are_never_worse(
    one: User, other: User, week: tuple[int, ...], at: int
) -> None:
    """Of two who both said when and how, the more they leave open."""
    there = other.model_copy(update={"week": (20, *week), "mode": Mode.ONLINE})
    some = one.model_copy(update={"week": (at,), "mode": Mode.OFFLINE})
    more = some.model_copy(update={"week": tuple({*week, at}), "mode": Mode.BOTH})

    assert score(more, there) >= score(some, there)
    if (found := fit(more, there)) is not None:
        assert (found.modes, found.hours) == ((Mode.ONLINE,), len({*week, at} & {20, *week}) // 2)


def test_what_is_not_shown_is_not_used() -> None:
    """Nobody learns from a score, or its reasons, what the other one does not show."""
    place = Place(label="Berlin", point=Point(coordinates=(13.4, 52.5)))
    fields: dict[str, Any] = {"languages": ("de",), "place": place}
    skills = (KnownSkill.called("Chess"),), (KnownSkill.called("Guitar"),)
    one = person(teaches=skills[0], wants=skills[1], **fields)
    shy = Visibility(place=ShownTo.PARTNERS, languages=ShownTo.NOBODY)
    other = person(teaches=skills[1], wants=skills[0], visibility=shy, **fields)

    found = fit(one, other)

    assert found == fit(one, other.model_copy(update={"languages": (), "place": None}))
    assert isinstance(found, Fit) and astuple(found)[3:5] == (None, None)
