"""Conversations and what was written in them."""

from datetime import datetime

from pydantic import Field

from handlers.models import View
from store.memberships import Membership
from store.messages import Message
from store.threads import Kind, Thread
from store.users import Ground, Standing


class QuoteView(View):
    """The message that is answered, as it was when it was quoted."""

    message_id: str
    seq: int
    sender: str
    message_content: str


class MessageView(View):
    """A message. `seq` numbers a conversation densely from 1; of two copies the higher `version` is the later."""

    id: str
    thread_id: str
    seq: int
    version: int
    sender: str = Field(description="Empty where nobody said it: because it was time, a swap expired.")
    recipient: str | None = Field(description="The other person; null in a group.")
    message_content: str = Field(description="The text as it was written; empty once deleted.")
    timestamp: datetime
    attachment_reference: str | None
    client_id: str | None
    reply_to: QuoteView | None
    mentions: tuple[str, ...]
    reactions: dict[str, tuple[str, ...]]
    edited_at: datetime | None
    deleted: bool
    system: str | None = Field(description="What a message of the system is about; null for people's.")

    @classmethod
    def of(cls, message: Message, thread: Thread) -> "MessageView":
        others = [person for person in thread.participants if person != message.sender]
        quote = message.quote
        return cls(
            id=message.id,
            thread_id=message.thread_id,
            seq=message.seq,
            version=message.version,
            sender=message.sender,
            recipient=others[0] if thread.kind == Kind.PAIR and len(others) == 1 else None,
            message_content=message.text,
            timestamp=message.created_at,
            attachment_reference=message.attachment,
            client_id=message.client_id,
            reply_to=None
            if quote is None
            else QuoteView(message_id=quote.message_id, seq=quote.seq, sender=quote.sender, message_content=quote.text),
            mentions=message.mentions,
            reactions=message.reactions,
            edited_at=message.edited_at,
            deleted=message.deleted_at is not None,
            system=message.system,
        )


class ExcerptView(View):
    """The last message, as a list of conversations shows it."""

    message_id: str
    seq: int
    sender: str
    message_content: str
    timestamp: datetime


class MarkView(View):
    """How far somebody has got: every message up to a number."""

    user_id: str
    read_up_to: int
    delivered_up_to: int


class RequestView(View):
    """A stranger turned to somebody, who has not answered. Whoever asked is not told of a refusal."""

    by: str
    declined: bool


class FirstContactsView(View):
    """How many strangers you wrote to who have not answered yet, and to how many more you may turn."""

    used: int
    allowed: int = Field(description="More for each of what `more` names.")
    left: int
    level: Standing
    more: tuple[Ground, ...] = Field(
        description="What would let you turn to more: to be here for a day, to confirm a telephone number that nobody "
        "else has confirmed, to hold a swap."
    )


class ThreadView(View):
    """A conversation as one of its people sees it."""

    id: str
    kind: Kind
    title: str | None
    participants: tuple[str, ...]
    admins: tuple[str, ...]
    gig: str | None
    swap: str | None
    last_seq: int
    last_message: ExcerptView | None
    unread_count: int
    read_up_to: int
    muted_until: datetime | None
    archived: bool
    pinned: tuple[str, ...]
    request: RequestView | None = Field(
        description="While it is a first contact that nobody has answered; in a group, you have not."
    )
    createdAt: datetime  # noqa: N815 - the blueprint's name
    last_activity: datetime

    @classmethod
    def of(cls, thread: Thread, mine: Membership, *, reader: str) -> "ThreadView":
        last = thread.last_message
        seen = max(mine.read_up_to, thread.sent.get(reader, 0))
        return cls(
            id=thread.id,
            kind=thread.kind,
            title=thread.title,
            participants=thread.participants,
            admins=thread.admins,
            gig=thread.gig,
            swap=thread.swap,
            last_seq=thread.last_seq,
            last_message=None
            if last is None
            else ExcerptView(
                message_id=last.message_id,
                seq=last.seq,
                sender=last.sender,
                message_content=last.text,
                timestamp=last.timestamp,
            ),
            unread_count=max(0, thread.last_seq - seen),
            read_up_to=mine.read_up_to,
            muted_until=mine.muted_until,
            archived=reader in thread.archived_by,
            pinned=thread.pinned,
            request=None
            if (asked := thread.request or thread.asks(reader)) is None
            else RequestView(by=asked.by, declined=asked.declined and reader != asked.by),
            createdAt=thread.created_at,
            last_activity=thread.activity_at,
        )
