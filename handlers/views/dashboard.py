"""What somebody sees first."""

from pydantic import Field

from handlers.models import View
from handlers.views.notifications import NotificationView
from handlers.views.profiles import RatingsView
from handlers.views.reviews import PendingReviewView
from handlers.views.series import LessonView
from handlers.views.swaps import SwapView


class TrendView(View):
    """A number of this month until now, and of the whole month before."""

    value: int
    previous: int
    change_percent: int | None = Field(description="Null where there was nothing to compare with.")

    @classmethod
    def of(cls, value: int, previous: int) -> "TrendView":
        change = round(100 * (value - previous) / previous) if previous else None
        return cls(value=value, previous=previous, change_percent=change)


class StatsView(View):
    """What you did this month."""

    swaps: TrendView
    minutes: TrendView = Field(description="Spent in swaps.")
    points: TrendView
    partners: TrendView = Field(description="Different people you had swaps with.")


class MonthView(View):
    """A month by your clock; its points are counted by UTC's."""

    month: str = Field(description="Like 2026-11.")
    swaps: int
    minutes: int
    points: int


class ChartView(View):
    """Six months, the last one last."""

    months: tuple[MonthView, ...]


class UnreadView(View):
    """What you have not read."""

    messages: int = Field(description="In the hundred conversations that were active last.")
    notifications: int


class NextLessonView(View):
    """A lesson that comes next, and whom you have it with."""

    swap_id: str = Field(description="Beside which swap.")
    user_id: str
    lesson: LessonView


class DashboardView(View):
    """What you did, what comes next, and what waits for you."""

    stats: StatsView
    chart: ChartView
    ratings: RatingsView
    activity: tuple[NotificationView, ...] = Field(description="What you were notified of lately.")
    next_swaps: tuple[SwapView, ...] = Field(description="What you agreed on, the next first.")
    next_lessons: tuple[NextLessonView, ...] = Field(description="Of agreed series, the next first.")
    pending_reviews: tuple[PendingReviewView, ...]
    unread: UnreadView
    matches: int = Field(description="People who fit you; a hundred may be more.")
