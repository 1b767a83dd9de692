"""What a message is, or a conversation, for whoever has to judge it: as far as one of its people sees it."""

from handlers.chat.access import access_thread
from handlers.context import Context
from handlers.errors import NotFound
from handlers.evidence import Evidence
from handlers.views.chat import MessageView
from store.messages import Message
from store.threads import Kind, Thread

# The last so many messages of a conversation say what is the matter with it; of a message, those around it.
MOST_MESSAGES = 20
BEFORE, AFTER = 4, 2


async def message_evidence(message_id: str, ctx: Context) -> Evidence:
    """A message, with what was said around it."""
    message = await ctx.store.messages.get(message_id)
    thread = None if message is None else await ctx.store.threads.get(message.thread_id)
    if message is None or thread is None or ctx.actor.user_id not in thread.participants or message.deleted_at:
        raise NotFound("There is no such message.")
    around = await ctx.store.messages.numbered(thread.id, first=message.seq - BEFORE, last=message.seq + AFTER)
    files = () if message.attachment is None else (message.attachment,)
    return Evidence(message.sender or None, {"message": _plain(message, thread), **_said(around, thread)}, files)


async def thread_evidence(thread_id: str, ctx: Context) -> Evidence:
    """A conversation: its people, and what was said in it last. It is the other one's, if there is one other."""
    thread = await access_thread(thread_id, ctx)
    others = [person for person in thread.participants if person != ctx.actor.user_id]
    about = others[0] if thread.kind is Kind.PAIR and others else None
    last = await ctx.store.messages.numbered(thread.id, first=thread.last_seq - MOST_MESSAGES, last=thread.last_seq)
    files = tuple(message.attachment for message in last if message.attachment is not None)
    what = {"title": thread.title, "participants": thread.participants}
    return Evidence(about, {**what, **_said(last, thread)}, files)


def _said(messages: list[Message], thread: Thread) -> dict[str, object]:
    return {"messages": [_plain(message, thread) for message in messages]}


def _plain(message: Message, thread: Thread) -> dict[str, object]:
    return MessageView.of(message, thread).model_dump(mode="json", exclude={"client_id"})
