"""Who is live on which process, in Redis: entries that expire, so that a process that dies takes its people with it.

A person is told to be gone once, by whichever process claims it, and only after a grace: a flapping line is silence.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

import background

log = structlog.get_logger(__name__)

LIVES_SECONDS = 30.0
REFRESH_SECONDS = 10.0
GRACE_SECONDS = 10.0
SWEEP_SECONDS = 2.0
PATIENCE_SECONDS = 0.5
SWEPT_AT_ONCE = 200
# Some commands for each: the loop packs and reads those of thousands for most of a second.
REFRESHED_AT_ONCE = 100
# Each time it is some questions to the database: of thousands who come at once nobody shall wait behind the news of it.
TOLD_AT_ONCE = 20

# Who came (True), and who went.
News = Mapping[str, bool]
Changed = Callable[[News], Awaitable[None]]

AWAY = (RedisError, TimeoutError, OSError)


class PresenceRegistry:
    """Counts a person's connections on all processes. While Redis is away those on other processes count as offline.

    `<prefix>here:{user}` is a sorted set of connections by the time they expire; `<prefix>present` one of the people
    who were told to be here, by the time to look at them again.
    """

    def __init__(self, redis_url: str, *, prefix: str, process: str, clock: Callable[[], float] = time.time) -> None:
        self._redis: Any = Redis.from_url(
            redis_url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS, decode_responses=True
        )
        self._prefix = prefix
        self._process = process
        self._clock = clock
        self._here: dict[str, str] = {}
        self._seated: Counter[str] = Counter()
        self._tasks: list[asyncio.Task[None]] = []
        # What is still to be told, of each person the last; they count as told.
        self._untold: dict[str, bool] = {}
        self._telling: asyncio.Task[None] | None = None

    def start(self, changed: Changed) -> None:
        """Begin to refresh this process's people and to look for those who are gone; `changed` hears of them."""
        self._changed = changed
        self._tasks = [
            asyncio.create_task(self._forever(self.refresh, REFRESH_SECONDS), name="presence refresh"),
            asyncio.create_task(self._forever(self.sweep, SWEEP_SECONDS), name="presence sweep"),
        ]

    async def stop(self) -> None:
        """Say that this process's connections are gone, and end."""
        await background.end(*self._tasks, self._telling)
        for connection_id, user_id in list(self._here.items()):
            await self.left(user_id, connection_id)
        with suppress(*AWAY):
            await self._redis.aclose()

    async def arrived(self, user_id: str, connection_id: str) -> None:
        """A connection of a person has begun on this process."""
        self._here[connection_id] = user_id
        self._seated[user_id] += 1
        new: list[str] = []
        with suppress(*AWAY):
            async with asyncio.timeout(PATIENCE_SECONDS):
                new = await self._put({connection_id: user_id})
        self._tell(new, online=True)

    async def left(self, user_id: str, connection_id: str) -> None:
        """A connection of a person has ended on this process."""
        if self._here.pop(connection_id, None) is not None:
            self._seated[user_id] -= 1
            if not self._seated[user_id]:
                del self._seated[user_id]
        with suppress(*AWAY):
            async with asyncio.timeout(PATIENCE_SECONDS), self._redis.pipeline(transaction=False) as pipeline:
                pipeline.zrem(self._key(user_id), self._member(connection_id))
                pipeline.zcount(self._key(user_id), self._clock(), "+inf")
                _, left = await pipeline.execute()
                if not left:
                    await self._redis.zadd(self._present, {user_id: self._clock() + GRACE_SECONDS}, xx=True)

    async def online(self, user_ids: Sequence[str]) -> frozenset[str]:
        """Those of these people who have a connection, or had one a moment ago."""
        if not user_ids:
            return frozenset()
        # Those who are on this very process need not be asked for; a newcomer may not be in Redis yet.
        here = frozenset(user for user in user_ids if user in self._seated)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                scores = await self._redis.zmscore(self._present, list(user_ids))
        except AWAY:
            return here
        return here | {user for user, score in zip(user_ids, scores, strict=True) if score is not None}

    async def elsewhere(self, user_id: str) -> int:
        """How many connections a person has on other processes; those of one that died count a few seconds more."""
        # What was not said again lately is no more; it is kept longer only so that nobody seems to go for a moment.
        since = self._clock() + LIVES_SECONDS - REFRESH_SECONDS - SWEEP_SECONDS
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                members = await self._redis.zrangebyscore(self._key(user_id), since, "+inf")
        except AWAY:
            return 0
        return sum(not member.startswith(f"{self._process}:") for member in members)

    async def sweep(self) -> None:
        """Claim the people whose time has come: those with a connection stay, the others are told to be gone."""
        now = self._clock()
        due = await self._redis.zrangebyscore(self._present, "-inf", now, start=0, num=SWEPT_AT_ONCE)
        for user_id in due:
            if expires := await self._expires(user_id, now):
                await self._redis.zadd(self._present, {user_id: expires}, xx=True)
            elif await self._redis.zrem(self._present, user_id):
                # Whoever came between the look and the claim found themselves already told: they stay.
                if expires := await self._expires(user_id, now):
                    await self._redis.zadd(self._present, {user_id: expires})
                else:
                    self._tell([user_id], online=False)

    async def refresh(self) -> None:
        """Say again who is on this process; rebuilds what Redis forgot."""
        here = list(self._here.items())
        for start in range(0, len(here), REFRESHED_AT_ONCE):
            # As it is by now: some have left since the round began.
            some = {one: user_id for one, user_id in here[start : start + REFRESHED_AT_ONCE] if one in self._here}
            if not some:
                continue
            new = await self._put(some)
            # Who left while that was under way must not be kept for another half minute by it.
            for connection_id, user_id in some.items():
                if connection_id not in self._here:
                    await self.left(user_id, connection_id)
            self._tell(new, online=True)

    async def _expires(self, user_id: str, now: float) -> float | None:
        """When the last of a person's connections expires; None if none is left."""
        latest = await self._redis.zrevrange(self._key(user_id), 0, 0, withscores=True)
        return float(latest[0][1]) if latest and latest[0][1] > now else None

    def _tell(self, user_ids: Iterable[str], *, online: bool) -> None:
        for user_id in user_ids:
            self._untold.pop(user_id, None)
            self._untold[user_id] = online
        if self._untold and (self._telling is None or self._telling.done()):
            self._telling = asyncio.create_task(self._tell_all(), name="presence tell")

    async def _tell_all(self) -> None:
        while news := dict(islice(self._untold.items(), TOLD_AT_ONCE)):
            for user_id in news:
                del self._untold[user_id]
            try:
                if true := await self._still_true(news):
                    await self._changed(true)
            except Exception as error:
                # Of an outage all who come or go meanwhile are a line, and no more than that.
                log.warning("presence_not_told", people=len(news), error=type(error).__name__)

    async def _still_true(self, news: News) -> News:
        # Who has come back meanwhile, or gone, is told to have by whichever process found that: not by us and after it.
        online = await self.online(list(news))
        return {user_id: is_here for user_id, is_here in news.items() if is_here == (user_id in online)}

    async def _put(self, here: dict[str, str]) -> list[str]:
        """Keep these connections alive; answers the people who were not known to be here."""
        expires = self._clock() + LIVES_SECONDS
        users = list(dict.fromkeys(here.values()))
        async with self._redis.pipeline(transaction=False) as pipeline:
            for connection_id, user_id in here.items():
                pipeline.zadd(self._key(user_id), {self._member(connection_id): expires})
            for user_id in users:
                pipeline.zremrangebyscore(self._key(user_id), "-inf", self._clock())
                pipeline.expire(self._key(user_id), int(LIVES_SECONDS) * 2)
                pipeline.zadd(self._present, {user_id: expires})
            replies = await pipeline.execute()
        added = replies[len(here) + 2 :: 3]
        return [user_id for user_id, is_new in zip(users, added, strict=True) if is_new]

    async def _forever(self, work: Callable[[], Awaitable[None]], seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await work()
            except AWAY:
                continue
            except Exception:
                log.exception("presence_failed")

    def _key(self, user_id: str) -> str:
        return f"{self._prefix}here:{{{user_id}}}"

    def _member(self, connection_id: str) -> str:
        return f"{self._process}:{connection_id}"

    @property
    def _present(self) -> str:
        return f"{self._prefix}present"
