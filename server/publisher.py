"""Carries committed events from the outbox to the feeds: at once by the process that wrote them, else by a sweeper.

A row goes only after Redis has it. While Redis is away rows simply stay; nothing waits for it, and nothing is lost.
What a process commits after it left rows is held until these are published: its events keep the order of its commits.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Protocol

import structlog

import background
from server.fanout import Fanout, FanoutUnavailable
from server.tracing import End, Trace, Untraced
from store.database import is_unavailable
from store.outbox import OutboxRow

log = structlog.get_logger(__name__)

# A row older than this was left behind: its own process would have published it long ago.
LEFT_BEHIND = timedelta(seconds=2)
# Right after an outage nearly every row was; one that was not is recognised as a repeat, or by clients by its id.
LEFT_BEHIND_NOW = timedelta(milliseconds=200)
AFTERMATH_SECONDS = 5.0
SWEEP_SECONDS = 0.5
CATCH_UP_SECONDS = 0.1
# Longer than this nothing is held, whatever it is that cannot be published before it.
MOST_HELD = timedelta(seconds=15)
LEASE_SECONDS = 3.0
CHUNK = 500
# Redis is given a second for what it is asked at once, and takes fifty thousand appends in that: 500 rows for groups.
MOST_APPENDS = 5_000
FORGET_SECONDS = 0.05
MOST_ON_THEIR_WAY = 10_000
EVER = datetime.max.replace(tzinfo=UTC)


class Outbox(Protocol):
    """What is asked of the store's outbox."""

    async def due(self, *, before: datetime, limit: int) -> list[OutboxRow]: ...
    async def between(self, order_key: str, *, after: int, before: int, limit: int) -> list[OutboxRow]: ...
    async def delete(self, ids: Sequence[str]) -> None: ...


