"""How often somebody may ask: sliding windows shared by all processes in Redis, and local ones while it is away.

Only the counting is here; which operation has which limit stands in its row of the table.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

import structlog
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from handlers.errors import RateLimited
from handlers.models import Asked, email_key
from server.dispatch import Asker
from server.operation import By, Limit

IPV4 = 4

log = structlog.get_logger(__name__)

# Redis gets this long for a count; after a failure it is left alone for a while, so that no request waits for it.
PATIENCE_SECONDS = 0.25
REST_SECONDS = 1.0

# RuntimeError is how uvloop says that a connection was closed under a write; the client passes it on as it is.
AWAY = (RedisError, TimeoutError, OSError, RuntimeError)


class SharedLimiter:
    """Counts requests by person, by address or by what they name."""

    def __init__(self, redis_url: str, *, prefix: str) -> None:
        options: dict[str, Any] = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
        # Without the prefix the library takes a socket for another maker's server, and another maker's client for it.
        url = redis_url.replace("unix:", "redis+unix:", 1) if redis_url.startswith("unix:") else redis_url
        self._redis = RedisStorage(f"async+{url}", implementation="redispy", key_prefix=prefix, **options)
        self._shared = SlidingWindowCounterRateLimiter(self._redis)
        self._local = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._away_until = 0.0
        # Requests that were refused, by operation.
        self.breaches: Counter[str] = Counter()

    async def check(self, name: str, limits: Sequence[Limit], asker: Asker, asked: Asked | None = None) -> None:
        """Count one request of a name against each limit; raises `RateLimited` at the first that is full."""
        for limit in limits:
            item = RateLimitItemPerSecond(limit.times, int(limit.per.total_seconds()))
            who = _who(limit, asker, asked)
            if not await self._hit(item, name, who):
                self.breaches[name] += 1
                raise RateLimited(
                    f"At most {limit.times} in {_spoken(limit.per)}; wait a little.",
                    retry_after=await self._wait(item, name, who),
                )

    async def _hit(self, item: RateLimitItem, *key: str) -> bool:
        if time.monotonic() >= self._away_until:
            try:
                async with asyncio.timeout(2 * PATIENCE_SECONDS):
                    return await self._shared.hit(item, *key)
            except AWAY as error:
                self._away_until = time.monotonic() + REST_SECONDS
                log.warning("limits_are_local", error=type(error).__name__)
        return await self._local.hit(item, *key)

    async def _wait(self, item: RateLimitItem, *key: str) -> timedelta:
        counted = self._shared if time.monotonic() >= self._away_until else self._local
        try:
            async with asyncio.timeout(2 * PATIENCE_SECONDS):
                reset = (await counted.get_window_stats(item, *key)).reset_time
        except AWAY:
            return timedelta(seconds=1)
        return timedelta(seconds=max(0.1, min(reset - time.time(), item.get_expiry())))


def _who(limit: Limit, asker: Asker, asked: Asked | None) -> str:
    match limit.by:
        case By.PERSON if asker.actor is not None:
            return asker.actor.user_id
        case By.FIELD:
            return _named(limit, asked)
        case By.FIELD_FROM_ADDRESS:
            return f"{network_of(asker.caller.address)} {_named(limit, asked)}"
        case _:
            return network_of(asker.caller.address)


def _named(limit: Limit, asked: Asked | None) -> str:
    # However it is typed: by other letters that look the same, too.
    return email_key(str(getattr(asked, limit.field)))


@lru_cache(maxsize=10_000)
def network_of(address: str) -> str:
    """Whom an address is counted as: of IPv6 the network that one household has, with billions of addresses."""
    try:
        number = ip_address(address)
    except ValueError:
        return address
    return address if number.version == IPV4 else str(ip_network(f"{address}/64", strict=False))


def _spoken(per: timedelta) -> str:
    seconds = int(per.total_seconds())
    for size, name in ((3600, "hour"), (60, "minute"), (1, "second")):
        if seconds % size == 0:
            return f"{seconds // size} {name}s" if seconds > size else f"a {name}" if name != "hour" else "an hour"
    return f"{seconds} seconds"
