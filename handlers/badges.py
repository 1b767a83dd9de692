"""What is worth what, and which badges there are: numbers and tables, and nothing that asks or writes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from handlers.streaks import streaks
from store.scores import Reason, Score

# Of swaps with one partner the first is worth this much, the next half as much: friends who swap for ever do not
# stand above those who teach many.
SWAP_POINTS = 20
WRITTEN_POINTS = 5
RECEIVED_POINTS = {5: 10, 4: 5}
# Nobody gets more for one day.
MOST_A_DAY = 100


class Metric(StrEnum):
    """What a badge counts."""

    SWAPS = "swaps"
    PARTNERS = "partners"
    REVIEWS = "reviews"
    PRAISE = "praise"
    SKILLS = "skills"
    HOURS = "hours"
    STREAK = "streak"
    POINTS = "points"


class Badge(NamedTuple):
    """A badge, for people: what for, and how much of it. Without a metric staff gives it."""

    name: str
    criteria: str
    metric: Metric | None = None
    goal: int = 1


BADGES: dict[str, Badge] = {
    "first_swap": Badge("First swap", "Complete a swap.", Metric.SWAPS, 1),
    "regular": Badge("Regular", "Complete ten swaps.", Metric.SWAPS, 10),
    "veteran": Badge("Veteran", "Complete fifty swaps.", Metric.SWAPS, 50),
    "connected": Badge("Connected", "Swap with five different people.", Metric.PARTNERS, 5),
    "well_known": Badge("Well known", "Swap with twenty different people.", Metric.PARTNERS, 20),
    "voice": Badge("Voice", "Review five swaps.", Metric.REVIEWS, 5),
    "praised": Badge("Praised", "Be given five stars by five different people.", Metric.PRAISE, 5),
    "many_sided": Badge("Many-sided", "Teach three different skills.", Metric.SKILLS, 3),
    "teacher": Badge("Teacher", "Spend twenty hours in swaps.", Metric.HOURS, 20),
    "steady": Badge("Steady", "Swap in four weeks in a row; vacations do not count.", Metric.STREAK, 4),
    "distinguished": Badge("Distinguished", "Get five hundred points.", Metric.POINTS, 500),
    "helping_hand": Badge("Helping hand", "Given by staff, for what no number says."),
}


class Progress(NamedTuple):
    """What somebody has done, by metric, and how many weeks in a row until now."""

    counts: dict[Metric, int]
    streak: int

    @property
    def points(self) -> int:
        return self.counts[Metric.POINTS]


def worth(earlier: int) -> int:
    """What a swap with a partner is worth after so many with the same one."""
    return SWAP_POINTS >> earlier


def standing(scores: Iterable[Score]) -> list[Score]:
    """The entries that were not taken back."""
    last: dict[str, Score] = {}
    for score in scores:
        if score.cause not in last or score.n > last[score.cause].n:
            last[score.cause] = score
    return [score for score in last.values() if score.sign > 0]


def progress(scores: Sequence[Score], frozen: Collection[date], today: date) -> Progress:
    """What entries come to as progress."""
    counted = standing(scores)
    swaps = [one for one in counted if one.reason is Reason.SWAP]
    now, longest = streaks([one.date for one in swaps], frozen, today)
    return Progress(
        {
            Metric.SWAPS: len(swaps),
            Metric.PARTNERS: len({one.partner for one in swaps}),
            Metric.REVIEWS: sum(one.reason is Reason.REVIEW_WRITTEN for one in counted),
            Metric.PRAISE: len({one.partner for one in counted if one.stars == 5}),
            Metric.SKILLS: len({one.skill for one in swaps if one.skill}),
            Metric.HOURS: sum(one.minutes for one in swaps) // 60,
            # The longest: what was once steady stays so.
            Metric.STREAK: longest,
            Metric.POINTS: sum(one.points for one in scores),
        },
        now,
    )
