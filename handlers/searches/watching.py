"""Searches of the moment: whoever looks at a list hears what comes to it, for as long as they look."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from handlers.context import Context
from handlers.criteria import Filters
from handlers.models import Command, Id, Signal
from handlers.searches.saving import wished
from handlers.views.searches import WatchView
from store.searches import Frequency, Watch

# Nobody tells when a connection ended: what is not renewed is over.
LASTS = timedelta(minutes=10)
MOST_WATCHED = 10
AUDIENCE = "search:"


class WatchSearch(Command):
    """What is looked for, as in `GET /gigs/`."""

    filters: Filters


class UnwatchSearch(Signal):
    """Which one."""

    watch_id: Id


async def watch_search(command: WatchSearch, ctx: Context) -> WatchView:
    """Hear on this connection what comes to a list while you look at it; ask again before `expires_at` to go on.

    Of more than ten at once the one that would end first ends.
    """
    me = ctx.actor.user_id
    asked = command.filters.model_dump_json(exclude_defaults=True)
    # The same for the same, so that asking again is one watch and not two.
    watch_id = hashlib.sha256(f"{me}:{asked}".encode()).hexdigest()[:24]
    expires_at = ctx.now + LASTS
    if await ctx.store.watches.change(watch_id, {"expires_at": expires_at}) is None:
        others = await ctx.store.watches.of_person(me, limit=MOST_WATCHED + 1)
        for one in sorted(others, key=lambda one: one.expires_at)[: max(0, len(others) - MOST_WATCHED + 1)]:
            await ctx.store.watches.delete(one.id)
        wish = await wished(command.filters, Frequency.LIVE, ctx)
        await ctx.store.watches.insert(Watch(id=watch_id, user_id=me, expires_at=expires_at, **wish))
    ctx.watch(f"{AUDIENCE}{watch_id}")
    return WatchView(watch_id=watch_id, expires_at=expires_at)


async def unwatch_search(signal: UnwatchSearch, ctx: Context) -> None:
    """Hear no more of a list on this connection."""
    ctx.unwatch(f"{AUDIENCE}{signal.watch_id}")


def superseded(watched: Iterable[str]) -> list[str]:
    """Of the audiences that a connection watches, the newest last: the searches that ended as others came."""
    return [audience for audience in watched if audience.startswith(AUDIENCE)][:-MOST_WATCHED]
