"""What the measured Python servers share: uvloop, a free port said on the first line, an end with their parent.

Nothing here is in the path of a message.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress

import uvloop
from aiohttp import web

END_SECONDS = 5.0


async def until_parent_ends() -> None:
    """Wait until standard input is closed."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), lambda: None if os.read(0, 4096) else ended.set())
    await ended.wait()
    asyncio.get_running_loop().remove_reader(sys.stdin.fileno())


def announce(port: int) -> None:
    """Say where it listens, and which process is to be measured."""
    print(json.dumps({"port": port, "pid": os.getpid()}), flush=True)


async def serve(app: web.Application) -> None:
    """Serve an application until the parent ends."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096, shutdown_timeout=0.1).start()
    announce(runner.addresses[0][1])
    await until_parent_ends()
    with suppress(TimeoutError):
        async with asyncio.timeout(END_SECONDS):
            await runner.cleanup()


def run(program: Callable[[], Awaitable[None]]) -> None:
    """Run a server on uvloop; whatever it leaves behind goes with the process."""

    async def main() -> None:
        await program()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
        os._exit(0)
