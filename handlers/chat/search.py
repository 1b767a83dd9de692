"""Finding one's own messages by their words."""

import asyncio
from itertools import chain
from typing import Annotated

from pydantic import StringConstraints

from handlers.chat.access import access_thread
from handlers.chat.terms import terms
from handlers.context import Context
from handlers.errors import Invalid
from handlers.models import Clean, Cursor, Limit, Query, ThreadId
from handlers.views import MessageView, Page
from store.messages import Message

# How many of one's conversations, the last active first, a search looks into.
MOST_THREADS = 200
# A lone word may be the beginning of one: then each of so many conversations is looked into by itself.
MOST_THREADS_BY_PREFIX = 20
MOST_CANDIDATES = 1000


class SearchMessages(Query):
    """Which words; the last one may be the beginning of a word."""

    q: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100), Clean]
    thread_id: ThreadId | None = None
    cursor: Cursor | None = None
    limit: Limit = 30


async def search_messages(query: SearchMessages, ctx: Context) -> Page[MessageView]:
    """Find messages in your conversations that hold every word, the newest first; accents and case do not matter."""
    words = terms(query.q)
    if not words:
        raise Invalid.field("q", "There is no word in it.")
    thread_ids = await _where(query, ctx)
    found = [
        message
        for message in await _candidates(thread_ids, words, ctx)
        if (query.cursor is None or message.id < query.cursor) and _holds(message, words)
    ]
    page = found[: query.limit]
    threads = {thread.id: thread for thread in await ctx.store.threads.among({one.thread_id for one in page})}
    return Page(
        items=[MessageView.of(message, threads[message.thread_id]) for message in page],
        next_cursor=page[-1].id if len(found) > query.limit else None,
    )


async def _where(query: SearchMessages, ctx: Context) -> list[str]:
    if query.thread_id is not None:
        return [(await access_thread(query.thread_id, ctx)).id]
    return await ctx.store.threads.ids_of_person(ctx.actor.user_id, limit=MOST_THREADS)


async def _candidates(thread_ids: list[str], words: tuple[str, ...], ctx: Context) -> list[Message]:
    *whole, last = words
    if whole:
        rarest = max(whole, key=len)
        keys = [f"{thread}:{rarest}" for thread in thread_ids]
        return await ctx.store.messages.found_by(keys, limit=MOST_CANDIDATES)
    parts = await asyncio.gather(
        ctx.store.messages.found_by([f"{thread}:{last}" for thread in thread_ids], limit=MOST_CANDIDATES),
        *(
            ctx.store.messages.found_by_prefix(f"{thread}:{last}", limit=MOST_CANDIDATES)
            for thread in thread_ids[:MOST_THREADS_BY_PREFIX]
        ),
    )
    return sorted({one.id: one for one in chain(*parts)}.values(), key=lambda one: one.id, reverse=True)


def _holds(message: Message, words: tuple[str, ...]) -> bool:
    *whole, last = words
    held = {key.partition(":")[2] for key in message.found_by}
    return all(word in held for word in whole) and any(word.startswith(last) for word in held)
