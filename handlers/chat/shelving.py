"""How people keep their conversations in order: muted, archived, pinned, saved. Nobody else hears of it but of pins."""

from collections.abc import Mapping

from pydantic import Field

from handlers.blocking import require_open
from handlers.chat.access import access_membership, access_message, access_thread
from handlers.context import Context, people
from handlers.errors import Forbidden, Invalid, NotFound
from handlers.events.chat import MessagePinned, ThreadUpdated
from handlers.models import Command, Cursor, Limit, MessageId, Moment, Query, ThreadId
from handlers.views.base import Page
from handlers.views.chat import MessageView, ThreadView
from store.repository import order_of
from store.saved import Saved
from store.threads import Kind, Thread

MOST_PINS = 50


class MuteThread(Command):
    """Until when."""

    thread_id: ThreadId
    until: Moment | None = Field(description="No notice of it until then; null hears of it again.")


class ArchiveThread(Command):
    """Which conversation."""

    thread_id: ThreadId


class UnarchiveThread(ArchiveThread):
    """Which conversation."""


class PinMessage(Command):
    """Which message."""

    turn_by = "thread_id"

    thread_id: ThreadId
    message_id: MessageId


class UnpinMessage(PinMessage):
    """Which message."""


class SaveMessage(Command):
    """Which message."""

    thread_id: ThreadId
    message_id: MessageId


class UnsaveMessage(SaveMessage):
    """Which message."""


class ListSaved(Query):
    """Which part of the list."""

    cursor: Cursor | None = None
    limit: Limit = 30


async def mute_thread(command: MuteThread, ctx: Context) -> ThreadView:
    """Mute a conversation until a moment: it goes on, and nothing calls your attention to it."""
    thread = await access_thread(command.thread_id, ctx)
    await ctx.store.memberships.change(thread.id, ctx.actor.user_id, {"$set": {"muted_until": command.until}})
    return await _tell_me(thread, ctx)


async def archive_thread(command: ArchiveThread, ctx: Context) -> ThreadView:
    """Put a conversation out of your list; a new message brings it back, unless it is muted."""
    return await _move(command.thread_id, ctx, out_of="shown_to", into="archived_by")


async def unarchive_thread(command: UnarchiveThread, ctx: Context) -> ThreadView:
    """Put a conversation back into your list."""
    return await _move(command.thread_id, ctx, out_of="archived_by", into="shown_to")


async def pin_message(command: PinMessage, ctx: Context) -> ThreadView:
    """Pin a message for everybody: either of two people may, and the admins of a group."""
    thread, message = await access_message(command.thread_id, command.message_id, ctx)
    _require_pinner(thread, ctx)
    require_open(thread, ctx)
    if message.id not in thread.pinned and len(thread.pinned) >= MOST_PINS:
        raise Invalid.field("message_id", f"At most {MOST_PINS} messages are pinned.")
    return await _pin(thread, {"$addToSet": {"pinned": message.id}}, message.id, ctx, pinned=True)


async def unpin_message(command: UnpinMessage, ctx: Context) -> ThreadView:
    """Take a pin away."""
    thread, message = await access_message(command.thread_id, command.message_id, ctx)
    _require_pinner(thread, ctx)
    return await _pin(thread, {"$pull": {"pinned": message.id}}, message.id, ctx, pinned=False)


async def save_message(command: SaveMessage, ctx: Context) -> None:
    """Keep a message in your own list; nobody else sees it."""
    _, message = await access_message(command.thread_id, command.message_id, ctx)
    await ctx.store.saved.put(
        Saved(
            id=f"{ctx.actor.user_id}:{message.id}",
            user_id=ctx.actor.user_id,
            thread_id=message.thread_id,
            message_id=message.id,
            saved_at=ctx.now,
            order=order_of(ctx.now, message.id),
        )
    )


async def unsave_message(command: UnsaveMessage, ctx: Context) -> None:
    """Take a message out of your list."""
    if not await ctx.store.saved.delete(f"{ctx.actor.user_id}:{command.message_id}"):
        raise NotFound("This message is not in your list.")


async def list_saved(query: ListSaved, ctx: Context) -> Page[MessageView]:
    """The messages you saved, the last saved first; those of conversations you left are left out."""
    saved = await ctx.store.saved.of_person(ctx.actor.user_id, before=query.cursor, limit=query.limit + 1)
    page = saved[: query.limit]
    messages = {one.id: one for one in await ctx.store.messages.among([one.message_id for one in page])}
    threads = {one.id: one for one in await ctx.store.threads.among({one.thread_id for one in page})}
    views = [
        MessageView.of(messages[one.message_id], threads[one.thread_id])
        for one in page
        if one.message_id in messages
        and one.thread_id in threads
        and ctx.actor.user_id in threads[one.thread_id].participants
    ]
    return Page(items=views, next_cursor=page[-1].order if len(saved) > query.limit else None)


async def _move(thread_id: str, ctx: Context, *, out_of: str, into: str) -> ThreadView:
    thread = await access_thread(thread_id, ctx)
    me = ctx.actor.user_id
    moved = await ctx.store.threads.change(thread.id, {"$pull": {out_of: me}, "$addToSet": {into: me}})
    return await _tell_me(moved or thread, ctx)


async def _pin(
    thread: Thread, change: Mapping[str, object], message_id: str, ctx: Context, *, pinned: bool
) -> ThreadView:
    changed = await ctx.store.threads.change(thread.id, change) or thread
    event = MessagePinned(thread_id=thread.id, message_id=message_id, pinned=pinned)
    ctx.emit(event, to=people(*thread.participants))
    return ThreadView.of(changed, await access_membership(thread.id, ctx), reader=ctx.actor.user_id)


async def _tell_me(thread: Thread, ctx: Context) -> ThreadView:
    view = ThreadView.of(thread, await access_membership(thread.id, ctx), reader=ctx.actor.user_id)
    ctx.emit(ThreadUpdated(thread=view), to=people(ctx.actor.user_id))
    return view


def _require_pinner(thread: Thread, ctx: Context) -> None:
    if thread.kind is Kind.GROUP and ctx.actor.user_id not in thread.admins:
        raise Forbidden("Only an admin may pin in a group.")
