"""Interleaved rounds: everybody is measured once in each round, and the ratio of a round is that of neighbours in time.

A figure is never compared with one of another run.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

OURS = "SkillNet"

Measure = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table: the median of our share of what a rival needs, and the middle half of the rounds."""

    what: str
    rival: str
    target: float | None
    ratio: float
    spread: tuple[float, float]
    rounds: int
    ours: float
    theirs: float
    unit: str

    @property
    def held(self) -> bool:
        """Whether the target is met."""
        return self.target is None or self.ratio <= self.target


def contest(
    what: str, unit: str, measures: Mapping[str, Measure], targets: Mapping[str, float | None], *, rounds: int,
    ours: str = OURS,
) -> list[Finding]:  # fmt: skip
    """Measure everybody `rounds` times in turn, after one round that counts for nothing; a line for each target."""
    figures: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds + 1):
        for name, measure in measures.items():
            figure = measure()
            if number:
                figures[name].append(figure)
    return [_finding(what, unit, figures, rival, targets[rival], ours) for rival in targets]


def _finding(
    what: str, unit: str, figures: Mapping[str, list[float]], rival: str, target: float | None, ours: str
) -> Finding:
    ratios = sorted(our / their for our, their in zip(figures[ours], figures[rival], strict=True))
    quarter = len(ratios) // 4
    return Finding(
        what,
        rival,
        target,
        median(ratios),
        (ratios[quarter], ratios[-1 - quarter]),
        len(ratios),
        median(figures[ours]),
        median(figures[rival]),
        unit,
    )


def table(findings: list[Finding]) -> str:
    """The findings in Markdown."""
    lines = [
        "| what | against | target | ratio | middle half | rounds | SkillNet | the other |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {f.what} | {f.rival} | {'' if f.target is None else f'≤ {f.target:g}'} | **{f.ratio:.2f}**"
        f"{'' if f.held else ' (missed)'} | {f.spread[0]:.2f}–{f.spread[1]:.2f} | {f.rounds} "
        f"| {f.ours:.3g} {f.unit} | {f.theirs:.3g} {f.unit} |"
        for f in findings
    ]
    return "\n".join(lines)
