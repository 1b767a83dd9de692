"""Tasks that run beside the rest, and how they are ended.

Whoever started one ends it, and waits until it has ended: what it used may be closed after that.
"""

import asyncio
from typing import Any

AGAIN_SECONDS = 0.2


async def end(*tasks: asyncio.Task[Any] | None) -> None:
    """Cancel tasks and wait until they have ended; those that never began, or have ended, are no matter.

    Until Python 3.12 `asyncio.wait_for` swallows a cancellation that comes together with the answer, and both database
    drivers wait by it: a task that asks one of them for ever would never end. So it is cancelled again until it does.
    """
    running = {task for task in tasks if task is not None and not task.done()}
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=AGAIN_SECONDS)
