"""The skills known by name, and by what else people call them.

A skill has one key for good, whatever it is called and in whatever language; what is not here has a key as well.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

ROWS = Path(__file__).with_name("skills.tsv")
# No key of a known skill begins so: a skill that becomes known later takes no free text's key.
FREE = "~"
# Not the signs that are part of a name: + and # tell C++ and C# from C.
BETWEEN_WORDS = re.compile(r"[-./(&]+")
# Sorts after whatever else can follow a beginning.
LAST = chr(0x10FFFF)


class Fit(IntEnum):
    """How well a skill fits the beginning that was typed, the best first."""

    EXACT = 0
    NAME = 1
    ALIAS = 2
    INNER_WORD = 3


@dataclass(frozen=True, slots=True)
class DirectorySkill:
    """A known skill: the key stays for ever, names and aliases may be corrected."""

    key: str
    name: str
    category: str
    aliases: tuple[str, ...]


class SkillDirectory:
    """Finds known skills by key, by any of their names, and by how a name begins."""

    def __init__(self, skills: Iterable[DirectorySkill]) -> None:
        self._by_key = {skill.key: skill for skill in skills}
        self.categories = tuple(dict.fromkeys(skill.category for skill in self._by_key.values()))
        self._by_spelling: dict[str, DirectorySkill] = {}
        for skill in self._by_key.values():
            for text in (skill.key, skill.name, *skill.aliases):
                other = self._by_spelling.setdefault(_spelling(text), skill)
                if other is not skill:
                    raise ValueError(f"{text!r} is both {other.key} and {skill.key}.")
        # A place in the alphabet stands for a skill, so that typing a letter sorts some hundred numbers and no texts.
        self._by_place = sorted(self._by_key.values(), key=lambda skill: fold(skill.name))
        self._places = {skill.key: place for place, skill in enumerate(self._by_place)}
        self._beginnings = sorted(
            {(text, fit, place) for place, skill in enumerate(self._by_place) for text, fit in _beginnings(skill)}
        )

    def __len__(self) -> int:
        return len(self._by_key)

    def get(self, key: str) -> DirectorySkill | None:
        """The skill of a key, as it is written."""
        return self._by_key.get(key)

    def named(self, text: str) -> DirectorySkill | None:
        """The skill of which this is the whole name, an alias or the key; case, accents and hyphens do not matter."""
        return self._by_spelling.get(_spelling(text))

    def suggest(self, beginning: str, *, limit: int) -> list[DirectorySkill]:
        """The skills somebody may mean who has typed so far: names that begin so, then aliases, then words within."""
        typed = _spelling(beginning)
        if not typed:
            return []
        fits: dict[int, Fit] = {}
        first, last = (bisect_left(self._beginnings, (text,)) for text in (typed, typed + LAST))
        for _, fit, place in self._beginnings[first:last]:
            if fit < fits.get(place, len(Fit)):
                fits[place] = fit
        if exact := self.named(beginning):
            fits[self._places[exact.key]] = Fit.EXACT
        best = sorted((fit, place) for place, fit in fits.items())
        return [self._by_place[place] for _, place in best[:limit]]

    def of_category(self, category: str, *, after: str | None, limit: int) -> list[DirectorySkill]:
        """The skills of a category by name, from after one of them."""
        first = 0 if after is None else self._places.get(after, len(self)) + 1
        return [skill for skill in self._by_place[first:] if skill.category == category][:limit]

    def key_of(self, text: str) -> str:
        """The key by which skills are compared: a known skill's own, else one that equal texts share."""
        skill = self.named(text)
        return skill.key if skill else FREE + _spelling(text)

    def name_of(self, key: str) -> str:
        """What a skill is called of which no more is known than its key: by it that key is found again."""
        skill = self.get(key)
        return skill.name if skill else key.removeprefix(FREE).replace("-", " ")


def fold(text: str) -> str:
    """The text in lower case, without accents, and with single spaces; signs stay."""
    # Folding case can bring forth marks of its own, as of the Turkish İ.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


@cache
def load_directory() -> SkillDirectory:
    """The directory that comes with SkillNet, read once."""
    _, *rows = ROWS.read_text(encoding="utf-8").splitlines()
    return SkillDirectory(_skill(row) for row in rows)


def _skill(row: str) -> DirectorySkill:
    key, name, category, aliases = row.split("\t")
    return DirectorySkill(key, name, category, tuple(aliases.split("|")) if aliases else ())


def _spelling(text: str) -> str:
    # Whether it is hip-hop or hip hop is nothing that people agree on.
    return fold(text).replace(" ", "-")


def _beginnings(skill: DirectorySkill) -> Iterable[tuple[str, Fit]]:
    for text in (skill.name, *skill.aliases):
        spelling = _spelling(text)
        yield spelling, Fit.NAME if text is skill.name else Fit.ALIAS
        for between in BETWEEN_WORDS.finditer(spelling, 1):
            yield spelling[between.end() :], Fit.INNER_WORD
