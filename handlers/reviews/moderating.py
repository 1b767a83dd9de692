"""What staff does with reviews: reads what is said to moderators alone, and hides what should not be there."""

from pydantic import Field, model_validator

from handlers.context import Context
from handlers.errands import Errand, ask_later
from handlers.errors import NotFound
from handlers.models import Command, Cursor, Limit, Query, Reason
from handlers.notifying import notify
from handlers.reviews.keeping import keep
from handlers.reviews.writing import ReviewId
from handlers.views.base import Page
from handlers.views.reviews import WrittenReviewView
from store.notifications import Topic
from store.reviews import HiddenReview
from store.staff_log import Act, StaffAct


class ListNotedReviews(Query):
    """Those that say something to moderators."""

    cursor: Cursor | None = None
    limit: Limit = 30


class ModerateReview(Command):
    """Whether everybody may see it, and why not."""

    turn_by = "review_id"

    review_id: ReviewId
    hidden: bool
    reason: Reason = Field(default="", description="With `hidden`: told to who wrote it.")

    @model_validator(mode="after")
    def says_why(self) -> "ModerateReview":
        """Nothing is hidden without a reason."""
        if self.hidden and not self.reason:
            raise ValueError("Say why it is hidden, in `reason`.")
        return self


class TellModerated(Errand):
    """Who wrote it is to know what staff did."""

    review_id: str


async def list_noted_reviews(query: ListNotedReviews, ctx: Context) -> Page[WrittenReviewView]:
    """Reviews with a note to moderators, or that say somebody did not behave; the last first."""
    found = await ctx.store.reviews.for_staff(before=query.cursor, limit=query.limit + 1)
    return Page.of(found, WrittenReviewView.of, limit=query.limit)


async def moderate_review(command: ModerateReview, ctx: Context) -> WrittenReviewView:
    """Hide a review from everybody but who wrote it, or show it again; what it counted for is reckoned anew."""
    review = await ctx.store.reviews.get(command.review_id)
    if review is None:
        raise NotFound("There is no such review.")
    hidden = HiddenReview(reason=command.reason, at=ctx.now) if command.hidden else None
    after = await keep(review, ctx, hidden=hidden)
    act = Act.REVIEW_HIDDEN if command.hidden else Act.REVIEW_SHOWN
    old, new = ("" if one is None else one.reason for one in (review.hidden, hidden))
    await ctx.store.staff_log.insert(StaffAct.of(act, review.id, old, new, by=ctx.actor.user_id, at=ctx.now))
    # By an errand: who acts is named in what they notify others of, and staff is named to nobody.
    await ask_later(TellModerated(review_id=review.id), ctx)
    return WrittenReviewView.of(after)


async def tell_moderated(errand: TellModerated, ctx: Context) -> None:
    """Notify who wrote it."""
    review = await ctx.store.reviews.get(errand.review_id)
    if review is None:
        return
    why = "" if review.hidden is None else review.hidden.reason
    title = f"Staff hid your review: {why}" if why else "Everybody sees your review again."
    await notify([review.reviewer], Topic.MODERATION, ctx, title=title, about=f"review:{review.id}")
