"""Opening conversations and listing one's own."""

from typing import Annotated

from pydantic import Field

from handlers.chat.access import access_membership, access_thread
from handlers.context import Context, people
from handlers.errors import EmailUnconfirmed, Invalid
from handlers.events.chat import ThreadCreated
from handlers.models import Creating, Cursor, Id, Limit, Line, Query, ThreadId, UserId
from handlers.views.base import Page
from handlers.views.chat import ThreadView
from handlers.visibility import contacts
from store.ids import new_id
from store.memberships import Membership
from store.repository import order_of
from store.threads import Kind, Thread

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
    await require_known(everybody[1:], ctx)
    is_pair = len(everybody) == 2 and command.title is None
    pair_key = ":".join((*sorted(everybody), command.gig or "", command.swap or "")) if is_pair else None
    if pair_key is not None and (existing := await ctx.store.threads.of_pair(pair_key)):
        return ThreadView.of(existing, await access_membership(existing.id, ctx), reader=ctx.actor.user_id)
    thread_id = new_id()
    thread = Thread(
        id=thread_id,
        kind=Kind.PAIR if is_pair else Kind.GROUP,
        pair_key=pair_key,
        title=command.title,
        participants=everybody,
        admins=() if is_pair else (ctx.actor.user_id,),
        gig=command.gig,
        swap=command.swap,
        shown_to=everybody,
        created_by=ctx.actor.user_id,
        created_at=ctx.now,
        activity_at=ctx.now,
        order=order_of(ctx.now, thread_id),
    )
    await ctx.store.threads.insert(thread)
    members = [
        Membership(id=f"{thread.id}:{person}", thread_id=thread.id, user_id=person, joined_at=ctx.now)
        for person in everybody
    ]
    await ctx.store.memberships.insert_all(members)
    views = {mine.user_id: ThreadView.of(thread, mine, reader=mine.user_id) for mine in members}
    for person, view in views.items():
        ctx.emit(ThreadCreated(thread=view), to=people(person))
    return views[ctx.actor.user_id]


async def list_threads(query: ListThreads, ctx: Context) -> Page[ThreadView]:
    """Your conversations, the last active first, with their last message and what you have not read."""
    me = ctx.actor.user_id
    threads = await ctx.store.threads.of_person(me, archived=query.archived, before=query.cursor, limit=query.limit + 1)
    page = threads[: query.limit]
    mine = await ctx.store.memberships.of_person(me, [thread.id for thread in page])
    views = [ThreadView.of(thread, mine[thread.id], reader=me) for thread in page if thread.id in mine]
    return Page(items=views, next_cursor=page[-1].order if len(threads) > query.limit else None)


async def get_thread(query: GetThread, ctx: Context) -> ThreadView:
    """One of your conversations."""
    thread = await access_thread(query.thread_id, ctx)
    return ThreadView.of(thread, await access_membership(thread.id, ctx), reader=ctx.actor.user_id)


async def require_known(others: tuple[str, ...], ctx: Context) -> None:
    """Refuse ids that belong to nobody; and strangers, if the actor has not confirmed who they are."""
    known = {user.id: user for user in await ctx.store.users.among((ctx.actor.user_id, *others))}
    if unknown := [person for person in others if person not in known or known[person].erased_at is not None]:
        raise Invalid.field("participants", f"There is no person {unknown[0]}.", code="not_found")
    me = known.get(ctx.actor.user_id)
    if me is not None and me.owned_email is None and not {*others} <= await contacts(me.id, ctx):
        raise EmailUnconfirmed("Confirm your e-mail address first, by the link in the letter that you were sent.")
