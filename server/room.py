"""How much is asked of the database at once: what would wait too long is told so at once, and may ask again.

Beyond some number of transactions the database does not more but less: they wait for each other until all are too late,
and are asked for again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from handlers.errors import Unavailable

# The last so many count for how long one takes.
REMEMBERED = 16
TOO_MUCH = "The database has more to do than it can at this moment; ask again."


class Room:
    """Has places for so many; the others wait in their order."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._free = asyncio.Semaphore(places)
        self._waiting = 0
        self._seconds_each = 0.0

    @asynccontextmanager
    async def place(self, *, within: float) -> AsyncIterator[None]:
        """A place within so many seconds; raises `Unavailable` at once if by all appearances there will be none."""
        wait = self._waiting * self._seconds_each / self._places
        if wait > within:
            raise Unavailable(TOO_MUCH, retry_after=timedelta(seconds=wait))
        self._waiting += 1
        try:
            async with asyncio.timeout(within):
                await self._free.acquire()
        except TimeoutError:
            raise Unavailable(TOO_MUCH) from None
        finally:
            self._waiting -= 1
        clock = asyncio.get_running_loop().time
        start = clock()
        try:
            yield
        finally:
            self._seconds_each += (clock() - start - self._seconds_each) / REMEMBERED
            self._free.release()
