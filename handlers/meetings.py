"""Telling people of what they have with one other: with whom, and when by the clock that they live by.

What is told of one swap is one notification while it is unread, and says what was last; so it is with its lessons.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.blocking import blocked_between
from handlers.context import Context
from handlers.notifying import notify, read
from handlers.quiet import at_home, zone_of
from store.notifications import Topic
from store.series import Series
from store.swaps import Swap
from store.users import User


async def tell_of(
    meeting: Swap | Series,
    titles: Mapping[str, str],
    ctx: Context,
    *,
    times: Sequence[datetime] = (),
    why: str = "",
    topic: Topic = Topic.SWAPS,
    key: str | None = None,
    known_to: str | None = None,
    over: Collection[str] = (),
    **more: Any,
) -> None:
    """Notify people of a swap or of lessons, each by their own clock; `why` are words of somebody's.

    Whom it is `known_to` acts, and has read what they were told of it; what is `over`, by its keys, neither has to know
    any more. The other one is named to who may see them: not where one blocked the other, nor once they have left.
    """
    key = key or _key(meeting)
    users = {user.id: user for user in await ctx.store.users.among(meeting.people) if user.erased_at is None}
    shown = {} if await blocked_between(*meeting.people, ctx) else users
    known = await ctx.store.notifications.open(users, key, *over) if known_to or over else []
    # One after the other, in one order for all: two that tell the same people at once never wait for each other.
    for person in sorted(users):
        if ids := [one.id for one in known if one.user_id == person and (one.key != key or person == known_to)]:
            await read(ids, person, ctx)
        if person in titles:
            other = shown.get(meeting.other(person))
            named = other if other is not None and other.is_around(ctx.now) else None
            said: dict[str, Any] = {
                "title": titles[person],
                "lead": await _lead(users[person], named, times, ctx),
                "named": named,
            }
            await notify([person], topic, ctx, **said, about=f"swap:{meeting.id}", text=why, key=key, **more)


def _key(meeting: Swap | Series) -> str:
    return f"{'swap' if isinstance(meeting, Swap) else 'series'}:{meeting.id}"


async def _lead(reader: User, named: User | None, times: Sequence[datetime], ctx: Context) -> str:
    zone = zone_of(await at_home(reader, ctx)) if times else None
    when = "" if zone is None else f"{' or '.join(_clock(time, zone) for time in times)} ({zone.key})"
    return ": ".join(filter(None, ("" if named is None else "With {name}", when)))


def _clock(time: datetime, zone: ZoneInfo) -> str:
    local = time.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M}"
