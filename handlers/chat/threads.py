"""Opening conversations and listing one's own."""

from typing import Annotated

from pydantic import Field

from handlers.chat.access import access_membership, access_thread
from handlers.context import Context
from handlers.conversations import begin, pair_key, require_known
from handlers.errors import Invalid
from handlers.models import Creating, Cursor, Id, Limit, Line, Query, ThreadId, UserId
from handlers.views.base import Page
from handlers.views.chat import ThreadView
from store.swaps import Swap

MOST_PARTICIPANTS = 100


class OpenThread(Creating):
    """With whom, and about what. One other person and no title makes a pair; else it is a group."""

    participants: Annotated[
        tuple[UserId, ...],
        Field(min_length=1, max_length=MOST_PARTICIPANTS, description="The others; you are always in it."),
    ]
    title: Line | None = Field(default=None, description="Makes it a group, also with one other person.")
    gig: Id | None = Field(default=None, description="The offer it is about.")
    swap: Id | None = Field(default=None, description="The swap it is about.")


class ListThreads(Query):
    """Which of one's conversations."""

    archived: bool = False
    requests: bool = Field(default=False, description="Only what strangers ask, and you have not answered.")
    cursor: Cursor | None = None
    limit: Limit = 30


class GetThread(Query):
    """Which conversation."""

    thread_id: ThreadId


async def open_thread(command: OpenThread, ctx: Context) -> ThreadView:
    """Open a conversation; two people have one for each offer or swap, and opening it again answers the same."""
    everybody = tuple(dict.fromkeys((ctx.actor.user_id, *command.participants)))
    if len(everybody) < 2:
        raise Invalid.field("participants", "A conversation needs somebody else.")
    await require_known(everybody[1:], ctx, field="participants")
    me = ctx.actor.user_id
    swap = None if command.swap is None else await _access_swap(command.swap, everybody, ctx)
    existing, key = None, None
    if len(everybody) == 2 and command.title is None:
        key = pair_key(*everybody, gig=command.gig)
        # A swap opened its own when it was asked for.
        existing = await (ctx.store.threads.of_pair(key) if swap is None else access_thread(swap.thread_id, ctx))
    if existing is not None:
        return ThreadView.of(existing, await access_membership(existing.id, ctx), reader=me)
    _, views = await begin(everybody, ctx, title=command.title, pair_key=key, gig=command.gig, swap=command.swap)
    return views[me]


async def list_threads(query: ListThreads, ctx: Context) -> Page[ThreadView]:
    """Your conversations, the last active first, with their last message and what you have not read."""
    me = ctx.actor.user_id
    before, limit = query.cursor, query.limit + 1
    if query.requests:
        threads = await ctx.store.threads.asked_of(me, before=before, limit=limit)
    else:
        threads = await ctx.store.threads.of_person(me, archived=query.archived, before=before, limit=limit)
    page = threads[: query.limit]
    mine = await ctx.store.memberships.of_person(me, [thread.id for thread in page])
    views = [ThreadView.of(thread, mine[thread.id], reader=me) for thread in page if thread.id in mine]
    last = None if len(threads) <= query.limit else page[-1].asked_order if query.requests else page[-1].order
    return Page(items=views, next_cursor=last)


async def get_thread(query: GetThread, ctx: Context) -> ThreadView:
    """One of your conversations."""
    thread = await access_thread(query.thread_id, ctx)
    return ThreadView.of(thread, await access_membership(thread.id, ctx), reader=ctx.actor.user_id)


async def _access_swap(swap_id: str, everybody: tuple[str, ...], ctx: Context) -> Swap:
    swap = await ctx.store.swaps.get(swap_id)
    if swap is None or not {*swap.people} <= {*everybody}:
        raise Invalid.field("swap", "There is no such swap between you.", code="not_found")
    return swap
