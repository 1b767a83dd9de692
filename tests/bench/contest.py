"""Interleaved rounds: everybody is measured once in each round, and the ratio of a round is that of neighbours in time.

A figure is never compared with one of another run.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

OURS = "SkillNet"

# What is measured, and the most that our share of each rival's figure may be; None where there is no promise.
Targets = Mapping[str, Mapping[str, float | None]]
# One turn of one contender: a figure for each thing that is measured.
Turn = Callable[[], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table: the median of our share of what a rival needs, and the middle half of the rounds."""

    what: str
    unit: str
    rival: str
    target: float | None
    ours: list[float]
    theirs: list[float]

    @property
    def ratios(self) -> list[float]:
        """Our share in each round, smallest first."""
        return sorted(our / their for our, their in zip(self.ours, self.theirs, strict=True))

    def row(self) -> str:
        """The line, in Markdown."""
        ratio, quarter = median(self.ratios), len(self.ours) // 4
        promised = "" if self.target is None else f"≤ {self.target:g}"
        verdict = " (missed)" if self.target is not None and ratio > self.target else ""
        low, high = self.ratios[quarter], self.ratios[-1 - quarter]
        ours, theirs = (f"{_short(median(figures))} {self.unit}" for figures in (self.ours, self.theirs))
        return (
            f"| {self.what} | {self.rival} | {promised} | **{ratio:.2f}**{verdict} | {low:.2f}–{high:.2f} "
            f"| {len(self.ours)} | {ours} | {theirs} |"
        )


def contest(turns: Mapping[str, Turn], targets: Targets, *, unit: str, rounds: int) -> list[Finding]:
    """Give everybody `rounds` turns one after the other, after one that counts for nothing."""
    figures: dict[str, list[Mapping[str, float]]] = {name: [] for name in turns}
    for number in range(rounds + 1):
        for name, turn in turns.items():
            figure = turn()
            if number:
                figures[name].append(figure)
    return [
        Finding(what, unit, rival, target, [f[what] for f in figures[OURS]], [f[what] for f in figures[rival]])
        for what, promises in targets.items()
        for rival, target in promises.items()
    ]


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"


def table(findings: list[Finding]) -> str:
    """The findings in Markdown."""
    head = "| what | against | target | ratio | middle half | rounds | SkillNet | the other |"
    return "\n".join([head, "| --- " * 8 + "|", *(finding.row() for finding in findings)])
