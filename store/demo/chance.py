"""What a seed decides: of each thing by itself, so that more of them change none of the others."""

import hashlib
from random import Random
from typing import NamedTuple


class Chance(NamedTuple):
    """The same each time, for a seed."""

    seed: int

    def of(self, what: str, number: int) -> Random:
        """What falls to one thing."""
        return Random(f"{self.seed}.{what}.{number}")  # noqa: S311 - a demo, and the same each time

    def id(self, what: str, number: int) -> str:
        """Under which it is kept."""
        return hashlib.sha256(f"{self.seed}.{what}.{number}".encode()).hexdigest()[:24]
