"""Changing what was written: editing, deleting to a tombstone, restoring, reacting.

A message keeps its number for ever; each change raises its version and tells everybody the whole message.
"""

from collections.abc import Mapping
from datetime import timedelta

from pydantic import Field

from handlers.attachments import let_go
from handlers.blocking import require_open
from handlers.chat.access import access_message
from handlers.context import Context, people
from handlers.conversations import EXCERPT_CHARACTERS
from handlers.emoji import Emoji
from handlers.errors import Conflict, Forbidden, Invalid, NotAllowedNow
from handlers.events.chat import MessageDeleted, MessageEdited, MessagePinned, MessageReacted, MessageRestored
from handlers.models import Command, MessageId, MessageText, ThreadId, Whole
from handlers.notifying import retell
from handlers.terms import keys
from handlers.views.chat import MessageView
from store.messages import Edit, Message
from store.threads import Thread

MOST_REACTIONS = 20
# After the last moment in which a deletion could be taken back.
SOON = timedelta(minutes=1)
# So many former texts are kept: a document has an end.
MOST_EDITS = 50


class _OfMessage(Command):
    turn_by = "thread_id"

    thread_id: ThreadId
    message_id: MessageId


class EditMessage(_OfMessage):
    """The new text, and the version it replaces, if that matters."""

    message_content: MessageText
    version: Whole | None = Field(
        default=None, ge=1, description="Refused with the current message if it has moved on."
    )


class DeleteMessage(_OfMessage):
    """Which message."""


class RestoreMessage(_OfMessage):
    """Which message."""


class React(_OfMessage):
    """With which emoji."""

    emoji: Emoji


class Unreact(React):
    """Which reaction to take back."""


async def edit_message(command: EditMessage, ctx: Context) -> MessageView:
    """Change the text of your message, within the window after it was sent."""
    thread, message = await access_message(command.thread_id, command.message_id, ctx)
    _require_author(message, ctx)
    _require_window(message, ctx)
    if message.deleted_at is not None:
        raise NotAllowedNow("A deleted message cannot be edited; restore it first.")
    if command.version is not None and command.version != message.version:
        raise Conflict("The message has changed since.", current=MessageView.of(message, thread))
    require_open(thread, ctx)
    if command.message_content == message.text:
        return MessageView.of(message, thread)
    change = {
        "$set": {
            "text": command.message_content,
            "edited_at": ctx.now,
            "found_by": list(keys(thread.id, command.message_content)),
        },
        "$push": {"edits": {"$each": [Edit(text=message.text, at=ctx.now).model_dump()], "$slice": -MOST_EDITS}},
    }
    view = await _change(message, thread, change, ctx)
    ctx.emit(MessageEdited(message=view), to=people(*thread.participants))
    return view


async def delete_message(command: DeleteMessage, ctx: Context) -> MessageView:
    """Delete a message for everybody: its author may, and an admin of a group; the place of it stays."""
    thread, message = await access_message(command.thread_id, command.message_id, ctx)
    if ctx.actor.user_id not in (message.sender, *thread.admins) or message.system is not None:
        raise Forbidden("Only its author, or an admin of the group, may delete a message.")
    if message.deleted_at is not None:
        return MessageView.of(message, thread)
    if message.attachment is not None:
        await let_go(message.attachment, ctx, at=ctx.now + ctx.ports.rules.edit_window + SOON)
    return await blank(message, thread, ctx, by=ctx.actor.user_id)


async def blank(message: Message, thread: Thread, ctx: Context, *, by: str) -> MessageView:
    """Take a message's text from everybody, so that it can be brought back; its place stays."""
    change = {
        "$set": {
            "text": "",
            "deleted_at": ctx.now,
            "deleted_by": by,
            "deleted_text": message.text,
            "found_by": [],
            "reactions": {},
        }
    }
    is_own = by == ctx.actor.user_id
    view = await _change(message, thread, change, ctx)
    await ctx.store.messages.blank_quotes(message.id)
    if message.id in thread.pinned:
        await ctx.store.threads.change(thread.id, {"$pull": {"pinned": message.id}})
        ctx.emit(
            MessagePinned(thread_id=thread.id, message_id=message.id, pinned=False),
            to=people(*thread.participants),
            unnamed=not is_own,
        )
    ctx.emit(MessageDeleted(message=view), to=people(*thread.participants), unnamed=not is_own)
    return view


