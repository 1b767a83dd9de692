"""Telling who looks at their dashboard that it has changed: once what changes it was told, and seldom.

It follows from what this process tells a person anyway, and so costs no write, no question, and no word to Redis.
"""

import asyncio
from collections.abc import Callable, Sized
from datetime import datetime

from handlers.context import PERSON
from handlers.events.dashboard import CHANGING, LOOKED_AT, DashboardChanged
from server.envelope import of_nobody
from server.fanout import FeedEvent

# What one change brings comes together; after that nobody is told oftener than once in the pause.
SOON_SECONDS = 0.2
PAUSE_SECONDS = 5.0


class Nudges:
    """Of each audience that looks on: whether it is about to be told, or was just told, and has to be once more."""

    def __init__(
        self,
        members: Callable[[str], Sized],
        tell: Callable[[str, FeedEvent], None],
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._members = members
        self._tell = tell
        self._clock = clock
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._told: set[str] = set()
        self._again: set[str] = set()

    def lets_pass(self, audience: str, type_: str) -> bool:
        """Whether what comes for an audience is told as it is; a nudge waits for others."""
        if type_ == DashboardChanged.name:
            self._nudge(audience)
            return False
        if type_ in CHANGING and audience.startswith(PERSON):
            self._nudge(LOOKED_AT + audience[len(PERSON) :])
        return True

    def stop(self) -> None:
        """Tell nobody any more."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _nudge(self, onlookers: str) -> None:
        if onlookers in self._told:
            self._again.add(onlookers)
        elif onlookers not in self._timers and self._members(onlookers):
            self._wait(SOON_SECONDS, self._say, onlookers)

    def _say(self, onlookers: str) -> None:
        event = DashboardChanged()
        self._tell(onlookers, FeedEvent(0, "", event.name, of_nobody(event, self._clock())))
        self._told.add(onlookers)
        self._wait(PAUSE_SECONDS, self._rest, onlookers)

    def _rest(self, onlookers: str) -> None:
        del self._timers[onlookers]
        self._told.discard(onlookers)
        if onlookers in self._again:
            self._again.discard(onlookers)
            self._say(onlookers)

    def _wait(self, seconds: float, do: Callable[[str], None], onlookers: str) -> None:
        self._timers[onlookers] = asyncio.get_running_loop().call_later(seconds, do, onlookers)
