"""Offers and requests that one keeps for later, in a list of one's own."""

from handlers.context import Context
from handlers.gigs.access import access_gig, shown_to, views
from handlers.models import Command, Cursor, GigId, Limit, Query
from handlers.views.base import Page
from handlers.views.gigs import GigView
from store.bookmarks import Bookmark, bookmark_id
from store.repository import order_of


class BookmarkGig(Command):
    """Which one to keep."""

    turn_by = "gig_id"

    gig_id: GigId


class UnbookmarkGig(BookmarkGig):
    """Which one to keep no longer."""


class ListBookmarked(Query):
    """One's own."""

    cursor: Cursor | None = None
    limit: Limit = 30


async def bookmark_gig(command: BookmarkGig, ctx: Context) -> None:
    """Keep an offer or a request in a list of your own, and hear what becomes of it; nobody else sees that list.

    Again changes nothing.
    """
    gig = await access_gig(command.gig_id, ctx)
    me = ctx.actor.user_id
    one = Bookmark(id=bookmark_id(me, gig.id), user_id=me, gig_id=gig.id, at=ctx.now, order=order_of(ctx.now, gig.id))
    if await ctx.store.bookmarks.put(one):
        await ctx.store.gigs.count([gig.id], {"bookmarks": 1})


async def unbookmark_gig(command: UnbookmarkGig, ctx: Context) -> None:
    """Take it from your list, also when it is there for nobody else any more; what is not there changes nothing."""
    if await ctx.store.bookmarks.delete(bookmark_id(ctx.actor.user_id, command.gig_id)):
        await ctx.store.gigs.count([command.gig_id], {"bookmarks": -1})


async def list_bookmarked(query: ListBookmarked, ctx: Context) -> Page[GigView]:
    """What you keep, the last first; what is paused, put away or gone is left out, until it is back."""
    me = ctx.actor.user_id
    found = await ctx.store.bookmarks.of_person(me, before=query.cursor, limit=query.limit + 1)
    page = found[: query.limit]
    gigs = {gig.id: gig for gig in await ctx.store.gigs.among([one.gig_id for one in page])} if page else {}
    shown = [gig for one in page if (gig := gigs.get(one.gig_id)) is not None and gig.is_listed(ctx.now)]
    shown = await shown_to(me, shown, ctx)
    return Page(
        items=await views(shown, ctx, reader=me), next_cursor=page[-1].order if len(found) > query.limit else None
    )
