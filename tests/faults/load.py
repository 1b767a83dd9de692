"""`python -m tests.faults.load PLAN JOURNAL`: people who write to each other while the servers suffer.

It runs in a process of its own, so that a fault never meets the client by accident; its last line is its summary.
"""

import asyncio
import json
import random
import sys
import uuid
from pathlib import Path
from typing import Any

import aiohttp

import background
from tests.faults.device import Device, Lost
from tests.faults.journal import Journal

# Nothing may stay unanswered longer than this after the faults are over.
DRAIN_SECONDS = 40.0
CONVERGE_SECONDS = 25.0
POLL_SECONDS = 0.02


class Writer:
    """One person who writes at a steady pace and sends each message until it is answered."""

    def __init__(self, device: Device, journal: Journal, plan: dict[str, Any], *, chance: random.Random) -> None:
        self.sent = 0
        self.acked = 0
        self.ends: dict[str, int] = {}
        self._device = device
        self._journal = journal
        self._pause = 1 / plan["rate"]
        self._cut_share = plan["cut_share"]
        self._chance = chance

    async def run(self, until: float) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + self._chance.uniform(0, self._pause)
        while due < until:
            await asyncio.sleep(max(0.0, due - loop.time()))
            # Who falls behind goes on at the same pace: a burst afterwards would measure the limits, not the faults.
            due = max(due + self._pause, loop.time())
            await self._write(until + DRAIN_SECONDS)

    async def _write(self, deadline: float) -> None:
        thread = self._chance.choice(list(self._device.latest))
        message = {"thread_id": thread, "message_content": f"word {self.sent}", "client_id": str(uuid.uuid4())}
        self.sent += 1
        loop = asyncio.get_running_loop()
        self._journal.note("sent", device=self._device.name, thread=thread, client_id=message["client_id"])
        start = loop.time()
        attempts = 0
        while loop.time() < deadline:
            attempts += 1
            tried = loop.time()
            try:
                if self._chance.random() < self._cut_share:
                    loop.call_later(self._chance.uniform(0, 0.03), self._device.cut)
                answer = await self._device.ask("message:send", message)
            except (Lost, TimeoutError):
                await asyncio.sleep(0.05)
                continue
            if not answer["ok"]:
                self._journal.note("failed", code=answer["error"]["code"], took=loop.time() - tried)
                if not answer["error"]["retryable"]:
                    return
                await asyncio.sleep(answer["error"].get("retry_after_ms", 100) / 1000)
                continue
            self.acked += 1
            self.ends[thread] = max(self.ends.get(thread, 0), answer["data"]["seq"])
            self._journal.note(
                "acked",
                device=self._device.name,
                thread=thread,
                client_id=message["client_id"],
                id=answer["data"]["id"],
                seq=answer["data"]["seq"],
                duplicate=answer.get("duplicate", False),
                attempts=attempts,
                took=loop.time() - tried,
                in_all=loop.time() - start,
            )
            return


async def converged(devices: list[Device], writers: list[Writer]) -> float | None:
    """The seconds until every device has the end of each of its conversations; None if some never got there.

    The end is what was acknowledged: a message that nobody heard of yet is not a conversation that agrees.
    """
    loop = asyncio.get_running_loop()
    start = loop.time()
    ends: dict[str, int] = {}
    for writer in writers:
        for thread, seq in writer.ends.items():
            ends[thread] = max(ends.get(thread, 0), seq)
    while loop.time() - start < CONVERGE_SECONDS:
        if all(seq >= ends.get(thread, 0) for device in devices for thread, seq in device.latest.items()):
            return loop.time() - start
        await asyncio.sleep(POLL_SECONDS)
    return None


async def main(plan: dict[str, Any], journal: Journal) -> None:
    """Connect everybody, write, wait until everything is answered and heard, and say what there was."""
    chance = random.Random(plan["seed"])
    loop = asyncio.get_running_loop()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        devices = [
            Device(
                http,
                journal,
                name=f"{person['name']}.{number}",
                token=person["token"],
                threads=person["threads"],
                servers=plan["servers"],
                chance=random.Random(chance.random()),
            )
            for person in plan["people"]
            for number in range(plan["devices"])
        ]
        running = [asyncio.create_task(device.run()) for device in devices]
        await asyncio.gather(*(asyncio.wait_for(device.ready.wait(), 30) for device in devices))
        print("ready", flush=True)
        writers = [
            Writer(device, journal, plan, chance=random.Random(chance.random()))
            for device in devices[:: plan["devices"]]
        ]
        until = loop.time() + plan["seconds"]
        await asyncio.gather(*(writer.run(until) for writer in writers))
        took = await converged(devices, writers)
        journal.note("converged", took=took)
        summary = {
            "sent": sum(writer.sent for writer in writers),
            "acked": sum(writer.acked for writer in writers),
            "connects": sum(device.connects for device in devices),
            "devices": len(devices),
            "converged": took,
        }
        for task in running:
            # A client that ended by itself is one that broke.
            if task.done():
                task.result()
        await background.end(*running)
    print(json.dumps(summary), flush=True)


if __name__ == "__main__":
    written = Journal(Path(sys.argv[2]))
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text()), written))
    written.close()
