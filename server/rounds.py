"""Looking at something again and again: every so often, and at once where something may have gone unheard."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import structlog

import background
from store.database import is_unavailable

# What changed is found by the moment that whoever changed it gave: clocks differ, and commits come a little later.
BELATED = timedelta(minutes=1)

log = structlog.get_logger(__name__)


class Rounds:
    """Looks whenever it is time. What one look fails at is left to the next."""

    def __init__(self, look: Callable[[], Awaitable[None]], every: timedelta, *, name: str) -> None:
        self._look = look
        self._every = every
        self._name = name
        self._doubt = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to go round."""
        self._task = asyncio.create_task(self._forever(), name=self._name)

    async def stop(self) -> None:
        """End that."""
        await background.end(self._task)

    def hurry(self) -> None:
        """Begin the next round now."""
        self._doubt.set()

    async def once(self) -> None:
        """Look, if that can be."""
        try:
            await self._look()
        except Exception as error:
            # While the database is away nothing new is known; the next round is soon, whatever went wrong.
            if not is_unavailable(error):
                log.exception("look_failed", look=self._name)

    async def _forever(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._doubt.wait(), self._every.total_seconds())
            self._doubt.clear()
            await self.once()
