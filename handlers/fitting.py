"""How well two people fit, of whom each teaches something that the other one wants to learn.

A pure function of what both say of themselves, and the same whichever of them asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import asin, cos, prod, radians, sin, sqrt

from store.profiles import MEMBERS, Mode
from store.users import KnownSkill, Level, Point, User

# Of a hundred: what they teach each other is most of it.
SKILLS, LANGUAGES, NEARNESS, WAYS, HOURS = 60, 10, 10, 10, 10
# Of what is not known, half is given: neither is anybody punished for silence, nor rewarded.
UNKNOWN = 0.5
# How much of what is left to wish for one lesson fills, by how many levels its teacher is below what is wanted.
FILLS = (0.6, 0.45, 0.3, 0.15)
LEVELS = tuple(Level)
NEAR = ((20, 1.0), (100, 0.75))
FAR = 0.25
# So many hours of a week in which both want to meet are as good as all.
ENOUGH_HOURS = 4
EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """A skill that one teaches and the other wants, as each of them says it."""

    taught: KnownSkill
    wanted: KnownSkill


@dataclass(frozen=True, slots=True)
class Fit:
    """How well two people fit, and why: what one gives and takes; None is not known."""

    score: int
    gives: tuple[Lesson, ...]
    takes: tuple[Lesson, ...]
    languages: tuple[str, ...] | None
    distance_km: int | None
    modes: tuple[Mode, ...] | None
    hours: int | None

    def turned(self) -> "Fit":
        """The same for the other one, who takes what this one gives."""
        return replace(self, gives=self.takes, takes=self.gives)


def fit(one: User, other: User) -> Fit | None:
    """How well two people fit; None unless each has something else to teach the other."""
    gives, takes = lessons(one, other), lessons(other, one)
    if not gives or not takes or len({lesson.taught.key for lesson in (*gives, *takes)}) < 2:
        return None
    languages, distance = _shared_languages(one, other), _distance(one, other)
    skills = sqrt(_strength(gives) * _strength(takes))
    spoken = UNKNOWN if languages is None else float(bool(languages))
    near = UNKNOWN if distance is None else next((worth for km, worth in NEAR if distance <= km), FAR)
    modes, hours = _shared_modes(one, other), _shared_hours(one, other)
    way = UNKNOWN if modes is None else float(bool(modes))
    time = UNKNOWN if hours is None else min(1.0, hours / ENOUGH_HOURS)
    score = round(SKILLS * skills + LANGUAGES * spoken + NEARNESS * near + WAYS * way + HOURS * time)
    return Fit(score, gives, takes, languages, distance, modes, hours)


def lessons(teacher: User, learner: User) -> tuple[Lesson, ...]:
    """What one teaches of what the other wants."""
    wanted = {skill.key: skill for skill in learner.wants}
    return tuple(Lesson(skill, wanted[skill.key]) for skill in teacher.teaches if skill.key in wanted)


def _strength(given: Sequence[Lesson]) -> float:
    # Each lesson fills a part of what is left, so that a second one adds something and never as much as the first.
    return 1 - prod(1 - FILLS[max(0, _rank(lesson.wanted) - _rank(lesson.taught))] for lesson in given)


def _rank(skill: KnownSkill) -> int:
    return LEVELS.index(skill.level)


def _shared_languages(one: User, other: User) -> tuple[str, ...] | None:
    theirs = [person.languages if person.visibility.languages in MEMBERS else () for person in (one, other)]
    return tuple(sorted({*theirs[0]} & {*theirs[1]})) if all(theirs) else None


def _shared_modes(one: User, other: User) -> tuple[Mode, ...] | None:
    """How both like to meet."""
    if one.mode is None or other.mode is None:
        return None
    return tuple(mode for mode in (Mode.ONLINE, Mode.OFFLINE) if {one.mode, other.mode} <= {mode, Mode.BOTH})


def _shared_hours(one: User, other: User) -> int | None:
    """How many hours of a week both want to meet in; what slots they ask each other for tells no less."""
    return len({*one.week} & {*other.week}) // 2 if one.week and other.week else None


def _distance(one: User, other: User) -> int | None:
    """To ten kilometres, as places are kept no finer; of who does not show theirs it says nothing."""
    here, there = shown_point(one), shown_point(other)
    if here is None or there is None:
        return None
    (lon1, lat1), (lon2, lat2) = (map(radians, point.coordinates) for point in (here, there))
    half = sin((lat1 - lat2) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon1 - lon2) / 2) ** 2
    return int(round(2 * EARTH_KM * asin(min(1.0, sqrt(half))), -1))


def shown_point(person: User) -> Point | None:
    """Where somebody lives, if they said it and show it to who is signed in."""
    return person.place.point if person.place is not None and person.visibility.place in MEMBERS else None
