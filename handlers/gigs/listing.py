"""Lists of gigs: what everybody finds, and one's own."""

from handlers.context import Context
from handlers.gigs.access import access_gig, view, views
from handlers.models import Cursor, GigId, Limit, Query
from handlers.views.base import Page
from handlers.views.gigs import GigView
from store.gigs import Gig, Status


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
    return await page(await ctx.store.gigs.newest(at=ctx.now, before=query.cursor, limit=query.limit + 1), query, ctx)


async def list_own_gigs(query: ListOwnGigs, ctx: Context) -> Page[GigView]:
    """Your own offers and requests, drafts and what is put away among them, the newest first."""
    found = await ctx.store.gigs.of_person(
        ctx.actor.user_id, status=query.status, before=query.cursor, limit=query.limit + 1
    )
    return await page(found, query, ctx)


async def get_gig(query: GetGig, ctx: Context) -> GigView:
    """An offer or a request. Anybody may look, unless it is a draft, paused, put away or hidden; its owner always."""
    return await view(await access_gig(query.gig_id, ctx), ctx)


async def page(found: list[Gig], query: ListGigs | ListOwnGigs, ctx: Context) -> Page[GigView]:
    """The first so many of what was found; one more was asked for, to see whether there is a next part."""
    shown = found[: query.limit]
    more = len(found) > query.limit
    return Page(items=await views(shown, ctx), next_cursor=shown[-1].order if more else None)
