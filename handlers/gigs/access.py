"""Load and authorise in one call; and the one way from what is kept to what a reader sees."""

from collections.abc import Sequence
from typing import TypeVar

from handlers.blocking import blocked_between, hidden_from
from handlers.context import Context
from handlers.errors import Forbidden, NotFound
from handlers.views.gigs import CreatorView, GigView
from store.areas import Position
from store.gigs import Gig
from store.listings import Listing

G = TypeVar("G", Gig, Listing)


def no_such_gig() -> NotFound:
    """What a stranger hears of a draft, and whoever asks for what never was."""
    return NotFound("There is no such offer or request.")


async def access_gig(gig_id: str, ctx: Context) -> Gig:
    """A gig that everybody may see, or one of the actor's own; anybody may ask."""
    gig = await ctx.store.gigs.get(gig_id)
    if gig is None or gig.deleted_at is not None or not (gig.is_listed(ctx.now) or is_own(gig, ctx)):
        raise no_such_gig()
    if not is_own(gig, ctx):
        author, reader = await ctx.store.users.get(gig.created_by), reader_of(ctx)
        if author is None or not author.is_around(ctx.now):
            raise no_such_gig()
        if reader is not None and await blocked_between(reader, gig.created_by, ctx):
            raise no_such_gig()
    return gig


async def access_own_gig(gig_id: str, ctx: Context) -> Gig:
    """A gig of the actor's own."""
    gig = await access_gig(gig_id, ctx)
    if not is_own(gig, ctx):
        raise Forbidden("Only its author may change it.")
    return gig


def key_of(gig_id: str) -> str:
    """What a notification is about that is about a gig."""
    return f"gig:{gig_id}"


def is_own(gig: Gig, ctx: Context) -> bool:
    """Whether the actor wrote it, if anybody is signed in."""
    return reader_of(ctx) == gig.created_by


def reader_of(ctx: Context) -> str | None:
    """Who asks, if anybody is signed in."""
    return None if ctx.signed_in is None else ctx.signed_in.user_id


async def view(gig: Gig, ctx: Context, *, reader: str | None) -> GigView:
    """One gig, as somebody sees it."""
    return (await views([gig], ctx, reader=reader))[0]


async def views(
    gigs: Sequence[Gig], ctx: Context, *, reader: str | None, near: Position | None = None
) -> list[GigView]:
    """Gigs with their authors, as somebody sees them who perhaps looks from somewhere.

    Of who takes part no more nobody sees any, also in the moment before they are listed no more.
    """
    if not gigs:
        return []
    authors = await ctx.store.users.among(sorted({gig.created_by for gig in gigs}))
    kept: frozenset[str] = frozenset()
    if reader is not None:
        kept = await ctx.store.bookmarks.among(reader, [gig.id for gig in gigs])
    creators = {
        user.id: CreatorView.seen(user, reader=reader, now=ctx.now)
        for user in authors
        if user.id == reader or user.is_around(ctx.now)
    }
    return [
        GigView.of(gig, creators[gig.created_by], reader=reader, bookmarked=gig.id in kept, near=near)
        for gig in gigs
        if gig.created_by in creators
    ]


async def shown_to(reader: str | None, gigs: Sequence[G], ctx: Context) -> list[G]:
    """Those that somebody finds: none of who is hidden from them."""
    hidden = set() if reader is None else await hidden_from(reader, {gig.created_by for gig in gigs}, ctx)
    return [gig for gig in gigs if gig.created_by not in hidden]
