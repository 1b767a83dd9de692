"""Offers and requests made up by chance, the same for the same number: words as frequent as in a language, many in
few cities, all through two years."""

import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from store.gigs import Gig, GigSkill, Kind, Status
from store.profiles import Mode
from store.repository import order_of
from store.skill_directory import load_directory
from store.users import Level, Place, Point

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LANGUAGES = ("en", "de", "fr", "es")
CITIES = (
    (13.4, 52.5),
    (11.6, 48.1),
    (2.3, 48.9),
    (-3.7, 40.4),
    (-0.1, 51.5),
    (16.4, 48.2),
    (4.9, 52.4),
    (180.0, -16.8),
)
SYLLABLES = (
    "ba",
    "co",
    "di",
    "fu",
    "gre",
    "hal",
    "jo",
    "ki",
    "lan",
    "mo",
    "ne",
    "pra",
    "qui",
    "ro",
    "sta",
    "tu",
    "ver",
)
DIRECTORY = load_directory()
SKILLS = tuple(
    dict.fromkeys(
        found.name for letter in "abcdefghijklmnopqrstuvwxyz" for found in DIRECTORY.suggest(letter, limit=12)
    )
)
MEETING = (Mode.ONLINE, Mode.OFFLINE, Mode.BOTH)


def word(number: int) -> str:
    """The so-manieth word of a language that nobody speaks, the frequent ones first and short."""
    text = ""
    number += 1
    while number:
        number, syllable = divmod(number, len(SYLLABLES))
        text += SYLLABLES[syllable]
    return text


WORDS = tuple(word(number) for number in range(8000))
# As Zipf found it.
OFTEN = tuple(accumulate(1 / (rank + 3) for rank in range(len(WORDS))))


def a_gig(number: int, *, now: datetime = NOW, total: int = 1000) -> Gig:
    """The so-manieth offer or request of a market with so many."""
    chance = random.Random(number)
    published = now - timedelta(days=80) * (1 - number / total)
    id_ = f"{number:024x}"
    mode = chance.choice(MEETING)
    longitude, latitude = chance.choices(CITIES, (30, 15, 12, 10, 10, 8, 8, 1))[0]
    point = Point(coordinates=(_around(chance, longitude, 180), _around(chance, latitude, 90)))
    said = chance.choices(WORDS, cum_weights=OFTEN, k=24)
    skills = tuple(GigSkill.called(name) for name in chance.sample(SKILLS, 3))
    known = DIRECTORY.get(skills[0].key)
    return Gig(
        id=id_, created_by=f"{chance.randrange(max(1, total // 3)):024x}", kind=chance.choice(tuple(Kind)),
        title=" ".join(said[:4]), description=" ".join(said[4:]), offered_skills=skills[:2], desired_skills=skills[2:],
        mode=mode, category=None if known is None else known.category, tags=tuple(dict.fromkeys(said[:2])),
        level=chance.choice((None, *Level)), languages=(chance.choices(LANGUAGES, (6, 4, 2, 1))[0],),
        location=None if mode is Mode.ONLINE else Place(label="Here", point=point), status=Status.ACTIVE,
        expires_at=now + timedelta(days=30), created_at=published, updated_at=published,
        order=order_of(published, id_),
    )  # fmt: skip


def _around(chance: random.Random, degrees: float, most: float) -> float:
    return max(-most, min(most, degrees + chance.gauss(0, 0.3)))
