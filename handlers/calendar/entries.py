"""What a swap, or a lesson beside it, says in somebody's calendar, of whatever make that is."""

from handlers.lessons import Lesson
from store.series import Series, State
from store.swaps import Status, Swap

GONE = frozenset({Status.REJECTED, Status.CANCELLED, Status.EXPIRED})


def title_of(swap: Swap, user_id: str, name: str) -> str:
    """What one gives for what, and with whom."""
    gives, takes = swap.offered_skill, swap.desired_skill
    if user_id != swap.requestor:
        gives, takes = takes, gives
    return f"SkillNet: {gives} for {takes}, with {name}"


def title_of_lesson(lesson: Lesson, name: str) -> str:
    """Which one, and with whom."""
    return f"SkillNet: lesson {lesson.number + 1}, with {name}"


def is_off(series: Series, lesson: Lesson) -> bool:
    """Whether it was called off. What was held before the series ended was held."""
    start = (lesson.span or lesson.planned).start
    return lesson.span is None or (series.state is State.ENDED and start > series.updated_at)
