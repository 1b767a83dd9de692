"""Lists of gigs: what everybody finds, and one's own."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.gigs.access import access_gig, is_own, reader_of, view, views
from handlers.models import Cursor, GigId, Limit, Query
from handlers.views.base import Page
from handlers.views.gigs import GigView
from store.gigs import Gig, Status
from store.sightings import How


class ListGigs(Query):
    """Which part of the list."""

    cursor: Cursor | None = None
    limit: Limit = 30


class ListOwnGigs(Query):
    """Of which status; all without one."""

    status: Status | None = None
    cursor: Cursor | None = None
    limit: Limit = 30


class GetGig(Query):
    """Which one."""

    gig_id: GigId


async def list_gigs(query: ListGigs, ctx: Context) -> Page[GigView]:
    """What people offer and ask for, the newest first. Anybody may look."""
    found = await ctx.store.gigs.newest(before=query.cursor, limit=query.limit + 1)
    shown = [gig for gig in found[: query.limit] if gig.is_listed(ctx.now)]
    note_seen(shown, How.LISTED, ctx)
    items = await views(shown, ctx, reader=reader_of(ctx))
    return Page(items=items, next_cursor=_next(found, query.limit))


async def list_own_gigs(query: ListOwnGigs, ctx: Context) -> Page[GigView]:
    """Your own offers and requests, drafts and what is put away among them, the newest first."""
    me = ctx.actor.user_id
    found = await ctx.store.gigs.of_person(me, status=query.status, before=query.cursor, limit=query.limit + 1)
    items = await views(found[: query.limit], ctx, reader=me)
    return Page(items=items, next_cursor=_next(found, query.limit))


async def get_gig(query: GetGig, ctx: Context) -> GigView:
    """An offer or a request. Anybody may look, unless it is a draft, paused, put away or hidden; its owner always."""
    gig = await access_gig(query.gig_id, ctx)
    note_seen([gig], How.OPENED, ctx)
    return await view(gig, ctx, reader=reader_of(ctx))


def note_seen(gigs: Sequence[Gig], how: How, ctx: Context) -> None:
    """Have it counted that who asks saw these; their own do not count."""
    if others := [gig.id for gig in gigs if not is_own(gig, ctx)]:
        ctx.ports.sightings.see(others, how, reader_of(ctx) or ctx.caller.address)


def _next(found: Sequence[Gig], limit: int) -> str | None:
    """Where the next part begins; one more than a part was asked for, to see whether there is one."""
    return found[limit - 1].order if len(found) > limit else None
