"""What is asked for in one commit and done after it, by whichever worker takes it."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from handlers.context import Context
from store.gigs import Gig
from store.jobs import Job, Queue
from store.repository import Document


class Errand(BaseModel):
    """What a job of one kind needs to know; `job` is its id, the same at every attempt."""

    # What another version beside this one knows more of is done by what both know.
    model_config = ConfigDict(frozen=True, extra="ignore")

    # What asks somebody outside is of another one.
    queue: ClassVar[Queue] = Queue.WORK

    job: str = ""


class MatchGig(Errand):
    """An offer or a request is published, says something else, or is gone: whoever looks for it shall hear."""

    gig_id: str
    # As it was found until then, if it was.
    was: Gig | None = None


class ListAnew(Errand):
    """Somebody takes part no more, or again: what they offer is found as they are; from after a place on."""

    user_id: str
    before: str | None = None


class SortAnew(Errand):
    """What somebody offers stands elsewhere in lists by rating or by time; from after a place on."""

    user_id: str
    after: str = ""


class CloseReports(Errand):
    """A case is decided: those who reported are to hear of it, and what is held for it may go."""

    case_id: str
    after: str | None = None


class EndSwaps(Errand):
    """Somebody is gone for good: what they had agreed on with others ends."""

    user_id: str


class WishTime(Errand):
    """Somebody moved a version of a swap in their calendar: the other side is asked."""

    swap_id: str
    user_id: str
    version: int
    # None for whole days, which no swap takes.
    time: datetime | None


class WishEnd(Errand):
    """Somebody deleted a swap in their calendar a while ago; it ends, unless they put it back."""

    swap_id: str
    user_id: str
    gone_at: datetime


class WishLesson(Errand):
    """Somebody did something in their calendar to a lesson that was at this time: to that one, and no other."""

    swap_id: str
    user_id: str
    number: int
    was: datetime


class WishLessonTime(WishLesson):
    """They moved it: the other side is asked. What stands there is known by its etag, to be put back."""

    # None for whole days.
    time: datetime | None
    etag: str


class WishLessonEnd(WishLesson):
    """They deleted it a while ago; it is off, unless they put it back."""

    gone_at: datetime


class SwapSettled(Errand):
    """A swap was completed or broken, or that was disputed: whatever rests on it looks again."""

    swap_id: str


class ScoreSwap(Errand):
    """Its people's points for it may be others than before."""

    swap_id: str


class ScoreReview(Errand):
    """The points for a review may be others than before."""

    review_id: str


class StandAnew(Errand):
    """Whether somebody is to be seen among others may have changed, or when they are away."""

    user_id: str
    # When they said so, however late it is done.
    at: datetime | None = None


async def ask_later(errand: Errand, ctx: Context, *, at: datetime | None = None, key: str | None = None) -> None:
    """Have a worker do it once this is committed, or at a moment.

    With a key it is asked for once, until a worker begins: what looks later at all that has come together meanwhile,
    at the earliest moment that anybody asked for.
    """
    due_at = at or ctx.now
    if key is not None and await ctx.store.jobs.ask_again(key, at=due_at):
        return
    kind, payload = type(errand).__name__, errand.model_dump(mode="json", exclude={"job"})
    job = Job(
        kind=kind, queue=errand.queue, errand=payload, due_at=due_at, created_at=ctx.now, key=key, cause=ctx.cause
    )  # fmt: skip
    await ctx.store.jobs.insert(job)


async def go_on(errand: Errand, found: Sequence[Document], ctx: Context, *, most: int) -> None:
    """Have the same done for those who come `after` a part of many; one that is not whole was the last."""
    if len(found) == most:
        await ask_later(errand.model_copy(update={"after": found[-1].id}), ctx)


async def sort_later(user_id: str, ctx: Context) -> None:
    """Have what somebody offers sorted by how they are rated and when they are free now.

    Whoever publishes a review does not wait for all that the other one offers.
    """
    await ask_later(SortAnew(user_id=user_id), ctx, key=f"sort:{user_id}")
