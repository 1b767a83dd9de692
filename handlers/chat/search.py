"""Finding one's own messages by their words."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Annotated, NamedTuple

from pydantic import StringConstraints

from handlers.chat.access import access_thread
from handlers.context import Context
from handlers.errors import Invalid
from handlers.models import Clean, Cursor, Limit, Query, ThreadId
from handlers.terms import beginning, holds
from handlers.views.base import Page
from handlers.views.chat import MessageView
from store.messages import Message
from store.terms import terms

# A search looks into so many conversations of a person at all, and into so many of them for one page,
MOST_THREADS = 1000
THREADS_AT_ONCE = 50
# at so many messages in each that may have the words.
MOST_CANDIDATES = 200

FIRST_TIME = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
MOST_DIGITS = 14
# After every message there can be.
LAST = (10**MOST_DIGITS - 1, "")


class SearchMessages(Query):
    """Which words; the last one may be the beginning of a word."""

    q: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100), Clean]
    thread_id: ThreadId | None = None
    cursor: Cursor | None = None
    limit: Limit = 30


class Place(NamedTuple):
    """Where a search goes on: from which conversation on, and in the first of them before which message."""

    thread_id: str
    at: int
    message_id: str

    @classmethod
    def read(cls, cursor: str) -> "Place":
        """From a cursor of ours; anything else is refused."""
        thread_id, *rest = cursor.split(".")
        if len(rest) != 2 or not (rest[0].isascii() and rest[0].isdigit() and len(rest[0]) <= MOST_DIGITS):
            raise Invalid.field("cursor", "Take it from a page of this search.")
        return cls(thread_id, int(rest[0]), rest[1])

    def __str__(self) -> str:
        return ".".join(map(str, self))


async def search_messages(query: SearchMessages, ctx: Context) -> Page[MessageView]:
    """Find messages in your conversations that hold every word, the newest first; accents and case do not matter.

    A page may hold fewer than asked for, or none, and still have one after it: go on while there is a `next_cursor`.
    """
    words = terms(query.q)
    if not words or words == (words[0][:1],):
        raise Invalid.field("q", "There is no word of two letters in it.")
    place = None if query.cursor is None else Place.read(query.cursor)
    thread_ids = [one for one in await _where(query, ctx) if place is None or one <= place.thread_id]
    found, rest = await _look(thread_ids[:THREADS_AT_ONCE], words, place, ctx)
    page = found[: query.limit]
    if len(found) > len(page):
        rest = Place(thread_ids[0], *_order(page[-1]))
    elif rest is None and len(thread_ids) > THREADS_AT_ONCE:
        rest = Place(thread_ids[THREADS_AT_ONCE], *LAST)
    threads = {thread.id: thread for thread in await ctx.store.threads.among({one.thread_id for one in page})}
    items = [MessageView.of(message, threads[message.thread_id]) for message in page]
    return Page(items=items, next_cursor=None if rest is None else str(rest))


async def _where(query: SearchMessages, ctx: Context) -> list[str]:
    if query.thread_id is not None:
        return [(await access_thread(query.thread_id, ctx)).id]
    # By their ids, which do not change while somebody pages through what is found.
    return sorted(await ctx.store.threads.ids_of_person(ctx.actor.user_id, limit=MOST_THREADS), reverse=True)


async def _look(
    thread_ids: list[str], words: tuple[str, ...], place: Place | None, ctx: Context
) -> tuple[list[Message], Place | None]:
    """What is found in these conversations, and where to go on if not all of it could be looked at."""
    *whole, last = words
    key = max(whole, key=len) if whole else beginning(last)
    before = LAST if place is None else place[1:]
    until = FIRST_TIME + before[0] * MILLISECOND
    looked = await asyncio.gather(
        *(ctx.store.messages.found_by(f"{one}:{key}", until=until, limit=MOST_CANDIDATES) for one in thread_ids)
    )
    # Beyond it there may be messages that were not looked at.
    horizon = max((_order(rows[-1]) for rows in looked if len(rows) == MOST_CANDIDATES), default=None)
    found = [
        message
        for message in chain(*looked)
        if _order(message) < before
        and (horizon is None or _order(message) >= horizon)
        and holds(message.found_by, words)
    ]
    found.sort(key=_order, reverse=True)
    return found, None if horizon is None else Place(thread_ids[0], *horizon)


def _order(message: Message) -> tuple[int, str]:
    return (message.created_at - FIRST_TIME) // MILLISECOND, message.id
