"""What every use case that speaks in a conversation does with it: open it, take a number in it, say something.

A number is taken in the transaction that posts its message, whoever posts: no reader ever sees a gap.
"""

from handlers.account import require_confirmed
from handlers.blocking import hidden_from
from handlers.context import Context, people
from handlers.errands import ask_later
from handlers.errors import Invalid, NotFound
from handlers.events.chat import MessageCreated, ThreadCreated
from handlers.first_contacts import answered, first_contacts
from handlers.responding import WAIT, ReckonResponse
from handlers.views.chat import MessageView, ThreadView
from handlers.visibility import contacts
from store.ids import new_id
from store.memberships import Membership
from store.messages import Message
from store.repository import order_of
from store.threads import Kind, Thread

EXCERPT_CHARACTERS = 140


def no_such_thread() -> NotFound:
    """What a stranger hears, and whoever asks for what never was."""
    return NotFound("There is no such conversation.")


async def require_known(others: tuple[str, ...], ctx: Context, *, field: str) -> None:
    """Refuse ids that belong to nobody; and strangers, if the actor has not confirmed who they are.

    Who blocked the actor, or was blocked by them, is nobody to turn to.
    """
    known = {user.id: user for user in await ctx.store.users.among((ctx.actor.user_id, *others))}
    hidden = await hidden_from(ctx.actor.user_id, others, ctx)
    gone = {person for person in others if person not in known or known[person].erased_at is not None}
    if unknown := [person for person in others if person in gone | hidden]:
        raise Invalid.field(field, f"There is no person {unknown[0]}.", code="not_found")
    me = known.get(ctx.actor.user_id)
    if me is not None and me.owned_email is None and not {*others} <= await contacts(me.id, ctx):
        await require_confirmed(ctx)


async def begin(
    everybody: tuple[str, ...],
    ctx: Context,
    *,
    title: str | None = None,
    pair_key: str | None = None,
    gig: str | None = None,
    swap: str | None = None,
) -> tuple[Thread, dict[str, ThreadView]]:
    """Open a conversation of the actor's and tell everybody in it; with a key it is a pair, else a group."""
    first = await first_contacts(everybody[1:], ctx)
    thread_id = new_id()
    thread = Thread(
        id=thread_id,
        kind=Kind.GROUP if pair_key is None else Kind.PAIR,
        pair_key=pair_key,
        title=title,
        participants=everybody,
        admins=(ctx.actor.user_id,) if pair_key is None else (),
        gig=gig,
        swap=swap,
        shown_to=everybody,
        created_by=ctx.actor.user_id,
        created_at=ctx.now,
        activity_at=ctx.now,
        order=order_of(ctx.now, thread_id),
        first=first,
        asked_order=order_of(ctx.now, thread_id),
    )
    await ctx.store.threads.insert(thread)
    if thread.kind is Kind.PAIR:
        for person in thread.participants[1:]:
            await ask_later(ReckonResponse(user_id=person), ctx, at=ctx.now + WAIT)
    members = [
        Membership(id=f"{thread.id}:{person}", thread_id=thread.id, user_id=person, joined_at=ctx.now)
        for person in everybody
    ]
    await ctx.store.memberships.insert_all(members)
    views = {mine.user_id: ThreadView.of(thread, mine, reader=mine.user_id) for mine in members}
    for person, view in views.items():
        ctx.emit(ThreadCreated(thread=view), to=people(person))
    return thread, views


def pair_key(one: str, other: str, *, gig: str | None = None, swap: str | None = None) -> str:
    """The key of the one conversation that two people have in a context."""
    return ":".join((*sorted((one, other)), gig or "", swap or ""))


async def take_number(
    thread_id: str, message_id: str, text: str, ctx: Context, *, sender: str, is_told: bool = False
) -> Thread:
    """A conversation of the sender's whose `last_seq` is the number of the message to be posted next.

    It is taken before anything else is asked: whoever is refused later leaves nothing behind. Of what is told already
    nobody is notified as of a message.
    """
    thread = await ctx.store.threads.append(
        thread_id, message_id=message_id, sender=sender, text=text[:EXCERPT_CHARACTERS], at=ctx.now, is_told=is_told
    )
    if thread is None:
        raise no_such_thread()
    if thread.first:
        thread = await answered(thread, sender, ctx)
    return await _unarchived(thread, ctx) if thread.archived_by else thread


async def post(message: Message, thread: Thread, ctx: Context) -> MessageView:
    """Put a message at the end of a conversation, where it has its number, and tell everybody in it."""
    await ctx.store.messages.insert(message)
    view = MessageView.of(message, thread)
    ctx.emit(MessageCreated(message=view), to=people(*thread.participants), unnamed=not message.sender)
    return view


async def note(thread_id: str, what: str, text: str, ctx: Context, *, sender: str) -> None:
    """Have a conversation tell what happened to what it is about; without a sender the server says it.

    Whoever has something happen notifies those whom it concerns.
    """
    message_id = new_id()
    thread = await take_number(thread_id, message_id, text, ctx, sender=sender, is_told=True)
    message = Message(
        id=message_id,
        thread_id=thread.id,
        seq=thread.last_seq,
        sender=sender,
        text=text,
        system=what,
        created_at=ctx.now,
    )
    await post(message, thread, ctx)


async def _unarchived(thread: Thread, ctx: Context) -> Thread:
    """Show a conversation again to those who archived it, except to those who muted it."""
    until = {one.user_id: one.muted_until for one in await ctx.store.memberships.of_thread(thread.id)}
    kept = [person for person in thread.archived_by if (muted := until.get(person)) is not None and muted > ctx.now]
    shown = [person for person in thread.participants if person not in kept]
    return await ctx.store.threads.change(thread.id, {"$set": {"shown_to": shown, "archived_by": kept}}) or thread
