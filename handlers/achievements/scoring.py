"""How points come and go: each cause has its points or has not, and what is written makes it so, once.

A job that runs again finds that it is so already; what no longer holds is reversed, in the window that it counted in.
"""

from datetime import datetime
from typing import NamedTuple

from handlers.achievements.awarding import CountAnew, evaluate
from handlers.achievements.ranking import standing_changed
from handlers.badges import MOST_A_DAY, RECEIVED_POINTS, WRITTEN_POINTS, standing, worth
from handlers.context import Context
from handlers.errands import ScoreReview, ScoreSwap
from handlers.errors import Conflict
from handlers.events.dashboard import DashboardChanged, onlookers
from handlers.fitting import shown_point
from handlers.streaks import day_of
from store.areas import area_of
from store.gigs import GigSkill
from store.repository import order_of
from store.scores import (
    KEPT,
    Board,
    Reason,
    Score,
    Standing,
    Window,
    boards_of,
    score_id,
    standing_order,
)
from store.swaps import Action, Outcome, Status, Swap
from store.users import Role, User


class Cause(NamedTuple):
    """Something that a person may have points for."""

    name: str
    reason: Reason
    partner: str
    at: datetime
    skill: str = ""
    minutes: int = 0
    stars: int = 0


async def score_swap(errand: ScoreSwap, ctx: Context) -> None:
    """Give both of a swap their points, or take them back."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    if swap is None:
        return
    for person in sorted(swap.people):
        taught = swap.offered_skill if person == swap.requestor else swap.desired_skill
        cause = Cause(
            f"swap:{swap.id}",
            Reason.SWAP,
            swap.other(person),
            swap.closed_at or swap.updated_at,
            GigSkill.called(taught).key,
            swap.duration_minutes,
        )
        await _score(person, cause, ctx, holds=_is_sure(swap))


async def score_review(errand: ScoreReview, ctx: Context) -> None:
    """Give who wrote a review and whom it praises their points, or take them back."""
    review = await ctx.store.reviews.get(errand.review_id)
    if review is None:
        return
    at = review.published_at or review.created_at
    written = Cause(f"review:{review.id}", Reason.REVIEW_WRITTEN, review.reviewee, at)
    received = Cause(f"review:{review.id}", Reason.REVIEW_RECEIVED, review.reviewer, at, stars=review.rating)
    for person, cause in sorted([(review.reviewer, written), (review.reviewee, received)]):
        await _score(person, cause, ctx, holds=review.is_shown and review.held)


def _is_sure(swap: Swap) -> bool:
    """Whether it was held as both say, or staff: silence completes a swap and gives nobody points."""
    said = [swap.outcomes.get(person) is Outcome.HAPPENED for person in swap.people]
    decided = any(step.action is Action.DECIDE for step in swap.history)
    return swap.status is Status.COMPLETED and (all(said) or decided)


async def _score(user_id: str, cause: Cause, ctx: Context, *, holds: bool) -> None:
    """Have somebody have the points for a cause, or not."""
    user = await ctx.store.users.get(user_id)
    if user is None or user.erased_at is not None:
        return
    steps = await ctx.store.scores.of_cause(user_id, cause.name)
    last = steps[-1] if steps else None
    if holds == (last is not None and last.sign > 0):
        return
    n = len(steps)
    if last is not None and not holds:
        score = last.model_copy(update={"id": score_id(user_id, cause.name, n), "n": n, "sign": -1,
                                        "points": -last.points, "noted_at": ctx.now})  # fmt: skip
    else:
        points = await _points(user_id, cause, ctx)
        score = _entry(user, cause, n, points, ctx)
        if last is not None:
            # Whoever moved meanwhile has them where they got them first.
            score = score.model_copy(update={"area": last.area})
    await ctx.store.scores.insert(score)
    await _count(user, score, ctx)
    await evaluate(user, ctx)


def _entry(user: User, cause: Cause, n: int, points: int, ctx: Context) -> Score:
    return Score(
        id=score_id(user.id, cause.name, n),
        user_id=user.id,
        cause=cause.name,
        n=n,
        reason=cause.reason,
        sign=1,
        points=points,
        partner=cause.partner,
        skill=cause.skill,
        minutes=cause.minutes,
        stars=cause.stars,
        area=home_of(user),
        at=cause.at,
        day=day_of(cause.at, user.time_zone).isoformat(),
        noted_at=ctx.now,
        order=order_of(cause.at, f"{cause.name}:{n}"),
    )


async def _points(user_id: str, cause: Cause, ctx: Context) -> int:
    """What it is worth: less with each that is from the same person, and no more than a day may bring."""
    earlier = standing(await ctx.store.scores.with_partner(user_id, cause.partner, cause.reason))
    match cause.reason:
        case Reason.SWAP:
            points = worth(len(earlier))
        case Reason.REVIEW_WRITTEN:
            points = WRITTEN_POINTS >> len(earlier)
        case Reason.REVIEW_RECEIVED:
            points = RECEIVED_POINTS.get(cause.stars, 0) >> len(earlier)
    today = Board.at(Window.DAY, cause.at)
    had = (await ctx.store.standings.on(user_id, [today])).get(today.key)
    return max(0, min(points, MOST_A_DAY - (0 if had is None else had.points)))


async def _count(user: User, score: Score, ctx: Context) -> None:
    """Add an entry to the boards that it counts on."""
    boards = boards_of(score)
    known = await ctx.store.standings.on(user.id, boards)
    fresh = []
    for board in boards:
        kept = KEPT.get(board.window)
        until = None if kept is None else ctx.now + kept
        if (mine := known.get(board.key)) is None:
            fresh.append(_standing(user, board, score.points, until))
        elif not await ctx.store.standings.add(mine, score.points, kept_until=until):
            raise Conflict("Somebody else counted for this person at the same moment.")
    await ctx.store.standings.insert_all(fresh)
    ctx.emit(DashboardChanged(), to=onlookers(user.id))
    now = Board.at(Window.MONTH, ctx.now)
    if now in boards and score.points and is_listed(user, now):
        await standing_changed(user.id, known.get(now.key), score.points, ctx)


def _standing(user: User, board: Board, points: int, until: datetime | None) -> Standing:
    return Standing(
        id=f"{user.id}:{board.key}",
        user_id=user.id,
        board=board.key,
        points=points,
        in_area=bool(board.area),
        listed_on=board.key if is_listed(user, board) else None,
        order=standing_order(points, user.id),
        kept_until=until,
    )


def is_compared(user: User) -> bool:
    """Whether others see somebody on boards: not who does not want to be compared, and not staff."""
    return user.privacy.leaderboard and user.role is Role.USER


def is_listed(user: User, board: Board) -> bool:
    """Whether others see somebody on a board; on that of an area not who does not show where they live."""
    return is_compared(user) and bool(not board.area or home_of(user))


def home_of(user: User) -> str:
    """The area in which somebody lives, if they show it."""
    point = shown_point(user)
    return "" if point is None else area_of(*point.coordinates)


async def count_anew(errand: CountAnew, ctx: Context) -> None:
    """Reckon all of a person's boards anew from their entries; what is right already stays."""
    scores = await ctx.store.scores.owned(errand.user_id)
    for one in await ctx.store.standings.of_person(errand.user_id):
        total = sum(score.points for score in scores if one.board in {board.key for board in boards_of(score)})
        if total != one.points and not await ctx.store.standings.add(one, total - one.points, kept_until=None):
            raise Conflict("Somebody else counted for this person at the same moment.")
