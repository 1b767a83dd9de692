"""Whether this process refuses changes: by its setting, or as staff said last, on whichever process.

It is told at once, and looks for itself every few seconds: what nobody heard, while Redis was away, is found then.
"""

import asyncio
import json
from collections.abc import Callable

import structlog

import background
from store.database import is_unavailable
from store.maintenance import Maintenance

log = structlog.get_logger(__name__)

LOOK_SECONDS = 5.0
BY_SETTING = "SkillNet is being worked on."


class Standing:
    """What holds here."""

    def __init__(self, kept: Maintenance, *, by_setting: bool) -> None:
        self._kept = kept
        self._by_setting = by_setting
        self._words: str | None = None
        self._heard = 0
        self._tell: Callable[[str | None], None] = lambda _: None
        self._task: asyncio.Task[None] | None = None

    @property
    def words(self) -> str | None:
        """What people are told who want to change something; None if they may."""
        if self._words is None and self._by_setting:
            return BY_SETTING
        return self._words

    async def start(self, tell: Callable[[str | None], None]) -> None:
        """Begin to look; `tell` hears of every change."""
        await self._look()
        self._tell = tell
        self._task = asyncio.create_task(self._look_forever(), name="standing")

    async def stop(self) -> None:
        """End that."""
        await background.end(self._task)

    def hear(self, body: str) -> None:
        """Take in an event of the audience of processes: `server:maintenance`."""
        data = json.loads(body)["data"]
        self._heard += 1
        self._take(data["words"] if data["on"] else None)

    def _take(self, words: str | None) -> None:
        before = self.words
        self._words = words
        if self.words != before:
            self._tell(self.words)

    async def _look(self) -> None:
        heard = self._heard
        try:
            last = await self._kept.last()
        except Exception as error:
            # Nothing can be changed while the database is away, whatever was said.
            if not is_unavailable(error):
                log.exception("look_failed")
            return
        # What was heard meanwhile is newer than what was asked for before.
        if heard == self._heard:
            self._take(last.words if last is not None and last.on else None)

    async def _look_forever(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self._look()
