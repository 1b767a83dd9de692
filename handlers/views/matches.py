"""People who fit each other, and why."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from handlers.fitting import Fit, Lesson
from handlers.models import View
from handlers.views.profiles import PersonCardView
from store.matches import Match
from store.profiles import Mode
from store.users import Level, User


class LessonView(View):
    """A skill that one teaches and the other wants to learn: how well it is known, and how well it is wanted."""

    key: str
    name: str
    level: Level
    wanted_level: Level

    @classmethod
    def of(cls, lesson: Lesson) -> "LessonView":
        taught = lesson.taught
        return cls(key=taught.key, name=taught.name, level=taught.level, wanted_level=lesson.wanted.level)


class MatchView(View):
    """Somebody who teaches what you want to learn and wants to learn what you teach."""

    id: str
    user: PersonCardView
    score: int = Field(
        description="Of 100: skills up to 60; a language, nearness, how and when both like to meet up to 10 each."
    )
    you_teach: tuple[LessonView, ...]
    they_teach: tuple[LessonView, ...]
    shared_languages: tuple[str, ...] | None = Field(description="Null if one of you does not show any.")
    distance_km: int | None = Field(description="To ten kilometres; null if one of you does not show where they are.")
    shared_modes: tuple[Mode, ...] | None = Field(description="How both like to meet; null if one of you did not say.")
    shared_hours: int | None = Field(description="Of a week, in which both want to meet; null if one never said when.")
    found_at: datetime

    @classmethod
    def of(cls, match: Match, other: User, why: Fit) -> "MatchView":
        """As the one sees it who gives what `why` says that they give."""
        return cls(
            id=match.id,
            user=PersonCardView.of(other),
            score=match.score,
            you_teach=_lessons(why.gives),
            they_teach=_lessons(why.takes),
            shared_languages=why.languages,
            distance_km=why.distance_km,
            shared_modes=why.modes,
            shared_hours=why.hours,
            found_at=match.found_at,
        )


def _lessons(lessons: Sequence[Lesson]) -> tuple[LessonView, ...]:
    return tuple(map(LessonView.of, lessons))
