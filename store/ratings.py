"""What reviews come to: how people are rated, reckoned anew from all that everybody sees whenever one of them changes.

Kept with the person, so that whoever shows a person shows it without another question.
"""

from collections.abc import Callable, Iterable, Sequence
from statistics import fmean

from pydantic import BaseModel, ConfigDict

from store.reviews import Criterion, Review

# Somebody of whom nobody has said anything is taken for this good, by so many imagined people: one who is praised once
# is not above one who is praised a hundred times.
EXPECTED, DOUBT = 3.5, 5


class Rated(BaseModel):
    """How often, and how well on average."""

    model_config = ConfigDict(frozen=True)

    count: int = 0
    mean: float | None = None

    @classmethod
    def by(cls, ratings: Sequence[int]) -> "Rated":
        return cls(count=len(ratings), mean=round(fmean(ratings), 2) if ratings else None)


class SkillRated(Rated):
    """The same for one skill."""

    key: str
    name: str


class Ratings(Rated):
    """All of one person's; `score` is what they are compared by."""

    score: float | None = None
    criteria: dict[Criterion, Rated] = {}
    skills: tuple[SkillRated, ...] = ()


def rated(reviews: Sequence[Review]) -> Ratings:
    """What these reviews come to. In the score a person's word counts once, however many swaps they had.

    Of a swap that was broken nobody can say how it was: that is said, and not reckoned with.
    """
    reviews = [one for one in reviews if one.held]
    if not reviews:
        return Ratings()
    overall = Rated.by([one.rating for one in reviews])
    voices = [fmean(ratings) for ratings in _by(reviews, lambda one: one.reviewer).values()]
    score = round((EXPECTED * DOUBT + sum(voices)) / (DOUBT + len(voices)), 2)
    criteria = {
        name: Rated.by(given)
        for name in Criterion
        if (given := [one.criteria[name] for one in reviews if name in one.criteria])
    }
    return Ratings(**overall.model_dump(), score=score, criteria=criteria, skills=_skills(reviews))


def _by(reviews: Iterable[Review], key: Callable[[Review], str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for one in reviews:
        found.setdefault(key(one), []).append(one.rating)
    return found


def _skills(reviews: Iterable[Review]) -> tuple[SkillRated, ...]:
    names: dict[str, str] = {}
    found: dict[str, list[int]] = {}
    for review in reviews:
        for skill in review.skills:
            # The last ones come first: a skill is called as it was called lately.
            names.setdefault(skill.key, skill.name)
            found.setdefault(skill.key, []).append(skill.rating)
    return tuple(
        SkillRated(key=key, name=names[key], **Rated.by(ratings).model_dump()) for key, ratings in sorted(found.items())
    )
