"""Load and authorise in one call: you cannot hold what you may not touch.

To a stranger a conversation does not exist.
"""

from handlers.context import Context
from handlers.conversations import no_such_thread
from handlers.errors import NotFound
from store.memberships import Membership, membership_id
from store.messages import Message
from store.threads import Thread


async def access_thread(thread_id: str, ctx: Context) -> Thread:
    """A conversation that the actor takes part in."""
    thread = await ctx.store.threads.get(thread_id)
    if thread is None or ctx.actor.user_id not in thread.participants:
        raise no_such_thread()
    return thread


async def access_membership(thread_id: str, ctx: Context) -> Membership:
    """The actor's own marks in a conversation they take part in."""
    membership = await ctx.store.memberships.get(membership_id(thread_id, ctx.actor.user_id))
    if membership is None:
        raise no_such_thread()
    return membership


async def access_message(thread_id: str, message_id: str, ctx: Context) -> tuple[Thread, Message]:
    """A message of a conversation that the actor takes part in."""
    thread = await access_thread(thread_id, ctx)
    message = await ctx.store.messages.get(message_id)
    if message is None or message.thread_id != thread.id:
        raise NotFound("There is no such message.")
    return thread, message
