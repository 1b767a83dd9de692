"""Swaps for calendar programs of any make: a file for each, and an address that such a program fetches by itself.

Such programs cannot sign in: the address holds the secret. It opens nothing else, and is exchanged whenever one likes.
"""

import secrets
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from pydantic import Field, SecretStr

from handlers.account import access_self
from handlers.calendar.access import access_dated_swap
from handlers.calendar.ics import ics
from handlers.context import Context
from handlers.errors import NotFound
from handlers.models import Command, Query, SwapId
from handlers.views.calendar import CalendarFeedView
from handlers.views.files import File
from store.calendar_feeds import CalendarFeed, hash_of
from store.series import Series
from store.swaps import Swap

# The last asked for; what is older was long ago.
MOST_SWAPS = 300
MOST_SERIES = 50


class RotateFeed(Command):
    """One's own."""


class GetFeed(Query):
    """What the address ends with."""

    token: Annotated[SecretStr, Field(min_length=20, max_length=100)]


class GetSwapIcs(Query):
    """Which swap of yours."""

    swap_id: SwapId


async def rotate_feed(_: RotateFeed, ctx: Context) -> CalendarFeedView:
    """Get a new address for calendar programs, shown this once; the former one opens nothing any more."""
    me = await access_self(ctx)
    token = secrets.token_urlsafe(32)
    await ctx.store.calendar_feeds.put_whole(CalendarFeed(id=me.id, token_hash=hash_of(token), rotated_at=ctx.now))
    return CalendarFeedView(url=f"{ctx.ports.rules.web_url}/api/v1/calendar/feed/{token}.ics", rotated_at=ctx.now)


async def get_feed(query: GetFeed, ctx: Context) -> File:
    """The swaps and lessons of whose address it is, as iCalendar; what was called off is there as cancelled."""
    feed = await ctx.store.calendar_feeds.by_token(query.token.get_secret_value())
    if feed is None:
        raise NotFound("There is no such calendar, or it has another address now.")
    swaps = await ctx.store.swaps.of_person(feed.id, before=None, limit=MOST_SWAPS)
    series = await ctx.store.series.latest_of(feed.id, limit=MOST_SERIES)
    return await _file("skillnet.ics", swaps, feed.id, ctx, series=series)


async def get_swap_ics(query: GetSwapIcs, ctx: Context) -> File:
    """A swap as iCalendar, to be opened by a calendar program."""
    swap = await access_dated_swap(query.swap_id, ctx)
    return await _file(f"swap-{swap.id}.ics", [swap], ctx.actor.user_id, ctx, is_one=True)


async def _file(
    name: str, swaps: list[Swap], user_id: str, ctx: Context, *, is_one: bool = False, series: Sequence[Series] = ()
) -> File:
    others = {swap.other(user_id) for swap in swaps} | {one.other(user_id) for one in series}
    names = {user.id: user.name for user in await ctx.store.users.among(sorted(others))} if others else {}
    content = ics(swaps, user_id, names, organizer=ctx.ports.rules.web_url, is_one=is_one, series=series)

    async def parts(start: int, stop: int) -> AsyncIterator[bytes]:
        yield content[start:stop]

    return File(name, "text/calendar", len(content), parts)
