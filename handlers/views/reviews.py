"""Reviews, as everybody sees them, as who wrote them does, and as moderators do; and what they come to."""

from datetime import datetime

from pydantic import Field

from handlers.models import View
from handlers.views.authors import AuthorView
from handlers.views.base import Page
from handlers.views.profiles import RatingsView
from store.ratings import Rated, Ratings, SkillRated
from store.reviews import Criterion, HiddenReview, Reply, Review, SkillRating
from store.swaps import Status, Swap


class ReviewView(View):
    """What somebody says of a person they had a swap with."""

    id: str
    reviewer: str
    reviewee: str
    author: AuthorView = Field(description="The reviewer, as everybody sees them.")
    rating: int
    comments: str
    associated_swap_request: str
    held: bool = Field(description="Whether the swap was; of one that the other side broke no rating counts.")
    criteria: dict[Criterion, int]
    skills: tuple[SkillRating, ...]
    reply: Reply | None = Field(description="What the reviewed person says to it.")
    published_at: datetime | None
    version: int
    createdAt: datetime  # noqa: N815 - the blueprint's name
    updatedAt: datetime  # noqa: N815

    @classmethod
    def of(cls, review: Review, author: AuthorView) -> "ReviewView":
        return cls(
            id=review.id,
            reviewer=review.reviewer,
            reviewee=review.reviewee,
            author=author,
            rating=review.rating,
            comments=review.comments,
            associated_swap_request=review.associated_swap_request,
            held=review.held,
            criteria=review.criteria,
            skills=review.skills,
            reply=review.reply,
            published_at=review.published_at,
            version=review.version,
            createdAt=review.created_at,
            updatedAt=review.updated_at,
        )


class WrittenReviewView(View):
    """A review as who wrote it sees it. Until it is published they may change it, and nobody else reads it."""

    id: str
    reviewer: str
    reviewee: str
    rating: int
    comments: str
    associated_swap_request: str
    held: bool
    criteria: dict[Criterion, int]
    skills: tuple[SkillRating, ...]
    was_appropriate: bool
    private_note: str
    reply: Reply | None
    published_at: datetime | None
    hidden: HiddenReview | None = Field(description="Staff keeps it from everybody else, and why.")
    version: int
    createdAt: datetime  # noqa: N815 - the blueprint's name
    updatedAt: datetime  # noqa: N815

    @classmethod
    def of(cls, review: Review) -> "WrittenReviewView":
        fields = review.model_dump(exclude={"created_at", "updated_at", "order", "frozen"})
        return cls(**fields, createdAt=review.created_at, updatedAt=review.updated_at)


class ReviewPage(Page[ReviewView]):
    """A part of somebody's reviews, and what all of them come to."""

    ratings: RatingsView
    criteria: dict[Criterion, Rated]
    skills: tuple[SkillRated, ...]

    @classmethod
    def with_ratings(cls, page: Page[ReviewView], ratings: Ratings) -> "ReviewPage":
        return cls(
            items=page.items,
            next_cursor=page.next_cursor,
            ratings=RatingsView.of(ratings),
            criteria=ratings.criteria,
            skills=ratings.skills,
        )


class PendingReviewView(View):
    """A swap that you may still review: it was held, or the other side broke it."""

    swap_id: str
    reviewee: str
    skill: str = Field(description="What they taught you.")
    held: bool = Field(description="Whether it was; else they did not come, or called it off too late.")
    completed_at: datetime
    until: datetime = Field(description="Until when you may.")

    @classmethod
    def of(cls, swap: Swap, *, reader: str, until: datetime) -> "PendingReviewView":
        return cls(
            swap_id=swap.id,
            reviewee=swap.other(reader),
            skill=taught_to(reader, swap),
            held=swap.status is Status.COMPLETED,
            completed_at=swap.closed_at or swap.updated_at,
            until=until,
        )


def taught_to(user_id: str, swap: Swap) -> str:
    """What somebody learnt in a swap, as it was called."""
    return swap.desired_skill if user_id == swap.requestor else swap.offered_skill
