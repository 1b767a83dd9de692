"""Carries committed events from the outbox to the feeds: at once by the process that wrote them, else by a sweeper.

A row goes only after Redis has it. While Redis is away rows simply stay; nothing waits for it, and nothing is lost.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import structlog

from server.fanout import Fanout, FanoutUnavailable
from store.database import is_unavailable
from store.outbox import Outbox, OutboxRow

log = structlog.get_logger(__name__)

# A row older than this was left behind: its own process would have published it long ago.
LEFT_BEHIND = timedelta(seconds=2)
SWEEP_SECONDS = 1.0
LEASE_SECONDS = 3.0
CHUNK = 500
FORGET_SECONDS = 0.05
MOST_QUEUED = 10_000


class Publisher:
    """Publishes what this process committed and, when it leads, what any process left behind."""

    def __init__(
        self, fanout: Fanout, outbox: Outbox, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._fanout = fanout
        self._outbox = outbox
        self._clock = clock
        self._name = secrets.token_hex(8)
        self._queued: list[OutboxRow] = []
        self._published: list[str] = []
        self._wake = asyncio.Event()
        self._forget = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to publish."""
        self._tasks = [
            asyncio.create_task(work(), name=work.__name__)
            for work in (self._publish_forever, self._forget_forever, self._sweep_forever)
        ]

    async def stop(self) -> None:
        """Publish what is queued, if Redis is there, and end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._publish_queued()
        await self._forget_published()

    def announce(self, rows: Sequence[OutboxRow]) -> None:
        """Publish committed rows, soon and off the caller's path."""
        # Beyond this the rows are as safe in the outbox, and the sweeper has them in order.
        if len(self._queued) < MOST_QUEUED:
            self._queued.extend(rows)
            self._wake.set()

    def whisper(self, audience: str, type_: str, body: str) -> None:
        """Tell an audience something of the moment."""
        self._fanout.whisper(audience, type_, body)

    async def sweep(self) -> int:
        """Publish every row that was left behind, oldest first; answers how many."""
        swept = 0
        while rows := await self._outbox.due(before=self._clock() - LEFT_BEHIND, limit=CHUNK):
            # Clocks differ between processes: what has an order is put into it.
            await self._publish(sorted(rows, key=lambda row: (row.order_key or "", row.order_n or 0)))
            await self._outbox.delete([row.id for row in rows])
            swept += len(rows)
        return swept

    async def _publish_forever(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._publish_queued()

    async def _publish_queued(self) -> None:
        rows, self._queued = self._queued, []
        if not rows:
            return
        try:
            await self._publish(rows)
        except Exception as error:
            # They wait in the outbox for the sweeper.
            if not (isinstance(error, FanoutUnavailable) or is_unavailable(error)):
                log.exception("publish_failed")
            return
        self._published.extend(row.id for row in rows)
        self._forget.set()

    async def _publish(self, rows: Sequence[OutboxRow]) -> None:
        early: dict[str, OutboxRow] = {}
        for row in await self._fanout.publish(rows):
            if row.order_key is not None:
                early[row.order_key] = row
        for key, last in early.items():
            await self._close_gap(key, last)

    async def _close_gap(self, key: str, last: OutboxRow) -> None:
        # Another process committed what comes before and has not published it yet, or died: it is done from here.
        # What is neither in the feed nor in the outbox does not exist, so that nothing is passed over.
        before, after = last.order_n or 0, -1
        while rows := await self._outbox.between(key, after=after, before=before, limit=CHUNK):
            await self._fanout.publish(rows, close_gaps=True)
            after = rows[-1].order_n or 0
        await self._fanout.publish([last], close_gaps=True)

    async def _forget_forever(self) -> None:
        while True:
            await self._forget.wait()
            await asyncio.sleep(FORGET_SECONDS)
            self._forget.clear()
            await self._forget_published()

    async def _forget_published(self) -> None:
        ids, self._published = self._published, []
        if ids:
            try:
                await self._outbox.delete(ids)
            except Exception as error:
                # They will be swept, recognised as repeats where ordered, and dropped by clients by their id.
                if not is_unavailable(error):
                    raise

    async def _sweep_forever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                if await self._fanout.lead("sweeper", self._name, seconds=LEASE_SECONDS) and (
                    swept := await self.sweep()
                ):
                    log.info("outbox_swept", rows=swept)
            except FanoutUnavailable:
                continue
            except Exception as error:
                if not is_unavailable(error):
                    log.exception("sweep_failed")
