"""The words a text is found by, within a scope such as a conversation."""

from collections.abc import Iterable, Sequence

from store.terms import terms

# Letters that are enough to look for words that begin with them.
BEGINNINGS = (2, 3)


def keys(scope: str, text: str) -> tuple[str, ...]:
    """The keys by which a text is found: each word and how it begins, within a scope such as a conversation."""
    words = terms(text)
    beginnings = dict.fromkeys(beginning(word[:length]) for word in words for length in BEGINNINGS)
    return tuple(f"{scope}:{key}" for key in (*words, *beginnings))


def beginning(word: str) -> str:
    """The key of all words that begin as this one, by as many letters as are kept."""
    return f"{word[: max(BEGINNINGS)]}*"


def holds(found_by: Iterable[str], words: Sequence[str]) -> bool:
    """Whether keys are those of a text that has every word, the last one perhaps only as the beginning of one."""
    *whole, last = words
    held = {key.partition(":")[2] for key in found_by}
    return held.issuperset(whole) and any(word.startswith(last) and word[-1] != "*" for word in held)
