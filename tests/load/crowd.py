"""`python -m tests.load.crowd PLAN JOURNAL`: some of the people, in a process of their own.

It is told by lines what to do next, says each second how it stands, and writes down all that its devices see.
"""

import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp

import background
from tests.faults.device import Device
from tests.faults.journal import Journal
from tests.faults.load import Writer, converged

# As long as the official client waits before it comes back.
PAUSE = (0.5, 1.5)
TELL_SECONDS = 1.0


class Crowd:
    """Devices that come one after the other, and those who write by them."""

    def __init__(
        self, plan: dict[str, Any], journal: Journal, http: aiohttp.ClientSession, tasks: asyncio.TaskGroup
    ) -> None:
        self._plan = plan
        self._tasks = tasks
        self._journal = journal
        self._chance = random.Random(plan["seed"])
        self._devices = [
            Device(
                http,
                journal,
                name=person["name"],
                token=person["token"],
                threads=person["threads"],
                servers=plan["servers"],
                chance=random.Random(self._chance.random()),
                pause=PAUSE,
            )
            for person in plan["people"]
        ]
        self._writers: list[Writer] = []
        self._staying: list[asyncio.Task[None]] = []
        self._done = False

    async def come(self) -> None:
        """Connect everybody, at an even pace."""
        clock = asyncio.get_running_loop().time
        start, pace = clock(), self._plan["pace"]
        for number, device in enumerate(self._devices):
            await asyncio.sleep(max(0.0, start + number / pace - clock()))
            self._staying.append(self._tasks.create_task(device.run()))

    async def write(self, until: float) -> None:
        """Have everybody write now and then, until a moment, and wait until all is answered and heard."""
        self._writers = [
            Writer(device, self._journal, self._plan, chance=random.Random(self._chance.random()))
            for device in self._devices
        ]
        await asyncio.gather(*(writer.run(until) for writer in self._writers))
        self._journal.note("converged", took=await converged(self._devices, self._writers))
        self._done = True

    def cut(self, share: float) -> None:
        """End some of the connections, all in one moment."""
        for device in self._chance.sample(self._devices, round(share * len(self._devices))):
            self._journal.note("cut", device=device.name)
            device.cut()

    def report(self) -> dict[str, int]:
        """How it stands."""
        return {
            "there": sum(device.ready.is_set() for device in self._devices),
            "sent": sum(writer.sent for writer in self._writers),
            "acked": sum(writer.acked for writer in self._writers),
            "done": self._done,
        }

    async def leave(self) -> None:
        """Go, all of them."""
        await background.end(*self._staying)


async def main(plan: dict[str, Any], journal: Journal) -> None:
    """Do what is said, until nothing more is."""
    # Whoever breaks, breaks all of it: a client that stays away unseen would look like a fault of the servers.
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http, asyncio.TaskGroup() as tasks:
        crowd = Crowd(plan, journal, http, tasks)
        telling = tasks.create_task(_tell(crowd))
        coming = tasks.create_task(crowd.come())
        writing: asyncio.Task[None] | None = None
        async for order in _orders():
            if "write_until" in order:
                writing = tasks.create_task(crowd.write(order["write_until"]))
            elif "cut" in order:
                crowd.cut(order["cut"])
            elif writing is not None:
                await writing
        await background.end(telling, coming)
        await crowd.leave()


async def _orders() -> AsyncIterator[dict[str, Any]]:
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async for line in reader:
        yield json.loads(line)


async def _tell(crowd: Crowd) -> None:
    while True:
        print(json.dumps(crowd.report()), flush=True)
        await asyncio.sleep(TELL_SECONDS)


if __name__ == "__main__":
    written = Journal(Path(sys.argv[2]))
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text()), written))
    written.close()
