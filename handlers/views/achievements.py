"""Badges, and where people stand by their points."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import Field

from handlers.badges import BADGES, Progress
from handlers.models import View
from handlers.views.authors import AuthorView
from handlers.views.base import Page
from handlers.views.profiles import RatingsView
from store.areas import Box
from store.awards import Award
from store.scores import Standing, Window
from store.users import User


class AchievementView(View):
    """A badge, what it is for, and how far you are."""

    badge: str
    name: str
    criteria: str
    progress: int = Field(description="Never more than `goal`.")
    goal: int
    awarded_at: datetime | None

    @classmethod
    def of(cls, name: str, done: Progress, award: Award | None) -> "AchievementView":
        badge = BADGES[name]
        has = award is not None and award.revoked_at is None
        count = done.counts[badge.metric] if badge.metric is not None else int(has)
        return cls(
            badge=name,
            name=badge.name,
            criteria=badge.criteria,
            progress=min(count, badge.goal),
            goal=badge.goal,
            awarded_at=award.awarded_at if award is not None and has else None,
        )


class AchievementsView(View):
    """All badges there are, and what you did until now."""

    items: tuple[AchievementView, ...]
    points: int
    streak_weeks: int = Field(description="Weeks in a row with a swap, by your own calendar; vacations do not count.")

    @classmethod
    def of(cls, done: Progress, awards: Mapping[str, Award]) -> "AchievementsView":
        items = tuple(AchievementView.of(name, done, awards.get(name)) for name in BADGES)
        return cls(items=items, points=done.points, streak_weeks=done.streak)


class LeaderView(View):
    """Somebody on a board. Those with as many points share a rank, and the next rank follows without a gap."""

    rank: int
    user: AuthorView
    points: int
    ratings: RatingsView

    @classmethod
    def all_of(cls, standings: Sequence[Standing], users: Mapping[str, User], first_rank: int) -> "list[LeaderView]":
        """These people in their order, of whom the first has a rank; who is not shown leaves their rank free."""
        views, rank, last = [], first_rank, None
        for standing in standings:
            rank += last is not None and standing.points != last
            last = standing.points
            if (user := users.get(standing.user_id)) is not None:
                views.append(
                    cls(
                        rank=rank,
                        user=AuthorView.of(user),
                        points=standing.points,
                        ratings=RatingsView.of(user.ratings),
                    )
                )
        return views


class LeaderboardView(Page[LeaderView]):
    """A part of a board, and where you are on it; null if you are not, or do not want to be."""

    window: Window
    period: str = Field(description="Which day, week or month of UTC's; empty for all time.")
    skill: str | None
    area: Box | None = Field(description="Of an area its west, south, east and north, as `box` of a search takes them.")
    my_rank: int | None
    my_points: int | None
    neighbours: tuple[LeaderView, ...] = Field(description="Those around you, and yourself.")
