"""What people achieve."""

from handlers.events.base import Event
from handlers.views.achievements import AchievementView


class AchievementAwarded(Event):
    """You earned a badge, or staff gave it to you; told once for each badge."""

    name = "achievement:awarded"
    user_id: str
    achievement: AchievementView


EVENTS: tuple[type[Event], ...] = (AchievementAwarded,)
