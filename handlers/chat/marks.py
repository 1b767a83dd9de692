"""How far people have read: marks that say "up to", never a row for each message.

A mark that somebody keeps to themselves moves on their own devices and is shown to nobody else.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, StrictBool

from handlers.chat.access import access_membership, access_thread
from handlers.chat.notices import notice_key
from handlers.context import Context, people
from handlers.events.chat import ThreadDelivered, ThreadRead
from handlers.models import Command, Query, Seq, ThreadId
from handlers.notifying import settle
from handlers.views.base import Page
from handlers.views.chat import MarkView, ThreadView
from store.memberships import Membership
from store.threads import Thread


class MarkRead(Command):
    """Up to which message."""

    thread_id: ThreadId
    up_to: Seq
    private: StrictBool = Field(default=False, description="Keep it to your own devices, this once.")


class MarkUnread(Command):
    """From which message on."""

    thread_id: ThreadId
    # Of Seq and a Field(ge=1) beside it the looser bound would hold.
    from_seq: Annotated[int, Field(ge=1, le=2**53)]


class MarkDelivered(Command):
    """Up to which message."""

    thread_id: ThreadId
    up_to: Seq


class ListMarks(Query):
    """Of which conversation."""

    thread_id: ThreadId


async def mark_read(command: MarkRead, ctx: Context) -> ThreadView:
    """Say that you have read a conversation up to a message; an earlier one changes nothing."""
    thread = await access_thread(command.thread_id, ctx)
    mine = await access_membership(thread.id, ctx)
    up_to = min(command.up_to, thread.last_seq)
    shown = not command.private and not _is_silent(thread, ctx) and await _shows_receipts(ctx)
    # Either may be ahead: a private mark is shown to nobody, and one that was set back was shown before.
    is_news = shown and up_to > mine.shown_read_up_to
    if up_to <= mine.read_up_to and not is_news:
        return _view(thread, mine, ctx)
    marks = {"read_up_to": up_to, "delivered_up_to": up_to, **({"shown_read_up_to": up_to} if shown else {})}
    moved = await ctx.store.memberships.change(thread.id, ctx.actor.user_id, {"$max": marks}) or mine
    _tell_read(thread, [ctx.actor.user_id], moved.read_up_to, ctx)
    if 0 < moved.noticed_up_to <= moved.read_up_to:
        await settle([ctx.actor.user_id], notice_key(thread.id), ctx)
    if is_news:
        _tell_read(thread, [one for one in thread.participants if one != ctx.actor.user_id], up_to, ctx)
    return _view(thread, moved, ctx)


async def mark_unread(command: MarkUnread, ctx: Context) -> ThreadView:
    """Set your own mark back, so that a message and what follows it count as unread; nobody else hears of it."""
    thread = await access_thread(command.thread_id, ctx)
    back = min(command.from_seq - 1, thread.last_seq)
    change = {"$set": {"read_up_to": back}}
    mine = await ctx.store.memberships.change(thread.id, ctx.actor.user_id, change)
    cleared = await ctx.store.threads.change(thread.id, {"$min": {f"sent.{ctx.actor.user_id}": back}}) or thread
    _tell_read(thread, [ctx.actor.user_id], back, ctx)
    return _view(cleared, mine or await access_membership(thread.id, ctx), ctx)


async def mark_delivered(command: MarkDelivered, ctx: Context) -> None:
    """Say that a conversation has reached a device of yours up to a message."""
    thread = await access_thread(command.thread_id, ctx)
    mine = await access_membership(thread.id, ctx)
    up_to = min(command.up_to, thread.last_seq)
    if up_to <= mine.delivered_up_to:
        return
    await ctx.store.memberships.change(thread.id, ctx.actor.user_id, {"$max": {"delivered_up_to": up_to}})
    if await _shows_receipts(ctx):
        event = ThreadDelivered(thread_id=thread.id, user_id=ctx.actor.user_id, delivered_up_to=up_to)
        told = (ctx.actor.user_id,) if _is_silent(thread, ctx) else thread.participants
        ctx.emit(event, to=people(*told))


async def list_marks(query: ListMarks, ctx: Context) -> Page[MarkView]:
    """How far everybody in a conversation has got, as far as they show it."""
    thread = await access_thread(query.thread_id, ctx)
    users = await ctx.store.users.among(thread.participants)
    hidden = {user.id for user in users if not user.privacy.read_receipts or thread.asks(user.id)}
    me = ctx.actor.user_id
    return Page(
        items=[
            MarkView(
                user_id=one.user_id,
                read_up_to=one.read_up_to if one.user_id == me else one.shown_read_up_to,
                delivered_up_to=one.delivered_up_to if one.user_id == me or one.user_id not in hidden else 0,
            )
            for one in await ctx.store.memberships.of_thread(thread.id)
        ]
    )


def _tell_read(thread: Thread, whom: Sequence[str], up_to: int, ctx: Context) -> None:
    ctx.emit(ThreadRead(thread_id=thread.id, user_id=ctx.actor.user_id, read_up_to=up_to), to=people(*whom))


def _is_silent(thread: Thread, ctx: Context) -> bool:
    """Whether the others hear nothing of the actor: one of two blocked the other, or was asked and did not answer."""
    return bool(thread.closed_by) or thread.asks(ctx.actor.user_id) is not None


async def _shows_receipts(ctx: Context) -> bool:
    me = await ctx.store.users.get(ctx.actor.user_id)
    return me is not None and me.privacy.read_receipts


def _view(thread: Thread, mine: Membership, ctx: Context) -> ThreadView:
    return ThreadView.of(thread, mine, reader=ctx.actor.user_id)
