"""The words a text is found by: folded to lower case without accents, so that a search need not match marks."""

import re
import unicodedata

MOST_TERMS = 200
LONGEST_TERM = 64
WORD = re.compile(r"\w+")


def terms(text: str) -> tuple[str, ...]:
    """The distinct words of a text in their folded form, at most 200 of at most 64 characters."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return tuple(dict.fromkeys(word[:LONGEST_TERM] for word in WORD.findall(plain)))[:MOST_TERMS]


def keys(thread_id: str, text: str) -> tuple[str, ...]:
    """The keys by which a message is found: each word, within its conversation."""
    return tuple(f"{thread_id}:{term}" for term in terms(text))
