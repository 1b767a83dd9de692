"""What somebody looks for among offers and requests, and whether one of them is it.

A question is asked of the database by one of its conditions, and each listing that comes back is judged by all: the
same judgement tells whose saved search a new one answers.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Annotated, NamedTuple, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from handlers.models import Asked, Clean, Language, Line, UserId
from store.areas import Box, Position, around, covering, distance_km, is_within
from store.gigs import Kind
from store.listings import EVERYTHING, Listing
from store.profiles import Mode
from store.skill_directory import fold, load_directory
from store.terms import beginning, stems, terms
from store.users import Level

MOST_WORDS = 10
MOST_IN_A_NAME = 4
# What a word says by where it stands.
IN_HEAD, IN_LABELS, IN_BODY = 4, 2, 1

Tags = Annotated[
    tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32), Clean], ...],
    Field(max_length=10, description="Each of them; in an address with commas between."),
    BeforeValidator(lambda value: value.split(",") if isinstance(value, str) else value),
]
Degrees = Annotated[float, Field(allow_inf_nan=False)]
West = Annotated[Degrees, Field(ge=-180, le=180)]
South = Annotated[Degrees, Field(ge=-90, le=90)]
Corners = Annotated[
    tuple[West, South, West, South],
    Field(description="West, south, east, north, in degrees; in an address with commas between."),
    BeforeValidator(lambda value: value.split(",") if isinstance(value, str) else value),
]


class Condition(NamedTuple):
    """One thing that is asked for: only listings with one of the keys can meet it, and those that do, pass."""

    keys: tuple[str, ...]
    passes: Callable[[Listing], bool]


class Somewhere(Asked):
    """Perhaps somewhere on the map."""

    lat: Annotated[Degrees, Field(ge=-90, le=90)] | None = Field(default=None, description="Near here, with `lon`.")
    lon: Annotated[Degrees, Field(ge=-180, le=180)] | None = None

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("Give both `lat` and `lon`, or neither.")
        return self

    @property
    def near(self) -> Position | None:
        """Around where, longitude first."""
        return None if self.lat is None or self.lon is None else (self.lon, self.lat)


class Filters(Somewhere):
    """What is looked for; all of it has to be so."""

    search: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), Clean] | None = Field(
        default=None, description="Words; the last one may be the beginning of one, from three letters on."
    )
    category: Line | None = None
    skill: Line | None = Field(default=None, description="Offered or sought, by any of its names.")
    offered_skill: Line | None = None
    desired_skill: Line | None = None
    tags: Tags = ()
    mode: Mode | None = Field(default=None, description="What is possible in both ways is found by either.")
    level: Level | None = None
    language: Language | None = None
    kind: Kind | None = None
    created_by: UserId | None = None
    location: Line | None = Field(default=None, description="The name of a place, by all of its words.")
    radius_km: Annotated[Degrees, Field(gt=0, le=500)] | None = Field(default=None, description="25 if left out.")
    box: Corners | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.radius_km is not None and self.lat is None:
            raise ValueError("`radius_km` is around `lat` and `lon`.")
        if self.box is not None and self.box[1] > self.box[3]:
            raise ValueError("`box` is west, south, east, north: its south lies north of its north.")
        return self

    @property
    def within_km(self) -> float:
        """Up to how far from there."""
        return 25.0 if self.radius_km is None else self.radius_km

    @property
    def words(self) -> tuple[str, ...]:
        """The words that are looked for."""
        return terms(self.search or "", most=MOST_WORDS)


class Criteria:
    """Filters as conditions. Anything is found by the first, which everything meets."""

    def __init__(self, filters: Filters) -> None:
        self._forms = [_forms(place, filters) for place in range(len(filters.words))]
        self.conditions = (_keyed(EVERYTHING), *self._conditions(filters))

    def passes(self, listing: Listing) -> bool:
        """Whether a listing is what is looked for."""
        return all(condition.passes(listing) for condition in self.conditions)

    def weight(self, listing: Listing) -> int:
        """How much what is looked for is what a listing is about: by where each word stands in it."""
        return sum(max(_places(listing, forms), default=0) for forms in self._forms)

    def _conditions(self, filters: Filters) -> Iterator[Condition]:
        for forms in self._forms:
            yield _worded(forms)
        key_of = load_directory().key_of
        if filters.skill is not None:
            yield _keyed(f"skill:{key_of(filters.skill)}")
        if filters.offered_skill is not None:
            yield _keyed(f"offers:{key_of(filters.offered_skill)}")
        if filters.desired_skill is not None:
            yield _keyed(f"wants:{key_of(filters.desired_skill)}")
        for tag in filters.tags:
            yield _keyed(f"tag:{fold(tag)}")
        if filters.created_by is not None:
            yield _keyed(f"by:{filters.created_by}")
        for word in terms(filters.location or "", most=MOST_WORDS):
            yield _keyed(f"place:{word}")
        if (near := filters.near) is not None:
            yield _near(near, filters.within_km)
        if filters.box is not None:
            yield _within(filters.box)
        for name in ("category", "level", "mode", "language", "kind"):
            if (value := getattr(filters, name)) is not None:
                yield _keyed(f"{name}:{value}")


class Forms(NamedTuple):
    """A word as it may be found: by its stems, as the beginning of another, and as the name of a skill."""

    stems: tuple[str, ...]
    begins: str | None
    skills: tuple[str, ...]
    keys: tuple[str, ...]


def _forms(place: int, filters: Filters) -> Forms:
    word = filters.words[place]
    found = stems(word, () if filters.language is None else (filters.language,))
    key = beginning(word) if place == len(filters.words) - 1 else None
    skills = tuple(dict.fromkeys(_skills(filters.words, place)))
    return Forms(found, None if key is None else word, skills, (*found, *(() if key is None else (key,)), *skills))


def _skills(words: Sequence[str], place: int) -> Iterator[str]:
    """The keys of the skills of whose name a word is a part, alone or with those beside it: JS, Java Script."""
    for length in range(1, MOST_IN_A_NAME + 1):
        for start in range(max(0, place - length + 1), min(place, len(words) - length) + 1):
            known = load_directory().named(" ".join(words[start : start + length]))
            # What offers it has the directory's own name for it among its labels, and is found by that.
            if known is not None and not {*stems(words[place])} & {*chain(*map(stems, terms(known.name)))}:
                yield f"skill:{known.key}"


def _places(listing: Listing, forms: Forms) -> Iterator[int]:
    """What the places count where a listing has a word."""
    if any(map(listing.has, forms.skills)):
        yield IN_LABELS
    for text, weight in ((listing.head, IN_HEAD), (listing.labels, IN_LABELS), (listing.body, IN_BODY)):
        may_begin = forms.begins is not None and weight > IN_BODY
        if any(f"/{stem}/" in text for stem in forms.stems) or (may_begin and f" {forms.begins}" in text):
            yield weight


def _worded(forms: Forms) -> Condition:
    return Condition(forms.keys, lambda listing: any(_places(listing, forms)))


def _keyed(key: str) -> Condition:
    return Condition((key,), lambda listing: listing.has(key))


def _near(near: Position, within_km: float) -> Condition:
    keys = around(*near, within_km)
    return Condition(keys, lambda listing: listing.at is not None and distance_km(near, listing.at) <= within_km)


def _within(box: Box) -> Condition:
    keys = covering(box) or (EVERYTHING,)
    return Condition(keys, lambda listing: listing.at is not None and is_within(box, listing.at))
