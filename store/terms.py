"""The words a text is found by: folded to lower case without accents, and brought to the stem they share.

What is kept and what is asked go through the same functions, so that they meet.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Protocol

import snowballstemmer

MOST_TERMS = 200
LONGEST_TERM = 64
# With the signs that tell C++ and C# from C.
WORD = re.compile(r"\w+[+#]*")

STEMMED = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fi": "finnish", "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
# For every word, since nobody says in which language they search.
ALWAYS = "en"

# Letters by which the beginning of a word is kept.
BEGINNINGS = (3, 5)


class Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - its maker's name


def terms(text: str, *, most: int = MOST_TERMS) -> tuple[str, ...]:
    """The distinct words of a text in their folded form, so many at most, of at most 64 characters."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return tuple(dict.fromkeys(word[:LONGEST_TERM] for word in WORD.findall(plain)))[:most]


def stems(word: str, languages: Iterable[str] = ()) -> tuple[str, ...]:
    """What a word is found by: its stem in English, which needs not be asked for, and in these languages."""
    known = dict.fromkeys(language for language in (ALWAYS, *languages) if language in STEMMED)
    return tuple(dict.fromkeys(_stem(word, language) for language in known))


def beginnings(word: str) -> Iterable[str]:
    """How a word begins, in as many letters as are kept."""
    return (f"{word[:length]}*" for length in BEGINNINGS if len(word) >= length)


def beginning(word: str) -> str | None:
    """The key of all words that may begin as this one; None if it is too short to say."""
    return max(beginnings(word), key=len, default=None)


# A word costs a tenth of a millisecond, and most come again.
@lru_cache(maxsize=20_000)
def _stem(word: str, language: str) -> str:
    return _stemmer(language).stemWord(word)


@cache
def _stemmer(language: str) -> Stemmer:
    """One for each language; they keep nothing of a word."""
    made: Stemmer = snowballstemmer.stemmer(STEMMED[language])
    return made
