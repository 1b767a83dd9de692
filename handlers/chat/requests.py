"""What strangers ask: it waits until it is answered, accepted or declined. Who asked hears of nothing but an answer."""

from datetime import timedelta

from handlers.account import access_self
from handlers.chat.access import access_membership, access_thread
from handlers.context import Context, people
from handlers.errors import NotAllowedNow
from handlers.events.chat import ThreadUpdated
from handlers.first_contacts import answered, standing_of
from handlers.models import Command, Query, ThreadId
from handlers.views.chat import FirstContactsView, ThreadView
from store.memberships import membership_id
from store.threads import Thread

FOR_GOOD = timedelta(days=36_500)


class GetFirstContacts(Query):
    """Of oneself."""


class AcceptRequest(Command):
    """Which conversation."""

    turn_by = "thread_id"

    thread_id: ThreadId


class DeclineRequest(AcceptRequest):
    """Which conversation."""


async def get_first_contacts(_: GetFirstContacts, ctx: Context) -> FirstContactsView:
    """To how many strangers you may turn. Only those count who have not answered yet, and those for two weeks."""
    return await standing_of(await access_self(ctx), ctx)


async def accept_request(command: AcceptRequest, ctx: Context) -> ThreadView:
    """Let a stranger write on, without a word; in a group, be seen and rung there. To answer does the same."""
    thread = await _access_request(command.thread_id, ctx)
    me = ctx.actor.user_id
    thread = await answered(thread, me, ctx)
    await ctx.store.memberships.change(thread.id, me, {"$set": {"muted_until": None}})
    back = {"$pull": {"archived_by": me}, "$addToSet": {"shown_to": me}}
    thread = await ctx.store.threads.change(thread.id, back) or thread
    for person in thread.participants:
        await _tell(thread, person, ctx)
    return ThreadView.of(thread, await access_membership(thread.id, ctx), reader=me)


async def decline_request(command: DeclineRequest, ctx: Context) -> ThreadView:
    """Put what a stranger asks out of your list, muted; they are not told, and can write no more unless you do."""
    thread = await _access_request(command.thread_id, ctx)
    me = ctx.actor.user_id
    declined = [one.model_copy(update={"declined": True}) if one.to == me else one for one in thread.first]
    await ctx.store.threads.set_first(thread, declined)
    await ctx.store.memberships.change(thread.id, me, {"$set": {"muted_until": ctx.now + FOR_GOOD}})
    away = {"$pull": {"shown_to": me}, "$addToSet": {"archived_by": me}}
    thread = await ctx.store.threads.change(thread.id, away) or thread
    await _tell(thread, me, ctx)
    return ThreadView.of(thread, await access_membership(thread.id, ctx), reader=me)


async def _access_request(thread_id: str, ctx: Context) -> Thread:
    thread = await access_thread(thread_id, ctx)
    if thread.asks(ctx.actor.user_id) is None:
        raise NotAllowedNow("Nobody waits for your answer here.")
    return thread


async def _tell(thread: Thread, person: str, ctx: Context) -> None:
    mine = await ctx.store.memberships.get(membership_id(thread.id, person))
    if mine is not None:
        ctx.emit(ThreadUpdated(thread=ThreadView.of(thread, mine, reader=person)), to=people(person))
