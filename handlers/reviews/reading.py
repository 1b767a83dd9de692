"""Who may read which reviews: everybody the published ones, and everybody their own."""

from handlers.between import access_person
from handlers.context import Context
from handlers.models import Cursor, Limit, Query, UserId
from handlers.reviewable import pending, until
from handlers.views.authors import AuthorView
from handlers.views.base import Page
from handlers.views.reviews import PendingReviewView, ReviewPage, ReviewView, WrittenReviewView


class ListReviews(Query):
    """Of whom."""

    user_id: UserId
    cursor: Cursor | None = None
    limit: Limit = 30


class ListPendingReviews(Query):
    """One's own."""


class ListWrittenReviews(Query):
    """One's own."""

    cursor: Cursor | None = None
    limit: Limit = 30


async def list_reviews(query: ListReviews, ctx: Context) -> ReviewPage:
    """What others say of a person, the last published first, and what it comes to."""
    person = await access_person(query.user_id, ctx)
    found = await ctx.store.reviews.shown_of(person.id, before=query.cursor, limit=query.limit + 1)
    authors = {user.id: user for user in await ctx.store.users.among([one.reviewer for one in found])} if found else {}
    page = Page.of(found, lambda one: ReviewView.of(one, AuthorView.among(authors, one.reviewer)), limit=query.limit)
    return ReviewPage.with_ratings(page, person.ratings)


async def list_pending_reviews(_: ListPendingReviews, ctx: Context) -> Page[PendingReviewView]:
    """The swaps that you may still review, the last settled first; of two weeks, and so in one part."""
    me = ctx.actor.user_id
    swaps = await pending(me, ctx)
    return Page(items=[PendingReviewView.of(swap, reader=me, until=until(swap)) for swap in swaps])


async def list_written_reviews(query: ListWrittenReviews, ctx: Context) -> Page[WrittenReviewView]:
    """What you wrote of others, the last first, also what nobody reads yet."""
    found = await ctx.store.reviews.written_by(ctx.actor.user_id, before=query.cursor, limit=query.limit + 1)
    return Page.of(found, WrittenReviewView.of, limit=query.limit)
