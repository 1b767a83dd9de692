"""Finding discussions by their words: those of the title, the tags and the first post, whatever the case or accents."""

from collections.abc import Iterable

from handlers.context import Context
from handlers.errors import Invalid
from handlers.terms import beginning, holds, keys
from store.discussions import Discussion
from store.terms import terms

# At so many that may have the words is looked for one page.
MOST_CANDIDATES = 200
SCOPE = "forum"


def words_of(title: str, tags: Iterable[str], text: str) -> tuple[str, ...]:
    """The keys by which a discussion is found."""
    return keys(SCOPE, " ".join((title, *tags, text)))


async def search(
    q: str, ctx: Context, *, category_id: str | None, tag: str | None, before: str | None, limit: int
) -> tuple[list[Discussion], str | None]:
    """Discussions that hold every word, the newest first, and where to go on if there may be more."""
    words, key = sought(q)
    looked = await ctx.store.discussions.found(key, before=before, limit=MOST_CANDIDATES)
    found = [
        one
        for one in looked
        if one.is_listed
        and category_id in (None, one.category_id)
        and (tag is None or tag in one.tag_keys)
        and holds(one.found_by, words)
    ]
    if len(found) > limit:
        return found[:limit], found[limit - 1].newest
    return found, looked[-1].newest if len(looked) == MOST_CANDIDATES else None


def sought(q: str) -> tuple[tuple[str, ...], str]:
    """The words that are looked for, and the key by which to look: the rarest of them, as far as one can tell."""
    words = terms(q)
    if not words or words == (words[0][:1],):
        raise Invalid.field("q", "There is no word of two letters in it.")
    *whole, last = words
    return words, f"{SCOPE}:{max(whole, key=len) if whole else beginning(last)}"
