"""How the driver waits for a turn, mended for Pythons before 3.12.

There `asyncio.wait_for` waits in a task of its own. Whoever is cancelled twice, while that task takes the pool's lock
back, leaves it behind: locked for ever, so that the database answers nobody of this process any more.
"""

import asyncio
import sys
from collections.abc import Awaitable
from typing import TypeVar

from pymongo import lock

T = TypeVar("T")


async def wait_for(awaited: Awaitable[T], timeout: float | None) -> T:
    """As Python 3.12 has it: in the task that waits."""
    async with asyncio.timeout(timeout):
        return await awaited


def mend() -> None:
    """Have the driver wait so; where its Python does, nothing is changed."""
    if sys.version_info < (3, 12):
        vars(lock)["wait_for"] = wait_for
