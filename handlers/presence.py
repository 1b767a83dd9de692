"""Who is there: shown to those who share a conversation with a person, as far as that person shows it."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from handlers.blocking import hidden_from
from handlers.context import Context, people
from handlers.errors import NotFound
from handlers.events.accounts import PresenceChanged
from handlers.models import Clean, Command, Moment, Query, UserId
from handlers.views.base import Page
from handlers.views.profiles import PresenceView
from handlers.visibility import seen, seen_by, status_of, watchers, watchers_of_each
from store.users import Status

Ids = Annotated[
    tuple[UserId, ...],
    Field(min_length=1, max_length=100),
    BeforeValidator(lambda value: value.split(",") if isinstance(value, str) else value),
]


class GetPresence(Query):
    """Of whom; in an address with commas between."""

    user_ids: Ids


class SetPresence(Command):
    """What others shall see while you are there."""

    status: Literal[Status.ONLINE, Status.AWAY, Status.BUSY, Status.INVISIBLE] = Status.ONLINE
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), Clean] | None = None
    until: Moment | None = Field(default=None, description="Then you are plainly online again.")

    def speaks(self) -> bool:
        """By words alone."""
        return bool(self.text)


async def get_presence(query: GetPresence, ctx: Context) -> Page[PresenceView]:
    """Who of these people is there; left out is who shares no conversation with you, or answers none."""
    known = await seen_by(ctx.actor.user_id, ctx) | {ctx.actor.user_id}
    asked = [user_id for user_id in query.user_ids if user_id in known]
    users = await ctx.store.users.among(asked) if asked else []
    online = await ctx.ports.presence.online(asked)
    hidden = await hidden_from(ctx.actor.user_id, asked, ctx)
    busy = await ctx.store.calls.busy(asked) if asked else set[str]()
    return Page(
        items=[
            PresenceView.nothing(user.id)
            if user.id in hidden
            else seen(user, online=user.id in online, now=ctx.now, in_call=user.id in busy)
            for user in users
        ]
    )


async def set_presence(command: SetPresence, ctx: Context) -> PresenceView:
    """Say how you are to be seen: away, busy, not at all, or with a few words, until a moment if you like.

    It is kept also while you are not there; the answer is what others see now.
    """
    # Asked before the first word to the database: nothing else may be waited for within a transaction.
    online = ctx.actor.user_id in await ctx.ports.presence.online([ctx.actor.user_id])
    fields = {"status": command.status, "status_text": command.text or None, "status_until": command.until}
    me = await ctx.store.users.update(ctx.actor.user_id, fields)
    if me is None:
        raise NotFound("This account is gone.")
    view = seen(me, online=online, now=ctx.now, in_call=bool(await ctx.store.calls.busy([me.id])))
    ctx.emit(PresenceChanged(presence=view), to=people(me.id, *await watchers(me.id, ctx)))
    return view


async def tell_presence(news: Mapping[str, bool], ctx: Context) -> None:
    """Tell the contacts of each of these people that they came or went; said by the registry and not by a client."""
    if gone := [user_id for user_id, online in news.items() if not online]:
        await ctx.store.users.leave(gone, at=ctx.now)
    users = await ctx.store.users.among(list(news))
    shown = [user for user in users if user.privacy.presence and status_of(user, ctx.now) is not Status.INVISIBLE]
    here = [user.id for user in shown if news[user.id]]
    busy = await ctx.store.calls.busy(here) if here else set[str]()
    watching = await watchers_of_each([user.id for user in shown], ctx)
    for user in shown:
        view = seen(user, online=news[user.id], now=ctx.now, in_call=user.id in busy)
        ctx.emit(PresenceChanged(presence=view), to=people(*watching[user.id]))
