"""What staff does with a message that should not be there: it looks as if it were deleted, and can be brought back."""

from handlers.chat.editing import blank, bring_back
from handlers.context import Context
from handlers.errors import NotFound
from handlers.judging import write_down
from store.messages import Message
from store.staff_log import Act
from store.threads import Thread

# Who deleted it, where staff did: nobody whom it concerns is told who that was.
BY_STAFF = "staff"


async def put_message_away(message_id: str, reason: str, ctx: Context) -> str:
    """Hide one, whoever asks, also one whose author may yet take its deletion back; answers whose it is."""
    message, thread = await _access_any(message_id, ctx)
    if message.deleted_at is None:
        await blank(message, thread, ctx, by=BY_STAFF)
    else:
        await ctx.store.messages.change(message.id, {"$set": {"withheld": True}})
    await write_down(Act.MESSAGE_HIDDEN, message.id, ctx, before="", after=reason)
    return message.sender


async def bring_message_back(message_id: str, ctx: Context) -> None:
    """Show one again, unless its author had deleted it."""
    message, thread = await _access_any(message_id, ctx)
    if message.withheld:
        await ctx.store.messages.change(message.id, {"$set": {"withheld": False}})
    elif message.deleted_by == BY_STAFF:
        await bring_back(message, thread, ctx)
    else:
        return
    await write_down(Act.MESSAGE_SHOWN, message.id, ctx, before="", after="")


async def _access_any(message_id: str, ctx: Context) -> tuple[Message, Thread]:
    message = await ctx.store.messages.get(message_id)
    thread = None if message is None else await ctx.store.threads.get(message.thread_id)
    if message is None or thread is None:
        raise NotFound("There is no such message.")
    return message, thread
