"""What the journals, the processes and the metrics say together, as lines of a table."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.faults.journal import entries
from tests.figures import figure


@dataclass(frozen=True, slots=True)
class Used:
    """What a program and its children had used at a moment."""

    cpu_seconds: float
    resident_bytes: int

    @classmethod
    def by(cls, pids: Iterable[int]) -> "Used":
        """What some processes have, with all that they started."""
        roots = map(psutil.Process, pids)
        family = [one for root in roots for one in (root, *root.children(recursive=True))]
        times = [one.cpu_times() for one in family]
        return cls(sum(time.user + time.system for time in times), sum(one.memory_info().rss for one in family))


def spread(figures: Iterable[float], unit: Callable[[float], str]) -> str:
    """The middle one, and those that 5 % and 1 % exceed."""
    ordered = sorted(figures)
    if not ordered:
        return "nothing"
    return " / ".join(unit(ordered[min(len(ordered) - 1, int(len(ordered) * share))]) for share in (0.5, 0.95, 0.99))


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"


def in_seconds(seconds: float) -> str:
    return f"{seconds:.1f} s"


def lag_bound(before: Mapping[str, float], after: Mapping[str, float], share: float) -> float:
    """A bound that so much of the event loop's lags between two looks kept."""
    name = "skillnet_loop_lag_seconds_bucket"
    bounds = {key: float(found[1]) for key in after if (found := re.search(r'le="([\d.+Inf]+)"', key)) and name in key}
    whole = figure(dict(after), name, le="+Inf") - figure(dict(before), name, le="+Inf")
    kept = (bound for key, bound in bounds.items() if after[key] - before.get(key, 0) >= share * whole)
    return min(kept)


def deliveries(journal: Path, *, until: float) -> list[float]:
    """From sending to hearing, for each of the others, of what was sent before a moment."""
    sent, sender = {}, {}
    for entry in entries(journal, "sent"):
        if entry["at"] < until:
            sent[entry["client_id"]] = entry["at"], entry["device"]
    began = {}
    for entry in entries(journal, "acked"):
        if entry["client_id"] in sent:
            began[entry["id"]], sender[entry["id"]] = sent[entry["client_id"]]
    return [
        entry["at"] - began[entry["id"]]
        for entry in entries(journal, "received")
        if entry["id"] in began and entry["device"] != sender[entry["id"]] and entry["how"] == "live"
    ]


def acknowledgements(journal: Path, *, since: float = 0.0, until: float = math.inf) -> list[float]:
    """From sending for the first time to the answer, of what was answered between two moments."""
    return [entry["in_all"] for entry in entries(journal, "acked") if since <= entry["at"] < until]


def returns(journal: Path) -> tuple[list[float], int]:
    """Of those who were cut off: how long until each was greeted anew, and of how many all could be replayed."""
    cut = {entry["device"]: entry["at"] for entry in entries(journal, "cut")}
    back: dict[str, float] = {}
    recovered = 0
    for entry in entries(journal, "hello"):
        device = entry["device"]
        if device in cut and device not in back and entry["at"] > cut[device]:
            back[device] = entry["at"] - cut[device]
            recovered += entry["recovered"]
    return list(back.values()), recovered
