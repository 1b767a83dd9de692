"""Live rooms in Redis, where any number of processes change them: a rule runs on what is there, and is put in place
only if nobody was faster.

Keys of one call share a hash tag and expire by themselves. `<prefix>call:rooms` is a sorted set of the calls by when
to look at them again; whichever process claims one looks.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel
from redis.asyncio import Redis
from redis.exceptions import RedisError

import background
from signaling.negotiation import Pair
from signaling.seats import Room

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 1.0
BEAT_SECONDS = 3.0
# A process that was silent for so long has lost its connections, or will have.
LIVES_SECONDS = 10.0
SWEEP_SECONDS = 1.0
LOOK_SECONDS = 3.0
CLAIMED_AT_ONCE = 100
ROUND_SECONDS = 60
MOST_TRIES = 30
# Longer than any call: what is left of one that nobody closed.
KEPT_SECONDS = 26 * 3600

AWAY = (RedisError, TimeoutError, OSError, RuntimeError)

# KEYS the document. ARGV its version that was read, the next one, the text (empty: none any more), seconds to keep it.
PUT = """
if (redis.call('HGET', KEYS[1], 'v') or '0') ~= ARGV[1] then return 0 end
if ARGV[3] == '' then redis.call('DEL', KEYS[1]) return 1 end
redis.call('HSET', KEYS[1], 'v', ARGV[2], 'd', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""

# KEYS rooms. ARGV now, when to look again, how many. Answers the calls that are this caller's to look at.
CLAIM = """
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, call in ipairs(due) do redis.call('ZADD', KEYS[1], ARGV[2], call) end
return due
"""

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


class RoomsAway(Exception):
    """Redis does not answer; nothing was done."""


class Rooms:
    """Reads and changes rooms, and what pairs of peers in them have said."""

    def __init__(self, redis_url: str, *, prefix: str, process: str, clock: Callable[[], float] = time.time) -> None:
        self._redis: Any = Redis.from_url(
            redis_url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS, decode_responses=True
        )
        self._prefix = f"{prefix}call:"
        self.process = process
        self._clock = clock
        self._put = self._redis.register_script(PUT)
        self._claim = self._redis.register_script(CLAIM)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, look_after: Callable[[str], Awaitable[None]]) -> None:
        """Begin to say that this process lives, and to look after the rooms that it claims."""
        self._look_after = look_after
        self._tasks = [
            asyncio.create_task(self._forever(self.beat, BEAT_SECONDS), name="rooms beat"),
            asyncio.create_task(self._forever(self.sweep, SWEEP_SECONDS), name="rooms sweep"),
        ]

    async def stop(self) -> None:
        """End; this process's seats are to be found without a process."""
        await background.end(*self._tasks)
        try:
            await self._redis.delete(self._alive(self.process))
            await self._redis.aclose()
        except AWAY:
            log.info("rooms_not_closed")

    async def read(self, call_id: str) -> Room | None:
        """A room as it is."""
        return (await self._read(self._key(call_id, "room"), Room))[1]

    async def change(self, call_id: str, rule: Callable[[Room | None], tuple[Room | None, T]]) -> T:
        """Have a rule change a room, make it, or (by None) close it; it runs again when somebody was faster."""

        async def put_down(room: Room | None) -> None:
            # Before the change: a room that is looked at in vain is better than one that nobody looks at. One that is
            # closed goes from the list when it is looked at next.
            if room is not None:
                await self._redis.zadd(self._all, {call_id: self._clock() + LOOK_SECONDS}, nx=True)

        return await self._change(self._key(call_id, "room"), Room, rule, first=put_down)

    async def forget(self, call_id: str) -> None:
        """Look after a call no more; it has no room."""
        try:
            await self._redis.zrem(self._all, call_id)
        except AWAY as error:
            raise RoomsAway from error

    async def converse(self, call_id: str, one: str, other: str, rule: Callable[[Pair], tuple[Pair, T]]) -> T:
        """Have a rule change what two peers have said to each other."""
        key = self._key(call_id, "pair:" + ":".join(sorted((one, other))))
        return await self._change(key, Pair, lambda pair: rule(pair or Pair()))

    async def heard(self, call_id: str, one: str, other: str) -> Pair:
        """What two peers have said to each other."""
        key = self._key(call_id, "pair:" + ":".join(sorted((one, other))))
        return (await self._read(key, Pair))[1] or Pair()

    async def living(self, processes: Sequence[str]) -> frozenset[str]:
        """Those of these processes that said lately that they live."""
        names = sorted(set(processes) - {self.process})
        try:
            found = [await self._redis.exists(self._alive(name)) for name in names]
        except AWAY as error:
            raise RoomsAway from error
        return frozenset([self.process, *(name for name, lives in zip(names, found, strict=True) if lives)])

    async def beat(self) -> None:
        """Say that this process lives."""
        await self._redis.set(self._alive(self.process), "1", px=int(LIVES_SECONDS * 1000))

    async def begins_round(self) -> bool:
        """Whether this process is the one that looks for calls without a room: one is each minute.

        Where Redis has lost its memory, and the rooms with it, one is at once.
        """
        try:
            # What looks by it also minds what needs no Redis.
            async with asyncio.timeout(PATIENCE_SECONDS):
                return bool(await self._redis.set(f"{self._prefix}round", self.process, nx=True, ex=ROUND_SECONDS))
        except AWAY as error:
            raise RoomsAway from error

    async def sweep(self) -> None:
        """Claim the rooms whose time has come, and look after them."""
        now = self._clock()
        due = await self._claim(keys=[self._all], args=[now, now + LOOK_SECONDS, CLAIMED_AT_ONCE])
        for call_id in due:
            try:
                await self._look_after(call_id)
            except RoomsAway:
                raise
            except Exception:
                # Its time comes again: one room's trouble must not cost the others theirs.
                log.exception("room_not_looked_after", call_id=call_id)

    async def _read(self, key: str, model: type[M]) -> tuple[str, M | None]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                version, text = await self._redis.hmget(key, "v", "d")
        except AWAY as error:
            raise RoomsAway from error
        return version or "0", None if text is None else model.model_validate_json(text)

    async def _change(
        self,
        key: str,
        model: type[M],
        rule: Callable[[M | None], tuple[M | None, T]],
        *,
        first: Callable[[M | None], Awaitable[None]] | None = None,
    ) -> T:
        for _ in range(MOST_TRIES):
            version, before = await self._read(key, model)
            after, answer = rule(before)
            if after == before:
                return answer
            text = "" if after is None else after.model_dump_json()
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    if first is not None:
                        await first(after)
                    if await self._put(keys=[key], args=[version, int(version) + 1, text, KEPT_SECONDS]):
                        return answer
            except AWAY as error:
                raise RoomsAway from error
        raise RoomsAway

    async def _forever(self, work: Callable[[], Awaitable[None]], seconds: float) -> None:
        while True:
            try:
                await work()
            except (*AWAY, RoomsAway):
                pass
            except Exception:
                log.exception("rooms_failed")
            await asyncio.sleep(seconds)

    def _key(self, call_id: str, what: str) -> str:
        return f"{self._prefix}{{{call_id}}}:{what}"

    @property
    def _all(self) -> str:
        return f"{self._prefix}rooms"

    def _alive(self, process: str) -> str:
        return f"{self._prefix}process:{process}"
