"""What the clients of a fault test saw, one JSON line each, on disk before it counts.

A journal is only ever added to: it is the evidence that the oracle reads.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """An append-only file of entries."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", buffering=1)

    def note(self, kind: str, **facts: object) -> None:
        """Add one entry, with the time in seconds of a clock that all processes of this machine share."""
        self._file.write(json.dumps({"kind": kind, "at": time.monotonic(), **facts}) + "\n")

    def close(self) -> None:
        self._file.close()


def entries(path: Path, kind: str) -> Iterator[dict[str, Any]]:
    """The entries of one kind, in the order they were written."""
    with path.open() as file:
        for line in file:
            entry = json.loads(line)
            if entry["kind"] == kind:
                yield entry
