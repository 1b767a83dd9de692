"""The one way in which a review changes: a version is written, and what it counts for is reckoned anew.

Two changes of one person's reviews at once both write that person: one of them runs again and counts the other.
"""

from typing import Any

from handlers.context import Context, people
from handlers.errands import ScoreReview, ask_later, sort_later
from handlers.errors import Conflict
from handlers.events.reviews import ReviewPublished, ReviewUpdated
from handlers.views.authors import AuthorView
from handlers.views.reviews import ReviewView
from store.ratings import rated
from store.reviews import MOST_COUNTED, Review


async def keep(before: Review, ctx: Context, **changes: Any) -> Review:
    """Write the next version of a review; refuses if somebody was first."""
    changed = before.model_copy(update={**changes, "updated_at": ctx.now})
    after = await ctx.store.reviews.replace(changed)
    if after is None:
        raise Conflict("Somebody changed this review first; ask again.")
    if (after.is_shown, after.held) != (before.is_shown, before.held):
        shown = await ctx.store.reviews.shown_of(after.reviewee, before=None, limit=MOST_COUNTED)
        ratings = rated(shown)
        fields = {"ratings": ratings.model_dump(), "rating": ratings.score}
        await ctx.store.users.update(after.reviewee, fields)
        await sort_later(after.reviewee, ctx)
        await ask_later(ScoreReview(review_id=after.id), ctx)
    return after


async def tell(review: Review, event: type[ReviewPublished] | type[ReviewUpdated], ctx: Context) -> ReviewView:
    """Tell both of its people how it is now."""
    view = await seen(review, ctx)
    ctx.emit(event(review=view), to=people(review.reviewer, review.reviewee))
    return view


async def seen(review: Review, ctx: Context) -> ReviewView:
    """A review as everybody sees it, with who wrote it."""
    authors = {user.id: user for user in await ctx.store.users.among([review.reviewer])}
    return ReviewView.of(review, AuthorView.among(authors, review.reviewer))
