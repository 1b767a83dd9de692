"""What one says of a swap's other side, and what that one says to it."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from handlers.context import Context
from handlers.errands import ask_later
from handlers.errors import Conflict, Forbidden, Invalid, NotAllowedNow, NotFound
from handlers.events.dashboard import DashboardChanged, onlookers
from handlers.events.reviews import ReviewUpdated
from handlers.models import Asked, Clean, Command, Creating, Id, Line, Prose, SwapId, UserId, Whole
from handlers.notifying import notify, settle
from handlers.reviewable import access_reviewable, was_held
from handlers.reviews.keeping import keep, tell
from handlers.reviews.opening import OpenReviews, invitation
from handlers.views.reviews import ReviewView, WrittenReviewView, taught_to
from store.gigs import GigSkill
from store.ids import new_id
from store.notifications import Topic
from store.repository import order_of
from store.reviews import Criterion, Reply, Review, SkillRating
from store.swaps import Swap

Stars = Annotated[Whole, Field(ge=1, le=5)]
ReviewId = Annotated[Id, Field(description="The id of a review.")]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2048), Clean]


class SkillRatingGiven(Asked):
    """A skill of the swap, by any of its names."""

    name: Line
    rating: Stars


class _Words(Asked):
    rating: Stars
    comments: Prose = ""
    criteria: dict[Criterion, Stars] = {}
    skills: Annotated[tuple[SkillRatingGiven, ...], Field(max_length=5)] = Field(
        default=(), description="How well they taught what they taught you."
    )
    was_appropriate: bool = Field(default=True, description="For moderators alone: whether they behaved.")
    private_note: Prose = Field(default="", description="For moderators alone.")


class SubmitReview(_Words, Creating):
    """Which swap, and how it was."""

    turn_by = "associated_swap_request"

    reviewer: UserId | None = Field(default=None, description="You; refused if it is anybody else.")
    reviewee: UserId | None = Field(default=None, description="The other side of the swap; refused if it is another.")
    associated_swap_request: SwapId


class EditReview(_Words, Command):
    """What it shall say instead, as a whole."""

    turn_by = "review_id"

    review_id: ReviewId


class ReplyToReview(Command):
    """What you say to it, for everybody."""

    turn_by = "review_id"

    review_id: ReviewId
    text: Said


async def submit_review(command: SubmitReview, ctx: Context) -> WrittenReviewView:
    """Review a completed swap, or one that the other side broke, once.

    Nobody reads it until the other side wrote as well, or two weeks have passed.
    """
    me = ctx.actor.user_id
    ctx.require_self(command.reviewer, "reviewer")
    swap = await access_reviewable(command.associated_swap_request, ctx)
    other = swap.other(me)
    if command.reviewee not in (None, other):
        raise Invalid.field("reviewee", "Must be the other side of the swap; leave it out.")
    for earlier in await ctx.store.reviews.of_swap(swap.id):
        if earlier.reviewer == me:
            raise Conflict("You reviewed this swap already.", current=WrittenReviewView.of(earlier))
    user = await ctx.store.users.get(other)
    if user is None or user.erased_at is not None:
        raise NotAllowedNow("The other side has left; there is nobody to review.")
    id_ = new_id()
    review = Review(
        id=id_,
        reviewer=me,
        reviewee=other,
        associated_swap_request=swap.id,
        held=was_held(swap),
        **_said(command, swap, me),
        created_at=ctx.now,
        updated_at=ctx.now,
        order=order_of(ctx.now, id_),
    )
    await ctx.store.reviews.insert(review)
    await settle([me], invitation(swap), ctx)
    ctx.emit(DashboardChanged(), to=onlookers(me))
    # By an errand, after the commit: of two who write at the same moment neither sees the other's word here.
    await ask_later(OpenReviews(swap_id=swap.id), ctx)
    return WrittenReviewView.of(review)


async def edit_review(command: EditReview, ctx: Context) -> WrittenReviewView:
    """Change what you wrote, until it is published."""
    review = await ctx.store.reviews.get(command.review_id)
    if review is None or review.reviewer != ctx.actor.user_id:
        raise _no_such_review(review, ctx)
    if review.published_at is not None:
        raise NotAllowedNow("It is published; what was read stays as it is.", current=WrittenReviewView.of(review))
    swap = await access_reviewable(review.associated_swap_request, ctx)
    return WrittenReviewView.of(await keep(review, ctx, **_said(command, swap, review.reviewer)))


async def reply_to_review(command: ReplyToReview, ctx: Context) -> ReviewView:
    """Say something to a review of you, for everybody; saying it again replaces it."""
    review = await ctx.store.reviews.get(command.review_id)
    if review is None or not review.is_shown or review.reviewee != ctx.actor.user_id:
        raise _no_such_review(review, ctx)
    replied = await keep(review, ctx, reply=Reply(text=command.text, at=ctx.now))
    about = f"review:{review.id}"
    await notify(
        [review.reviewer], Topic.REVIEWS, ctx, title="Your review was replied to.", about=about, text=command.text,
        key=about,
    )  # fmt: skip
    return await tell(replied, ReviewUpdated, ctx)


def _no_such_review(review: Review | None, ctx: Context) -> Forbidden | NotFound:
    """To whom it may be shown, it exists."""
    if review is not None and (review.is_shown or review.reviewer == ctx.actor.user_id):
        return Forbidden("A review is changed by who wrote it, and replied to by whom it is about.")
    return NotFound("There is no such review.")


def _said(words: _Words, swap: Swap, me: str) -> dict[str, Any]:
    """As it is kept: skills by their keys, and only those that the other side taught."""
    taught = GigSkill.called(taught_to(me, swap))
    skills: dict[str, SkillRating] = {}
    for given in words.skills:
        known = GigSkill.called(given.name)
        if known.key != taught.key:
            raise Invalid.field("skills", f"They taught you {taught.name} in this swap, and not {known.name}.")
        skills[known.key] = SkillRating(key=known.key, name=known.name, rating=given.rating)
    return {
        **words.model_dump(include={"rating", "comments", "criteria", "was_appropriate", "private_note"}),
        "skills": tuple(skills.values()),
    }
