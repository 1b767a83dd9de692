"""Turning to somebody for the first time: few at a time, as long as nobody answers; and never counted among who talk.

What is declined looks to who asked as if it were not answered: it counts as long as that would.
"""

from collections.abc import Collection
from datetime import timedelta

from handlers.account import access_self
from handlers.context import Context
from handlers.errors import FirstContactsUsed, RequestWaiting
from handlers.trust import grounds_of, level_of, trust_by
from handlers.views.chat import FirstContactsView
from handlers.visibility import talks_of
from store.threads import FirstContact, Thread
from store.users import Ground, User

# After so long nobody waits for an answer any more.
WAITS = timedelta(days=14)
MOST_WAITING = 1000
# What two people have as a pair, and what is looked at of it: offers and swaps have conversations of their own.
MOST_BETWEEN = 100


async def first_contacts(others: Collection[str], ctx: Context) -> tuple[FirstContact, ...]:
    """Those of others to whom the actor turns for the first time; refuses more than they may wait for."""
    me = ctx.actor.user_id
    new = [other for other in others if await _is_stranger(other, ctx)]
    if not new:
        return ()
    # Before it is counted: of two at the same moment one runs again, and counts the other.
    user = await ctx.store.users.update(me, {"asked_at": ctx.now}) or await access_self(ctx)
    standing = await standing_of(user, ctx)
    if standing.left < len(new):
        said = f"{standing.used} people whom you wrote first have not answered; wait, or answer those who wrote to you."
        raise FirstContactsUsed(said, current=standing)
    return tuple(FirstContact(by=me, to=other, at=ctx.now) for other in new)


async def standing_of(user: User, ctx: Context) -> FirstContactsView:
    """How many strangers somebody waits for, and how many they may turn to yet."""
    threads = await ctx.store.threads.begun_by(user.id, limit=MOST_WAITING)
    since = ctx.now - WAITS
    used = sum(one.by == user.id and one.at > since for thread in threads for one in thread.first)
    grounds = await grounds_of(user, ctx)
    allowed = ctx.ports.rules.first_contacts * (1 + trust_by(grounds))
    # No number is confirmed where no text messages are sent.
    more = [one for one in Ground if one not in grounds and (one is not Ground.PHONE or ctx.ports.texts is not None)]
    return FirstContactsView(
        used=used, allowed=allowed, left=max(0, allowed - used), level=level_of(grounds), more=tuple(more)
    )


async def answered(thread: Thread, person: str, ctx: Context) -> Thread:
    """Somebody speaks where an answer of theirs is waited for: they talk with whoever asked, wherever else, too."""
    askers = [one.by for one in thread.first if one.to == person]
    if not askers:
        return thread
    for asker in askers:
        await _answer(asker, person, ctx, but=thread.id)
    return await ctx.store.threads.set_first(thread, [one for one in thread.first if one.to != person]) or thread


async def require_answered(thread: Thread, ctx: Context) -> None:
    """Refuse who has said enough to strangers of whom none has answered, be it as a pair or in a group."""
    if thread.is_answered(ctx.actor.user_id):
        return
    # What swaps say in it is not said by anybody.
    said = await ctx.store.messages.numbered(thread.id, first=1, last=thread.last_seq)
    if sum(one.system is None for one in said) >= ctx.ports.rules.first_messages:
        raise RequestWaiting("They have not answered yet; you can write on once they do.")


async def _answer(asker: str, person: str, ctx: Context, *, but: str | None = None) -> None:
    for thread in await ctx.store.threads.begun_by(asker, limit=MOST_WAITING):
        rest = [one for one in thread.first if (one.by, one.to) != (asker, person)]
        if thread.id != but and len(rest) < len(thread.first):
            await ctx.store.threads.set_first(thread, rest)


async def _is_stranger(other: str, ctx: Context) -> bool:
    me = ctx.actor.user_id
    # Whoever was asked, and turns to who asked, answers.
    await _answer(other, me, ctx)
    pairs = await ctx.store.threads.between(me, other, limit=MOST_BETWEEN)
    if pairs:
        return all(any(one.by == me for one in thread.first) for thread in pairs)
    return not await ctx.store.swaps.have_agreed(me, other) and other not in await _in_groups(ctx)


async def _in_groups(ctx: Context) -> set[str]:
    """Those with whom the actor is in a conversation, and who have answered there to whoever added them."""
    me = ctx.actor.user_id
    talks = await talks_of(me, ctx)
    # Whoever asked them: else a friend of the one who did would turn to them as to somebody known.
    known = ({*thread.participants} - {one.to for one in thread.first} for thread in talks)
    return set().union(*known)
