"""What people achieve."""

from handlers.events.base import Event
from handlers.views.achievements import AchievementView
from store.scores import Window


class AchievementAwarded(Event):
    """You earned a badge, or staff gave it to you; told once for each badge."""

    name = "achievement:awarded"
    user_id: str
    achievement: AchievementView


class LeaderboardChanged(Event):
    """You have other points on this month's board, or somebody passed you; once in five seconds at most.

    It is a word of the moment: others' ranks and other boards are asked for.
    """

    name = "leaderboard:changed"
    durable = False
    window: Window
    period: str
    my_rank: int | None
    my_points: int


EVENTS: tuple[type[Event], ...] = (AchievementAwarded, LeaderboardChanged)
