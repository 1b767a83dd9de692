"""Time as sets of moments: spans in UTC, joined, cut and intersected. Pure: no clock, no database, no server's zone.

A span holds its start and not its end, so that what ends at ten and what begins at ten do not meet.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple


class Span(NamedTuple):
    """From a moment until just before another, both in UTC."""

    start: datetime
    end: datetime

    def padded(self, before: timedelta, after: timedelta) -> "Span":
        return Span(self.start - before, self.end + after)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same moments in order, with as few spans as can be; empty ones go."""
    found: list[Span] = []
    for span in sorted(spans):
        if span.start >= span.end:
            continue
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def common(some: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The moments that are in both."""
    left, right = joined(some), joined(others)
    found: list[Span] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i].start, right[j].start), min(left[i].end, right[j].end)
        if start < end:
            found.append(Span(start, end))
        if left[i].end < right[j].end:
            i += 1
        else:
            j += 1
    return found


def without(some: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """The moments of the first that are in none of the second."""
    found: list[Span] = []
    cuts = joined(taken)
    first = 0
    for span in joined(some):
        start = span.start
        while first < len(cuts) and cuts[first].end <= start:
            first += 1
        for cut in cuts[first:]:
            if cut.start >= span.end:
                break
            if start < cut.start:
                found.append(Span(start, cut.start))
            start = max(start, cut.end)
        if start < span.end:
            found.append(Span(start, span.end))
    return found
