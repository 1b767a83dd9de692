"""Messages to those who are not there: found after they were sent, so that sending waits for nothing.

A conversation that was written in is looked at a little later, once: who was away and has not read is notified.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.conversations import EXCERPT_CHARACTERS
from handlers.errands import Errand, ask_later
from handlers.notifying import notify
from handlers.visibility import is_active
from store.database import Duplicate
from store.memberships import Membership, membership_id
from store.messages import Message
from store.notifications import Topic
from store.threads import Thread

# Whoever reads at once hears of nothing.
NOTICE_AFTER = timedelta(seconds=4)
# Who has just gone seems to be there for a while.
LOOK_AGAIN = timedelta(seconds=40)
AT_ONCE = 50
PEOPLE_AT_ONCE = 20
# Of what a swap's conversation tells so much is looked through for what somebody wrote.
LATEST = 100


class NoticeMessages(Errand):
    """People who are not there have not read what was said to them."""

    thread_id: str
    user_ids: tuple[str, ...]


def notice_key(thread_id: str) -> str:
    """By what somebody's notification of the messages of a conversation is found."""
    return f"thread:{thread_id}"


async def look_for_absent(ctx: Context) -> None:
    """Look at the conversations that were written in lately, and have those notified who are not there to read."""
    threads = await ctx.store.threads.unnoticed(before=ctx.now - NOTICE_AFTER, limit=AT_ONCE)
    if not threads:
        return
    everybody = list({person for thread in threads for person in thread.participants})
    online = await ctx.ports.presence.online(everybody)
    users = await ctx.store.users.among(list(online)) if online else []
    active = {user.id for user in users if is_active(user, ctx.now)}
    ids = [membership_id(thread.id, person) for thread in threads for person in thread.participants]
    members = await ctx.store.memberships.among(ids)
    for thread in threads:
        await _look(thread, [one for one in members if one.thread_id == thread.id], active, ctx)


async def notice_messages(errand: NoticeMessages, ctx: Context) -> None:
    """Notify people of the messages of a conversation that they have not read, and were not notified of."""
    thread = await ctx.store.threads.get(errand.thread_id)
    if thread is None:
        return
    message, steps = await _latest(thread, ctx)
    if message is not None and _told(message):
        await ctx.store.messages.note_told(message.id)
    for mine in await ctx.store.memberships.among([membership_id(thread.id, one) for one in errand.user_ids]):
        if message is not None and (new := _behind(mine, thread, ctx.now, steps)):
            await _notify_of(message, mine.user_id, thread, ctx, times=new)
        if _behind(mine, thread, ctx.now):
            change = {"$max": {"noticed_up_to": thread.last_seq}}
            await ctx.store.memberships.change(thread.id, mine.user_id, change)


async def _latest(thread: Thread, ctx: Context) -> tuple[Message | None, Sequence[int]]:
    """The last message that is to be told, and the numbers of the steps of a swap: they are told as what they are."""
    if thread.swap is None:
        last = thread.last_message
        return (None if last is None else await ctx.store.messages.get(last.message_id)), ()
    first = max(1, thread.last_seq - LATEST + 1)
    latest = await ctx.store.messages.numbered(thread.id, first=first, last=thread.last_seq)
    written = [message for message in latest if message.system is None]
    return (written[-1] if written else None), [one.seq for one in latest if one.system is not None]


async def _notify_of(message: Message, user_id: str, thread: Thread, ctx: Context, *, times: int) -> None:
    sender = await ctx.store.users.get(message.sender) if message.sender else None
    # What the server itself says has no sender.
    name = "News" if sender is None else "{name}"
    await notify(
        [user_id],
        Topic.MESSAGES,
        ctx,
        title=name if thread.title is None else f"{name} in {thread.title}",
        many=f"{{count}} messages {f'from {name}' if thread.title is None else f'in {thread.title}'}",
        named=sender,
        text=_told(message),
        about=notice_key(thread.id),
        data={"thread_id": thread.id, "seq": thread.last_seq, "message_id": message.id},
        by=message.sender or None,
        key=notice_key(thread.id),
        times=times,
    )


async def _look(thread: Thread, members: list[Membership], active: set[str], ctx: Context) -> None:
    behind = [one.user_id for one in members if _behind(one, thread, ctx.now)]
    absent = [person for person in behind if person not in active]
    for start in range(0, len(absent), PEOPLE_AT_ONCE):
        errand = NoticeMessages(thread_id=thread.id, user_ids=tuple(absent[start : start + PEOPLE_AT_ONCE]))
        # Another worker may look at the same moment: one of them asks.
        with suppress(Duplicate):
            await ask_later(errand, ctx, key=f"notice:{thread.id}:{start}")
    if len(absent) < len(behind) and not thread.notice_again:
        await ctx.store.threads.look_again(thread, at=ctx.now + LOOK_AGAIN)
    elif not absent:
        await ctx.store.threads.noticed(thread)


def _behind(mine: Membership, thread: Thread, now: datetime, but: Sequence[int] = ()) -> int:
    """How many messages somebody has neither read nor been notified of, but for some; none of what they muted."""
    if mine.muted_until is not None and mine.muted_until > now:
        return 0
    known = max(mine.read_up_to, mine.noticed_up_to, thread.sent.get(mine.user_id, 0))
    return max(0, thread.last_seq - known - sum(number > known for number in but))


def _told(message: Message) -> str:
    return "" if message.system is not None or message.deleted_at is not None else message.text[:EXCERPT_CHARACTERS]