class Publisher:
    """Publishes what this process committed and, when it leads, what any process left behind.

    `counts` holds the rows announced, left to the sweeper, and swept, and the gaps closed.
    """

    def __init__(
        self,
        fanout: Fanout,
        outbox: Outbox,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        trace: Trace | None = None,
    ) -> None:
        self._fanout = fanout
        self._outbox = outbox
        self._clock = clock
        self._trace = trace or Untraced()
        self._name = secrets.token_hex(8)
        self._announced: list[OutboxRow] = []
        self._on_their_way = 0
        # When the newest row was made that this process left and that may still be in the outbox.
        self._behind: datetime | None = None
        # When Redis was away last, by the loop's time.
        self._away = 0.0
        self._early: list[OutboxRow] = []
        self._published: list[str] = []
        self._gap = asyncio.Event()
        self._forget = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.counts: Counter[str] = Counter()

    def start(self) -> None:
        """Begin to publish."""
        self._away = asyncio.get_running_loop().time()
        self._tasks = [
            asyncio.create_task(work(), name=work.__name__)
            for work in (self._close_gaps_forever, self._forget_forever, self._sweep_forever)
        ]

    async def stop(self) -> None:
        """Wait for what is on its way, if Redis is there, and end."""
        self._send()
        with suppress(FanoutUnavailable):
            await self._fanout.answered()
        await background.end(*self._tasks)
        await self._close_gaps()
        await self._forget_published()

    def announce(self, rows: Sequence[OutboxRow]) -> None:
        """Publish committed rows; never waits."""
        if not rows:
            return
        # Beyond this the rows are as safe in the outbox, and the sweeper has them in order.
        if self._on_their_way >= MOST_ON_THEIR_WAY:
            self._leave(rows)
            return
        self._on_their_way += len(rows)
        # What one turn of the loop brings goes together.
        if not self._announced:
            asyncio.get_running_loop().call_soon(self._send)
        self._announced += rows

    def whisper(self, audience: str, type_: str, body: str) -> None:
        """Tell an audience something of the moment."""
        self._fanout.whisper(audience, type_, body)

    async def sweep(self, *, older_than: timedelta = LEFT_BEHIND) -> int:
        """Publish every row that was left behind, oldest first; answers how many."""
        swept = 0
        while rows := await self._outbox.due(before=self._clock() - older_than, limit=CHUNK):
            for part in _parts(_in_order(rows)):
                await self._publish(part)
                await self._outbox.delete([row.id for row in part])
                swept += len(part)
                self.counts["swept"] += len(part)
                if not await self._lead():
                    return swept
        return swept

    def _leave(self, rows: Sequence[OutboxRow]) -> None:
        """They wait in the outbox for the sweeper."""
        self.counts["left"] += len(rows)
        newest = max(row.created_at for row in rows)
        self._behind = newest if self._behind is None else max(newest, self._behind)

    def _send(self) -> None:
        if self._behind is not None and self._fanout.healthy:
            # They would overtake what was left.
            return
        rows, self._announced = self._announced, []
        if rows:
            self.counts["announced"] += len(rows)
            self._fanout.send(rows, partial(self._settle, rows, self._begin(rows)))

    async def _catch_up(self, *, since_away: float) -> None:
        """Send what is held, once nothing that was left is before it."""
        behind, held = self._behind, len(self._announced)
        if behind is None:
            return
        patient = min(timedelta(seconds=since_away), self._clock() - behind) < MOST_HELD
        oldest = next(iter(await self._outbox.due(before=EVER, limit=1)), None)
        if self._behind != behind or (patient and oldest is not None and oldest.created_at <= behind):
            return
        # The sweeper begins with the oldest: what was held before that one it has taken, too.
        rows, more = self._announced[:held], self._announced[held:]
        rest = [row for row in rows if oldest is not None and _age(row) >= _age(oldest)]
        self._on_their_way -= len(rows) - len(rest)
        self._announced, self._behind = rest + more, None
        self._send()

    def _begin(self, rows: Sequence[OutboxRow]) -> list[End]:
        if not self._trace.on:
            return []
        return [self._trace.begin("publish", {"event": row.type}, cause=row.cause) for row in rows if row.cause]

    def _settle(self, rows: Sequence[OutboxRow], ends: list[End], early: list[OutboxRow] | None) -> None:
        self._on_their_way -= len(rows)
        for end in ends:
            end("redis_away" if early is None else None)
        if early is None:
            self._away = asyncio.get_running_loop().time()
            self._leave(rows)
            return
        if early:
            self._early += early
            self._gap.set()
            rows = [row for row in rows if row not in early]
        self._published += [row.id for row in rows]
        self._forget.set()

    async def _publish(self, rows: Sequence[OutboxRow]) -> None:
        ends = self._begin(rows)
        try:
            for last in _last_of_each_key(await self._fanout.publish(rows)):
                await self._close_gap(last)
        finally:
            for end in ends:
                end(None)

    async def _close_gaps_forever(self) -> None:
        while True:
            await self._gap.wait()
            self._gap.clear()
            await self._close_gaps()

    async def _close_gaps(self) -> None:
        early, self._early = self._early, []
        for last in _last_of_each_key(early):
            try:
                await self._close_gap(last)
            except Exception as error:
                self.counts["left"] += 1
                if not (isinstance(error, FanoutUnavailable) or is_unavailable(error)):
                    log.exception("publish_failed")
            else:
                self._published += [row.id for row in early if row.order_key == last.order_key]
                self._forget.set()

    async def _close_gap(self, last: OutboxRow) -> None:
        # Another process committed what comes before and has not published it yet, or died: it is done from here.
        # What is neither in the feed nor in the outbox does not exist, so that nothing is passed over.
        self.counts["gaps"] += 1
        key, before, after = last.order_key or "", last.order_n or 0, -1
        while rows := await self._outbox.between(key, after=after, before=before, limit=CHUNK):
            for part in _parts(rows):
                await self._fanout.publish(part, close_gaps=True)
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
                    log.exception("forgetting_failed")

    async def _lead(self) -> bool:
        return await self._fanout.lead("sweeper", self._name, seconds=LEASE_SECONDS)

    async def _sweep_forever(self) -> None:
        time = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(SWEEP_SECONDS if self._behind is None else CATCH_UP_SECONDS)
            if not self._fanout.healthy:
                self._away = time()
                self._send()
                continue
            since = time() - self._away
            age = LEFT_BEHIND_NOW if since < AFTERMATH_SECONDS else LEFT_BEHIND
            try:
                # First: a row that cannot be published must not hold all others for ever.
                await self._catch_up(since_away=since)
                if await self._lead() and (swept := await self.sweep(older_than=age)):
                    log.info("outbox_swept", rows=swept)
            except FanoutUnavailable:
                log.debug("sweep_interrupted")
            except Exception as error:
                if not is_unavailable(error):
                    log.exception("sweep_failed")


def _age(row: OutboxRow) -> tuple[datetime, str]:
    return row.created_at, row.id


def _in_order(rows: Sequence[OutboxRow]) -> list[OutboxRow]:
    """Rows as they were made, but for those of a key, which have their order: clocks differ between processes."""
    keyed = [row for row in rows if row.order_key is not None]
    keyed.sort(key=lambda row: (row.order_key, row.order_n))
    ordered = {key: iter(list(group)) for key, group in groupby(keyed, key=lambda row: row.order_key)}
    return [row if row.order_key is None else next(ordered[row.order_key]) for row in rows]


def _parts(rows: Sequence[OutboxRow]) -> Iterator[list[OutboxRow]]:
    """Rows in parts of so many appends, or of one row."""
    part: list[OutboxRow] = []
    appends = 0
    for row in rows:
        if part and appends + len(row.audiences) > MOST_APPENDS:
            yield part
            part, appends = [], 0
        part.append(row)
        appends += len(row.audiences)
    if part:
        yield part


def _last_of_each_key(rows: Sequence[OutboxRow]) -> Iterable[OutboxRow]:
    last: dict[str, OutboxRow] = {}
    for row in sorted(rows, key=lambda row: row.order_n or 0):
        last[row.order_key or ""] = row
    return last.values()
