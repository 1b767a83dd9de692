"""Whether this process refuses changes: by its setting, or as staff said last, on whichever process.

It is told at once, and looks for itself every few seconds: what nobody heard, while Redis was away, is found then.
"""

import json
from collections.abc import Callable
from datetime import timedelta

from server.rounds import Rounds
from store.maintenance import Maintenance

LOOK_EVERY = timedelta(seconds=5)
BY_SETTING = "SkillNet is being worked on."


class Standing:
    """What holds here."""

    def __init__(self, kept: Maintenance, *, by_setting: bool) -> None:
        self._kept = kept
        self._by_setting = by_setting
        self._words: str | None = None
        self._heard = 0
        self._tell: Callable[[str | None], None] = lambda _: None
        self._rounds = Rounds(self._look, LOOK_EVERY, name="standing")

    @property
    def words(self) -> str | None:
        """What people are told who want to change something; None if they may."""
        if self._words is None and self._by_setting:
            return BY_SETTING
        return self._words

    async def start(self, tell: Callable[[str | None], None]) -> None:
        """Begin to look; `tell` hears of every change."""
        await self._rounds.once()
        self._tell = tell
        self._rounds.start()

    async def stop(self) -> None:
        """End that."""
        await self._rounds.stop()

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
        last = await self._kept.last()
        # What was heard meanwhile is newer than what was asked for before.
        if heard == self._heard:
            self._take(last.words if last is not None and last.on else None)
