"""Lists of gigs: what everybody finds, and one's own."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.gigs.access import access_gig, is_own, reader_of, shown_to, view, views
from handlers.gigs.searching import CountGigs, ListGigs, find, look
from handlers.models import Cursor, GigId, Limit, Query
from handlers.views.base import Page
from handlers.views.gigs import FacetsView, GigView
from store.gigs import Gig, Status
from store.sightings import How


class ListOwnGigs(Query):
    """Of which status; all without one."""

    status: Status | None = None
    cursor: Cursor | None = None
    limit: Limit = 30


class GetGig(Query):
    """Which one."""

    gig_id: GigId


async def list_gigs(query: ListGigs, ctx: Context) -> Page[GigView]:
    """Find what people offer and ask for, by words, place and kind; the newest first, unless words say what matters.

    Anybody may look. A page may hold fewer than asked for, or none, and still have one after it: go on while there is
    a `next_cursor`.
    """
    listings, cursor = await find(query, ctx)
    ids = [listing.id for listing in listings]
    known = {gig.id: gig for gig in await ctx.store.gigs.among(ids)} if ids else {}
    # One that was put away between the two questions is gone.
    found = [known[id_] for id_ in ids if id_ in known and known[id_].is_listed(ctx.now)]
    found = await shown_to(reader_of(ctx), found, ctx)
    note_seen(found, How.LISTED, ctx)
    return Page(items=await views(found, ctx, reader=reader_of(ctx), near=query.near), next_cursor=cursor)


async def count_gigs(query: CountGigs, ctx: Context) -> FacetsView:
    """How many of what is found are of which kind, category, mode, level, language, skill and tag: to choose from.

    Exact of a few hundred; of more, and where little of it passes, `exact` is false and there are at least so many.
    """
    listings, exact = await look(query, ctx)
    return FacetsView.of(await shown_to(reader_of(ctx), listings, ctx), exact)


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
