"""How one person is seen by others: by whom, and as what.

Whatever concerns somebody's privacy here is decided by what that person allows, never by who asks.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import chain

from handlers.blocking import hidden_from_each
from handlers.context import Context, people
from handlers.events.accounts import PresenceChanged
from handlers.views.profiles import PresenceView
from store.threads import Thread
from store.users import Status, User

# Those who hear of a person's coming and going are looked for in so many of their conversations.
MOST_THREADS = 200


def seen(user: User, *, online: bool, now: datetime, in_call: bool = False) -> PresenceView:
    """A person's presence as others see it."""
    status = status_of(user, now)
    shown = user.privacy.presence and status is not Status.INVISIBLE
    if not (online and shown):
        last = user.last_seen_at.replace(minute=0, second=0, microsecond=0) if user.last_seen_at and shown else None
        return PresenceView(user_id=user.id, status=Status.OFFLINE, text=None, last_seen=last)
    text = user.status_text if user.status_until is None or user.status_until > now else None
    return PresenceView(user_id=user.id, status=status, text=text, last_seen=None, in_call=in_call)


def status_of(user: User, now: datetime) -> Status:
    """The status that a person chose, as long as it holds."""
    over = user.status_until is not None and user.status_until <= now
    return Status.ONLINE if over else user.status


def is_active(user: User, now: datetime) -> bool:
    """Whether somebody who has a connection is there to see what comes by it: they may have said that they are away."""
    return status_of(user, now) is not Status.AWAY


async def contacts(user_id: str, ctx: Context) -> set[str]:
    """Everybody who shares a conversation with a person."""
    return {person for thread in await talks_of(user_id, ctx) for person in thread.participants} - {user_id}


async def seen_by(user_id: str, ctx: Context) -> set[str]:
    """Those of a person's contacts who may be shown to them: all who have answered where they were turned to."""
    talks = await talks_of(user_id, ctx)
    return {person for thread in talks for person in thread.participants if not thread.asks(person)} - {user_id}


def shown_to(user_id: str, talks: Iterable[Thread]) -> set[str]:
    """Those in a person's conversations to whom they may be shown: nobody where they were asked and did not answer."""
    told = (thread.participants for thread in talks if user_id in thread.participants and not thread.asks(user_id))
    return {*chain.from_iterable(told)} - {user_id}


async def tell_in_call(user_ids: Collection[str], ctx: Context) -> None:
    """Tell these people's contacts whether they sit in a call now; nobody of who does not show themselves."""
    users = await ctx.store.users.among(list(user_ids)) if user_ids else []
    busy = await ctx.store.calls.busy([user.id for user in users]) if users else set[str]()
    shown = [user for user in users if user.privacy.presence and status_of(user, ctx.now) is not Status.INVISIBLE]
    watching = await watchers_of_each([user.id for user in shown], ctx)

    async def tell() -> None:
        online = await ctx.ports.presence.online([user.id for user in shown])
        for user in shown:
            # Of who has gone with the call it is told that they went.
            if user.id in online:
                view = seen(user, online=True, now=ctx.now, in_call=user.id in busy)
                ctx.emit(PresenceChanged(presence=view), to=people(*watching[user.id]))

    # Elsewhere, and so not within the transaction.
    ctx.after_commit(tell)


async def watchers(user_id: str, ctx: Context) -> set[str]:
    """Those of a person's contacts who see them come and go."""
    return (await watchers_of_each([user_id], ctx))[user_id]


async def watchers_of_each(user_ids: Sequence[str], ctx: Context) -> dict[str, set[str]]:
    """The same for each of some people: of thousands who come at once, their number is no number of questions."""
    talks = await ctx.store.threads.of_people(user_ids, limit=MOST_THREADS * len(user_ids)) if user_ids else []
    known = {user_id: shown_to(user_id, talks) for user_id in user_ids}
    hidden = await hidden_from_each(known, ctx)
    return {user_id: those - hidden[user_id] for user_id, those in known.items()}


async def talks_of(user_id: str, ctx: Context) -> list[Thread]:
    """A person's conversations, the last active ones."""
    return await ctx.store.threads.of_people([user_id], limit=MOST_THREADS)