async def restore_message(command: RestoreMessage, ctx: Context) -> MessageView:
    """Take your deletion of a message back, within the window after it."""
    thread, message = await access_message(command.thread_id, command.message_id, ctx)
    if message.deleted_at is None:
        raise NotAllowedNow("This message is not deleted.")
    if message.deleted_by != ctx.actor.user_id:
        raise Forbidden("Only who deleted a message may restore it.")
    if ctx.now - message.deleted_at > ctx.ports.rules.edit_window:
        raise NotAllowedNow("It was deleted too long ago to be restored.")
    if message.withheld:
        raise NotAllowedNow("Staff hid it meanwhile; appeal, if that is wrong.")
    require_open(thread, ctx)
    return await bring_back(message, thread, ctx)


async def bring_back(message: Message, thread: Thread, ctx: Context) -> MessageView:
    """Give a message its text back."""
    text = message.deleted_text or ""
    is_own = message.deleted_by == ctx.actor.user_id
    change = {"$set": {"text": text, "deleted_at": None, "deleted_by": None, "deleted_text": None,
                       "found_by": list(keys(thread.id, text))}}  # fmt: skip
    view = await _change(message, thread, change, ctx)
    ctx.emit(MessageRestored(message=view), to=people(*thread.participants), unnamed=not is_own)
    return view


async def react(command: React, ctx: Context) -> MessageView:
    """React to a message with an emoji; again changes nothing."""
    thread, message = await access_message(command.thread_id, command.message_id, ctx)
    if message.deleted_at is not None:
        raise NotAllowedNow("A deleted message takes no reactions.")
    if command.emoji not in message.reactions and len(message.reactions) >= MOST_REACTIONS:
        raise Invalid.field("emoji", f"A message takes at most {MOST_REACTIONS} different reactions.")
    require_open(thread, ctx)
    who = message.reactions.get(command.emoji, ())
    if ctx.actor.user_id in who:
        return MessageView.of(message, thread)
    return await _set_reactions(message, thread, {command.emoji: (*who, ctx.actor.user_id)}, ctx)


async def unreact(command: Unreact, ctx: Context) -> MessageView:
    """Take a reaction back; taking back what is not there changes nothing."""
    thread, message = await access_message(command.thread_id, command.message_id, ctx)
    who = message.reactions.get(command.emoji, ())
    if ctx.actor.user_id not in who:
        return MessageView.of(message, thread)
    rest = tuple(person for person in who if person != ctx.actor.user_id)
    return await _set_reactions(message, thread, {command.emoji: rest}, ctx)


async def _set_reactions(
    message: Message, thread: Thread, changed: dict[str, tuple[str, ...]], ctx: Context
) -> MessageView:
    # Set as a whole: an emoji in the path of an update would be the client's text in our query.
    reactions = {emoji: who for emoji, who in {**message.reactions, **changed}.items() if who}
    view = await _change(message, thread, {"$set": {"reactions": reactions}}, ctx)
    ctx.emit(MessageReacted(message=view), to=people(*thread.participants))
    return view


async def _change(message: Message, thread: Thread, change: Mapping[str, object], ctx: Context) -> MessageView:
    changed = await ctx.store.messages.change(message.id, change, where={"version": message.version})
    if changed is None:
        raise Conflict("Somebody changed this message first.", current=MessageView.of(message, thread))
    if thread.last_message is not None and thread.last_message.message_id == message.id:
        excerpt = {"$set": {"last_message.text": changed.text[:EXCERPT_CHARACTERS]}}
        await ctx.store.threads.change(thread.id, excerpt)
    if message.told and changed.text != message.text:
        await retell(message.id, changed.text[:EXCERPT_CHARACTERS], ctx, among=thread.participants)
    return MessageView.of(changed, thread)


def _require_author(message: Message, ctx: Context) -> None:
    if message.sender != ctx.actor.user_id or message.system is not None:
        raise Forbidden("Only its author may edit a message.")


def _require_window(message: Message, ctx: Context) -> None:
    if ctx.now - message.created_at > ctx.ports.rules.edit_window:
        minutes = int(ctx.ports.rules.edit_window.total_seconds() // 60)
        raise NotAllowedNow(f"A message can be edited for {minutes} minutes.")
