"""Writing in a conversation and reading it back, in its one order."""

from typing import Annotated

from pydantic import Field, model_validator

from handlers.attachments import attach
from handlers.blocking import require_open
from handlers.chat.access import access_message, access_thread
from handlers.context import Context
from handlers.conversations import EXCERPT_CHARACTERS, post, take_number
from handlers.errors import Invalid
from handlers.first_contacts import require_answered
from handlers.models import Creating, Id, Limit, MessageId, MessageText, Query, Seq, ThreadId, UserId
from handlers.terms import keys
from handlers.views.base import Page
from handlers.views.chat import MessageView
from store.ids import new_id
from store.messages import Message, Quote
from store.threads import Thread


class SendMessage(Creating):
    """What to say, and where."""

    turn_by = "thread_id"

    thread_id: ThreadId
    message_content: MessageText
    sender: UserId | None = Field(default=None, description="You; refused if it is anybody else.")
    reply_to: MessageId | None = Field(default=None, description="The message of this conversation that it answers.")
    mentions: Annotated[tuple[UserId, ...], Field(max_length=20)] = ()
    attachment_reference: Id | None = Field(default=None, description="The id of an upload of yours.")


class ListMessages(Query):
    """Which part of a conversation: at most one of before, after and around, each a message number."""

    thread_id: ThreadId
    before: Seq | None = None
    after: Seq | None = None
    around: Seq | None = None
    limit: Limit = 50

    @model_validator(mode="after")
    def one_direction(self) -> "ListMessages":
        """A page has one direction."""
        if sum(bound is not None for bound in (self.before, self.after, self.around)) > 1:
            raise ValueError("Give one of before, after and around.")
        return self


class MessagePage(Page[MessageView]):
    """Messages in order of their number, and whether there are more on either side."""

    has_before: bool
    has_after: bool


async def send_message(command: SendMessage, ctx: Context) -> MessageView:
    """Write in a conversation; sending the same client_id again changes nothing."""
    ctx.require_self(command.sender, "sender")
    message_id = new_id()
    thread = await take_number(command.thread_id, message_id, command.message_content, ctx, sender=ctx.actor.user_id)
    require_open(thread, ctx)
    if thread.first:
        await require_answered(thread, ctx)
    if strangers := [person for person in command.mentions if person not in thread.participants]:
        raise Invalid.field("mentions", f"{strangers[0]} is not in this conversation.")
    if (upload := command.attachment_reference) is not None:
        await attach(upload, f"message:{message_id}", ctx, field="attachment_reference")
    message = Message(
        id=message_id,
        thread_id=thread.id,
        seq=thread.last_seq,
        sender=ctx.actor.user_id,
        text=command.message_content,
        client_id=None if command.client_id is None else str(command.client_id),
        quote=None if command.reply_to is None else await _quote(command.reply_to, thread, ctx),
        mentions=command.mentions,
        attachment=command.attachment_reference,
        found_by=keys(thread.id, command.message_content),
        created_at=ctx.now,
    )
    return await post(message, thread, ctx)


async def list_messages(query: ListMessages, ctx: Context) -> MessagePage:
    """A part of a conversation, reachable to its first message."""
    thread = await access_thread(query.thread_id, ctx)
    first, last = _part(query, thread.last_seq)
    messages = await ctx.store.messages.numbered(thread.id, first=first, last=last)
    return MessagePage(
        items=[MessageView.of(message, thread) for message in messages],
        has_before=first > 1 and last > 0,
        has_after=last < thread.last_seq,
    )


def _part(query: ListMessages, last_seq: int) -> tuple[int, int]:
    """The first and the last message number of the page."""
    if query.after is not None:
        first = query.after + 1
    elif query.around is not None:
        first = query.around - query.limit // 2
    else:
        end = last_seq + 1 if query.before is None else min(query.before, last_seq + 1)
        return max(1, end - query.limit), end - 1
    first = max(1, first)
    return first, min(first + query.limit - 1, last_seq)


async def _quote(message_id: str, thread: Thread, ctx: Context) -> Quote:
    _, message = await access_message(thread.id, message_id, ctx)
    if message.deleted_at is not None:
        raise Invalid.field("reply_to", "That message is deleted.")
    return Quote(message_id=message.id, seq=message.seq, sender=message.sender, text=message.text[:EXCERPT_CHARACTERS])
