"""What a process counts while it serves: plain numbers, which cost nothing until somebody asks for them.

Nothing here counts per delivery; an event or a request costs one look into a table and two additions.
"""

import asyncio
from bisect import bisect_left
from collections import Counter, defaultdict

from aiohttp import web

import background

# Upper bounds in seconds; the last counts what took longer.
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.5, 5.0)
LOOK_SECONDS = 0.25


class Timing:
    """How often something happened, and how long it took: a histogram."""

    __slots__ = ("counts", "seconds")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        """It happened once more."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds

    @property
    def times(self) -> int:
        return sum(self.counts)


# By method, by template, since clients make up addresses (None: there is nothing there), and by status.
Door = tuple[str, web.AbstractResource | None, int]


class Meter:
    """The counts of the two doors and of the event loop."""

    def __init__(self) -> None:
        self.acknowledged: defaultdict[str, Timing] = defaultdict(Timing)
        self.served: defaultdict[Door, Timing] = defaultdict(Timing)
        # By door and code.
        self.errors: Counter[tuple[str, str]] = Counter()
        # Events that went out, by name, once for each connection.
        self.told: Counter[str] = Counter()
        # Of connections that said where they were: whether all that they missed could be replayed.
        self.recoveries: Counter[bool] = Counter()
        self.lag = Timing()
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look how late the event loop is."""
        self._looking = asyncio.create_task(self._look_forever(), name="loop lag")

    async def stop(self) -> None:
        """End that."""
        await background.end(self._looking)

    async def _look_forever(self) -> None:
        time = asyncio.get_running_loop().time
        while True:
            due = time() + LOOK_SECONDS
            await asyncio.sleep(LOOK_SECONDS)
            self.lag.add(max(0.0, time() - due))
