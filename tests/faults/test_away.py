"""Who was away, or comes and goes, hears everything once and in order: by replay, or by pages where that is told.

Counts are exact always; times are generous, for they hold on a quiet machine.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import background
from tests.faults.device import Device
from tests.faults.journal import Journal, entries
from tests.faults.scene import SEED, Scene, crowd
from tests.faults.workers import Worker
from tests.people import key

# One after another on one test process: each wants the machine for itself.
pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]

ROUNDS = 200


class Company:
    """One reader, and writers who are there all the time on another process."""

    def __init__(self, reader: dict[str, Any], writers: list[Device], journal: Path) -> None:
        self.reader = reader
        self._writers = writers
        self._journal = journal
        self.sent: dict[str, int] = dict.fromkeys(reader["threads"], 0)

    async def write(self, messages: int) -> None:
        """Everybody writes at once, in turn in every conversation."""
        numbers = iter(range(messages))

        async def one(writer: Device) -> None:
            for number in numbers:
                thread = self.reader["threads"][number % len(self.reader["threads"])]
                await self._say(writer, thread)

        await asyncio.gather(*map(one, self._writers))

    async def write_until(self, done: asyncio.Event) -> None:
        """One after another writes, until it is enough."""
        for number in count():
            if done.is_set():
                return
            await self._say(self._writers[number % len(self._writers)], random.choice(self.reader["threads"]))

    async def _say(self, writer: Device, thread: str) -> None:
        said = {"thread_id": thread, "message_content": "hello", "client_id": key()}
        while not (answer := await writer.ask("message:send", said))["ok"]:
            assert answer["error"]["code"] in {"rate_limited", "unavailable"}, answer
            await asyncio.sleep(answer["error"].get("retry_after_ms", 100) / 1000)
        self.sent[thread] += 1

    async def until_heard(self, device: Device, *, within: float) -> float:
        """The seconds until the reader's device has heard all that was sent."""
        start = time.monotonic()
        async with asyncio.timeout(within):
            while any(device.latest[thread] < sent for thread, sent in self.sent.items()):
                await asyncio.sleep(0.02)
        return time.monotonic() - start

    def require_all_once_in_order(self) -> None:
        heard: dict[str, list[int]] = {thread: [] for thread in self.sent}
        for entry in entries(self._journal, "received"):
            if entry["device"] == self.reader["name"]:
                heard[entry["thread"]].append(entry["seq"])
        assert heard == {thread: list(range(1, sent + 1)) for thread, sent in self.sent.items()}

    def hellos(self) -> list[dict[str, Any]]:
        return [entry for entry in entries(self._journal, "hello") if entry["device"] == self.reader["name"]]


@asynccontextmanager
async def company(
    scene: Scene, crew: Sequence[Worker], *, people: int, threads: int
) -> AsyncIterator[tuple[Company, Device]]:
    """People who share conversations; the writers are at the first server, the reader's device at any."""
    path = scene.folder / "journal.jsonl"
    servers = [worker.url for worker in crew]
    members = await crowd(servers[0], people=people, threads=threads, each=people)
    with closing(Journal(path)) as journal:
        async with aiohttp.ClientSession() as http:

            def device(person: dict[str, Any], at: list[str]) -> Device:
                return Device(
                    http,
                    journal,
                    name=person["name"],
                    token=person["token"],
                    threads=person["threads"],
                    servers=at,
                    chance=random.Random(SEED),
                    pause=(0.0, 0.02),
                )

            writers = [device(member, servers[:1]) for member in members[1:]]
            running = [asyncio.create_task(writer.run()) for writer in writers]
            try:
                yield Company(members[0], writers, path), device(members[0], servers)
            finally:
                await background.end(*running)


@dataclass(frozen=True)
class Absence:
    """How much happens, in how many conversations, for how many seconds, and how much of it a feed holds."""

    people: int
    threads: int
    missed: int
    seconds: float
    window: int

    def __str__(self) -> str:
        return f"{self.missed} missed, {self.window} kept"


SHORT = [Absence(6, 3, 30, 0, window=60), Absence(6, 3, 180, 0, window=60)]
LONG = [Absence(12, 20, 5000, 30, window=20_000), Absence(12, 20, 5000, 30, window=1000)]


@pytest.mark.parametrize("absence", SHORT + [pytest.param(long, marks=pytest.mark.soak) for long in LONG], ids=str)
async def test_who_was_away_gets_all_of_it_by_replay_or_by_pages(scene: Scene, absence: Absence) -> None:
    async with (
        scene.web(2, FEED_WINDOW=str(absence.window)) as crew,
        company(scene, crew, people=absence.people, threads=absence.threads) as (them, device),
    ):
        there = asyncio.create_task(device.run())
        await asyncio.wait_for(device.ready.wait(), 10)
        await background.end(there)
        left = time.monotonic()
        await them.write(absence.missed)
        await asyncio.sleep(max(0, left + absence.seconds - time.monotonic()))
        there = asyncio.create_task(device.run())
        took = await them.until_heard(device, within=20)  # 10 s on a quiet machine
        await background.end(there)
        them.require_all_once_in_order()
        hellos = them.hellos()
    assert [hello["recovered"] for hello in hellos] == [False, absence.missed < absence.window]
    print(f"{absence}: all there {took:.2f} s after coming back")


async def test_who_comes_and_goes_while_others_write_misses_nothing(scene: Scene) -> None:
    """Between what a feed is read for and what is heard from then on there is no gap, however often one looks."""
    async with (
        scene.web(2) as crew,
        company(scene, crew, people=6, threads=3) as (them, device),
    ):
        chance = random.Random(SEED)
        done = asyncio.Event()
        there, writing = asyncio.create_task(device.run()), asyncio.create_task(them.write_until(done))
        for _ in range(ROUNDS):
            await asyncio.wait_for(device.ready.wait(), 10)
            await asyncio.sleep(chance.uniform(0, 0.03))
            device.cut()
            while device.ready.is_set():
                await asyncio.sleep(0)
        done.set()
        await writing
        await them.until_heard(device, within=20)
        await background.end(there)
        them.require_all_once_in_order()
        hellos = them.hellos()
    assert len(hellos) > ROUNDS
    assert [hello["recovered"] for hello in hellos] == [False] + [True] * (len(hellos) - 1)
    assert sum(hello["replayed"] for hello in hellos) > 0, "nothing ever happened while it was away"
    print(f"{len(hellos)} connections, {sum(them.sent.values())} messages, all once and in order")
