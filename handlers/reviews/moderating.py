"""What staff does with reviews: reads what is said to moderators alone, and hides what should not be there."""

from pydantic import StrictBool

from handlers.context import Context
from handlers.errors import NotFound
from handlers.judging import write_down
from handlers.models import Cursor, Limit, Query
from handlers.reviews.keeping import keep
from handlers.reviews.writing import ReviewId
from handlers.statements import Moderation, hide_or_show
from handlers.views.base import Page
from handlers.views.reviews import WrittenReviewView
from store.reports import Thing
from store.reviews import HiddenReview, Review
from store.staff_log import Act


class ListNotedReviews(Query):
    """Those that say something to moderators."""

    cursor: Cursor | None = None
    limit: Limit = 30


class ModerateReview(Moderation):
    """Whether everybody may see it, and why not."""

    turn_by = "review_id"

    review_id: ReviewId
    hidden: StrictBool


async def list_noted_reviews(query: ListNotedReviews, ctx: Context) -> Page[WrittenReviewView]:
    """Reviews with a note to moderators, or that say somebody did not behave; the last first."""
    found = await ctx.store.reviews.for_staff(before=query.cursor, limit=query.limit + 1)
    return Page.of(found, WrittenReviewView.of, limit=query.limit)


async def moderate_review(command: ModerateReview, ctx: Context) -> WrittenReviewView:
    """Hide a review from everybody but who wrote it, or show it again; what it counted for is reckoned anew."""
    await hide_or_show(Thing.REVIEW, command.review_id, command, ctx)
    return WrittenReviewView.of(await _access_any(command.review_id, ctx))


async def put_review_away(review_id: str, reason: str, ctx: Context) -> str:
    """Hide one, whoever asks; answers whose it is."""
    review = await _access_any(review_id, ctx)
    await _set(review, HiddenReview(reason=reason, at=ctx.now), ctx)
    return review.reviewer


async def bring_review_back(review_id: str, ctx: Context) -> None:
    """Show one again, if it is there still."""
    review = await ctx.store.reviews.get(review_id)
    if review is not None and review.hidden is not None:
        await _set(review, None, ctx)


async def _set(review: Review, hidden: HiddenReview | None, ctx: Context) -> None:
    await keep(review, ctx, hidden=hidden)
    act = Act.REVIEW_HIDDEN if hidden is not None else Act.REVIEW_SHOWN
    before, after = ("" if one is None else one.reason for one in (review.hidden, hidden))
    await write_down(act, review.id, ctx, before=before, after=after)


async def _access_any(review_id: str, ctx: Context) -> Review:
    review = await ctx.store.reviews.get(review_id)
    if review is None:
        raise NotFound("There is no such review.")
    return review
