"""Events to audiences through Redis: appended to a feed with dense numbers, announced by a doorbell, replayed.

A doorbell may be lost: the feed is the truth, and each process knows how far its audiences have got.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

import hiredis
import structlog

from server.fanout.feeds import (
    APPEND,
    GAP,
    KEPT_SECONDS,
    LEAD,
    MARK_SECONDS,
    PREFIX,
    RUN_CHARACTERS,
    SINCE,
    Keys,
    Script,
)
from server.fanout.line import Line, RedisAway
from store.outbox import OutboxRow

log = structlog.get_logger(__name__)

# Redis gets this long for any answer; one that is stopped, not dead, is away all the same.
PATIENCE_SECONDS = 1.0
HEARTBEAT_SECONDS = 0.5
RETRY_SECONDS = 0.25
CHECK_SECONDS = 5.0
CHECKED_AT_ONCE = 500


class FanoutUnavailable(Exception):
    """Redis does not answer; what was committed waits in the outbox."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far something has got in an audience's feed."""

    epoch: str
    seq: int


class FeedEvent(NamedTuple):
    """An event as it travels. `body` is the envelope's JSON without seq and epoch; seq 0 is of the moment."""

    seq: int
    epoch: str
    type: str
    body: str


class Replay(NamedTuple):
    """What came after a position. Without `recovered` that is not known, and the events are none."""

    recovered: bool
    events: list[FeedEvent]
    position: Position


Deliver = Callable[[str, FeedEvent], None]
Reset = Callable[[str, Position], None]


@dataclass(slots=True)
class _Listening:
    """An audience that this process listens to. No position: Redis was away when it began."""

    keys: Keys
    listeners: int = 0
    position: Position | None = None
    subscribed: asyncio.Future[None] | None = None
    catching_up: asyncio.Task[None] | None = None


