"""How this process is doing, made from what it counts: for staff that looks on, every two seconds."""

import asyncio
import os
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Sized

import structlog

import background
from handlers.views.staff import ProcessView
from server.meter import BOUNDS, Meter

log = structlog.get_logger(__name__)

EVERY_SECONDS = 2.0
# Refusals are answers; these are failures.
FAILURES = frozenset({"internal", "unavailable"})


class Pulse:
    """The last two seconds."""

    def __init__(self, meter: Meter, *, process: str) -> None:
        self._meter = meter
        # The number alone is not one's own: containers begin at one, each.
        self._name = f"{socket.gethostname()}:{os.getpid()}/{process[:4]}"
        self._connections: Sized = ()
        self._before: Counter[str] = Counter()
        self._lag = [0] * (len(BOUNDS) + 1)
        self._last = ProcessView(process=self._name, sockets=0, asked=0, told=0, failed=0, lag_ms=0, answer_ms=0)
        self._task: asyncio.Task[None] | None = None

    def start(self, connections: Sized, tell: Callable[[ProcessView], Awaitable[None]]) -> None:
        """Begin to look at it, and to tell."""
        self._connections = connections
        self._task = asyncio.create_task(self._beat_forever(tell), name="pulse")

    async def stop(self) -> None:
        """End that."""
        await background.end(self._task)

    def now(self) -> ProcessView:
        """As it was at the last look, but for who is here."""
        return self._last.model_copy(update={"sockets": len(self._connections)})

    def beat(self, seconds: float) -> ProcessView:
        """Look at it, so many seconds after the last time."""
        meter = self._meter
        served = [*meter.acknowledged.values(), *meter.served.values()]
        counted = Counter(
            asked=sum(timing.times for timing in served),
            told=meter.told.total(),
            failed=sum(count for (_, code), count in meter.errors.items() if code in FAILURES),
            spent=round(sum(timing.seconds for timing in served) * 1e6),
        )
        new, self._before = counted - self._before, counted
        lag, self._lag = (
            [now - then for now, then in zip(meter.lag.counts, self._lag, strict=True)],
            [*meter.lag.counts],
        )
        self._last = ProcessView(
            process=self._name,
            sockets=len(self._connections),
            asked=round(new["asked"] / seconds, 1),
            told=round(new["told"] / seconds, 1),
            failed=round(new["failed"] / seconds, 1),
            lag_ms=_worst(lag),
            answer_ms=round(new["spent"] / new["asked"] / 1000, 1) if new["asked"] else 0,
        )
        return self._last

    async def _beat_forever(self, tell: Callable[[ProcessView], Awaitable[None]]) -> None:
        time = asyncio.get_running_loop().time
        last = time()
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            now = time()
            try:
                await tell(self.beat(now - last))
            except Exception:
                log.exception("pulse_failed")
            last = now


def _worst(counts: list[int]) -> float:
    """The bound that the slowest kept, in milliseconds."""
    slowest = max((at for at, count in enumerate(counts) if count), default=0)
    return (*BOUNDS, 2 * BOUNDS[-1])[slowest] * 1000