class Fanout:
    """Publishes to audiences and delivers to those that this process has listeners for."""

    def __init__(self, url: str, *, window: int = 1000, check_every: float = CHECK_SECONDS) -> None:
        self._url = url
        self._window = window
        self._check_every = check_every
        self._listening: dict[str, _Listening] = {}
        self._by_bell: dict[bytes, str] = {}
        self._orders: Line | None = None
        self._bells: Line | None = None
        self._run = ""
        self._task: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, deliver: Deliver, reset: Reset) -> None:
        """Connect, and stay connected; waits for Redis one second at most, and goes on without it."""
        self._deliver = deliver
        self._reset = reset
        with suppress(RedisAway, OSError, TimeoutError, hiredis.ReplyError):
            await self._connect()
        self._task = asyncio.create_task(self._stay_connected(), name="fan-out")

    async def stop(self) -> None:
        """End every connection and task."""
        tasks = [task for task in (self._task, *self._tasks) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._disconnect()

    @property
    def healthy(self) -> bool:
        """Whether Redis answered within the last two seconds."""
        return self._orders is not None

    # Publishing

    async def publish(self, rows: Sequence[OutboxRow], *, close_gaps: bool = False) -> list[OutboxRow]:
        """Append rows to the feeds of their audiences; those already there are recognised by their order.

        Answers the rows that came before their predecessors and were not (wholly) appended, unless gaps are to be
        closed. Raises FanoutUnavailable within a second.
        """
        calls = [
            (row, self._eval(APPEND, *self._append_arguments(row, audience, close_gaps=close_gaps)))
            for row in rows
            for audience in row.audiences
        ]
        answers = await self._patiently(asyncio.gather(*(answer for _, answer in calls)))
        return list({row.id: row for (row, _), answer in zip(calls, answers, strict=True) if answer == GAP}.values())

    def whisper(self, audience: str, type_: str, body: str) -> None:
        """Tell an audience something of the moment; nobody hears it while Redis is away."""
        if self._orders is not None:
            with suppress(RedisAway):
                self._orders.tell("PUBLISH", Keys.of(audience).bell, f"- 0 {type_} {body}")

    async def lead(self, what: str, holder: str, *, seconds: float) -> bool:
        """Become, or stay, the one process that does something; raises FanoutUnavailable."""
        answer = self._eval(LEAD, 1, f"{PREFIX}lead:{what}", holder, int(seconds * 1000))
        return bool(await self._patiently(answer))

    def _append_arguments(self, row: OutboxRow, audience: str, *, close_gaps: bool) -> tuple[str | int, ...]:
        keys = Keys.of(audience)
        mark = keys.meta if row.order_key is None else keys.marks + row.order_key
        n: str | int = "" if row.order_n is None else row.order_n
        return (
            3, keys.feed, keys.meta, mark, self._run, secrets.token_hex(4), keys.bell, self._window, KEPT_SECONDS,
            row.type, row.body, n, "1" if close_gaps else "", MARK_SECONDS,
        )  # fmt: skip

    # Listening

    async def listen(self, audience: str) -> None:
        """Begin to deliver an audience's events. While Redis is away it begins, with a reset, when that is back."""
        listening = self._listening.get(audience)
        if listening is None:
            listening = self._listening[audience] = _Listening(Keys.of(audience))
            self._by_bell[listening.keys.bell.encode()] = audience
            listening.subscribed = asyncio.get_running_loop().create_future()
            try:
                await self._begin(audience, listening)
            finally:
                listening.subscribed.set_result(None)
                listening.subscribed = None
        elif listening.subscribed is not None:
            await asyncio.shield(listening.subscribed)
        listening.listeners += 1

    async def unlisten(self, audience: str) -> None:
        """End one listener; with the last one the process hears the audience no more."""
        listening = self._listening.get(audience)
        if listening is None:
            return
        listening.listeners -= 1
        if listening.listeners <= 0 and listening.subscribed is None:
            del self._listening[audience]
            del self._by_bell[listening.keys.bell.encode()]
            if self._bells is not None:
                with suppress(RedisAway):
                    self._bells.tell("UNSUBSCRIBE", listening.keys.bell)

    async def since(self, audience: str, position: Position | None) -> Replay:
        """What came after a position; raises FanoutUnavailable."""
        keys = Keys.of(audience)
        epoch, seq = ("", 0) if position is None else (position.epoch, position.seq)
        answer = await self._patiently(
            self._eval(SINCE, 2, keys.feed, keys.meta, self._run, secrets.token_hex(4), KEPT_SECONDS, epoch, seq)
        )
        now = Position(answer[0].decode(), answer[1])
        return Replay(bool(answer[2]), [_feed_event(now.epoch, *entry) for entry in answer[3]], now)

    async def _begin(self, audience: str, listening: _Listening) -> None:
        if self._bells is None:
            return
        with suppress(FanoutUnavailable, RedisAway):
            # Subscribed first and read then: what comes in between is in both, and known by its number.
            await self._patiently(self._bells.call("SUBSCRIBE", listening.keys.bell))
            listening.position = (await self.since(audience, None)).position

    def _ring(self, bell: bytes, payload: bytes) -> None:
        audience = self._by_bell.get(bell)
        listening = self._listening.get(audience) if audience is not None else None
        if audience is None or listening is None:
            return
        epoch, number, type_, body = payload.decode().split(" ", 3)
        seq, position = int(number), listening.position
        if seq == 0:
            self._deliver(audience, FeedEvent(0, "", type_, body))
        elif position is None or listening.catching_up is not None:
            return
        elif epoch == position.epoch and seq == position.seq + 1:
            listening.position = Position(epoch, seq)
            self._deliver(audience, FeedEvent(seq, epoch, type_, body))
        elif epoch != position.epoch or seq > position.seq:
            self._catch_up(audience, listening)

    def _catch_up(self, audience: str, listening: _Listening) -> None:
        if listening.catching_up is None:
            listening.catching_up = self._spawn(self._read_on(audience, listening))

    async def _read_on(self, audience: str, listening: _Listening) -> None:
        try:
            while True:
                before = listening.position
                replay = await self.since(audience, before)
                if self._listening.get(audience) is not listening:
                    return
                listening.position = replay.position
                if not replay.recovered:
                    self._reset(audience, replay.position)
                for event in replay.events:
                    self._deliver(audience, event)
                # Doorbells that rang meanwhile were not heeded, so the feed is asked until it has nothing new.
                if replay.position == before:
                    return
        except FanoutUnavailable:
            pass
        finally:
            listening.catching_up = None

    # Staying connected

    async def _stay_connected(self) -> None:
        checked = asyncio.get_running_loop().time()
        while True:
            try:
                if self._orders is None or self._bells is None:
                    await self._connect()
                await asyncio.sleep(HEARTBEAT_SECONDS)
                await self._heartbeat()
                if asyncio.get_running_loop().time() - checked >= self._check_every:
                    await self._check_positions()
                    checked = asyncio.get_running_loop().time()
            except (RedisAway, FanoutUnavailable, OSError, TimeoutError, hiredis.ReplyError) as error:
                if self._orders is not None:
                    log.warning("redis_away", error=str(error) or type(error).__name__)
                self._disconnect()
                await asyncio.sleep(RETRY_SECONDS)

    async def _connect(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            orders = await Line.open(self._url)
            try:
                info: bytes = await orders.call("INFO", "server")
                self._run = next(line[7:] for line in info.decode().splitlines() if line.startswith("run_id:"))[
                    :RUN_CHARACTERS
                ]
                for script in (APPEND, SINCE, LEAD):
                    await orders.call("SCRIPT", "LOAD", script.source)
                bells = await Line.open(self._url, on_push=self._ring)
            except BaseException:
                orders.close()
                raise
        self._orders, self._bells = orders, bells
        log.info("redis_ready", run=self._run)
        for listening in self._listening.values():
            bells.tell("SUBSCRIBE", listening.keys.bell)
        await self._check_positions()

    def _disconnect(self) -> None:
        for line in (self._orders, self._bells):
            if line is not None:
                line.close()
        self._orders = self._bells = None

    async def _heartbeat(self) -> None:
        for line in (self._orders, self._bells):
            if line is None:
                raise RedisAway("The connection to Redis was lost.")
            await self._patiently(line.call("PING"))

    async def _check_positions(self) -> None:
        audiences = list(self._listening)
        for start in range(0, len(audiences), CHECKED_AT_ONCE):
            part = audiences[start : start + CHECKED_AT_ONCE]
            replies = await self._patiently(
                asyncio.gather(*(self._call("HMGET", Keys.of(audience).meta, "epoch", "seq") for audience in part))
            )
            for audience, (epoch, seq) in zip(part, replies, strict=True):
                listening = self._listening.get(audience)
                if listening is None or listening.subscribed is not None:
                    continue
                there = None if epoch is None else Position(epoch.decode(), int(seq or 0))
                if there is None or there != listening.position:
                    self._catch_up(audience, listening)

    def _call(self, *command: str | bytes | int) -> asyncio.Future[Any]:
        if self._orders is None:
            raise FanoutUnavailable("Redis does not answer.")
        try:
            return self._orders.call(*command)
        except RedisAway as error:
            raise FanoutUnavailable("Redis does not answer.") from error

    def _eval(self, script: Script, *arguments: str | int) -> asyncio.Future[Any]:
        return self._call("EVALSHA", script.digest, *arguments)

    async def _patiently(self, answer: Awaitable[Any]) -> Any:
        """Wait a second at most; a connection that kept somebody waiting longer is given up, replies and all."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await answer
        except (RedisAway, TimeoutError, hiredis.ReplyError) as error:
            self._disconnect()
            raise FanoutUnavailable("Redis does not answer.") from error

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _feed_event(epoch: str, id_: bytes, fields: list[bytes]) -> FeedEvent:
    return FeedEvent(int(id_.split(b"-")[0]), epoch, fields[1].decode(), fields[3].decode())


__all__ = ["Deliver", "Fanout", "FanoutUnavailable", "FeedEvent", "Position", "Replay", "Reset"]
