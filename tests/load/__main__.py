"""`python -m tests.load`: people by the thousand, connected to a whole deployment on this machine.

They connect, write to each other, and half of them are cut off in one moment; what became of it is a table.
"""

import argparse
import asyncio
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from server.core import utc_now
from server.embedded import supervisor_environment
from tests.bench.__main__ import write_readme
from tests.faults.oracle import Verdict, judge
from tests.faults.workers import SECRET, Worker, environment_of, workers
from tests.figures import figure, figures
from tests.load import report
from tests.load.report import Used, in_seconds, milliseconds, spread
from tests.load.town import NEIGHBOURHOOD, Resident, settle
from tests.processes import ROOT, Child, Servers, started_servers

DATABASE = "load"
SEED = 11
MARKS = ("<!-- load -->", "<!-- /load -->")
# Files that a process may need beside its sockets.
SPARE_FILES = 200
PATIENCE_SECONDS = 600.0
AFTER_THE_STORM = 40.0


@dataclass(frozen=True)
class Asked:
    """How much of it."""

    people: int
    seconds: float
    rate: float
    pace: float
    crowds: int
    folder: Path


class Crowd:
    """One process of clients, as it last said how it stands."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.last: dict[str, Any] = {"there": 0, "sent": 0, "acked": 0}
        self.listening = asyncio.create_task(self._listen())

    def tell(self, **order: float) -> None:
        """Say what to do next."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")

    async def _listen(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            if not line.startswith(b"{"):
                raise AssertionError((line + await self.process.stdout.read()).decode())
            self.last = json.loads(line)


class Play:
    """A deployment, its crowds, and what is looked at before and after each act."""

    def __init__(self, asked: Asked, crew: list[Worker], parts: dict[str, list[int]], crowds: list[Crowd]) -> None:
        self.asked = asked
        self.crew = crew
        self._parts = parts
        self._crowds = crowds

    def used(self) -> dict[str, Used]:
        """What each part has used so far."""
        return {name: Used.by(pids) for name, pids in self._parts.items()}

    async def figures(self) -> dict[str, float]:
        """What all web processes count, together."""
        async with aiohttp.ClientSession() as http:
            found = [await figures(http, worker.url) for worker in self.crew]
        return {key: sum(one.get(key, 0) for one in found) for key in set().union(*found)}

    def tell(self, **order: float) -> None:
        """Say to all crowds what to do next."""
        for crowd in self._crowds:
            crowd.tell(**order)

    def stands(self, what: str) -> int:
        """How it stands with all of them together."""
        return sum(crowd.last.get(what, 0) for crowd in self._crowds)

    async def until(self, what: str, count: int, *, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until it stands so, telling how it goes; AssertionError if it never does."""
        start = time.monotonic()
        while self.stands(what) < count:
            for crowd in self._crowds:
                if crowd.listening.done():
                    await crowd.listening
                    raise AssertionError("a process of clients ended")
            assert time.monotonic() - start < seconds, f"{what}: {self.stands(what)} of {count} after {seconds} s"
            self._show()
            await asyncio.sleep(1)
        self._show()

    async def rest(self, seconds: float) -> None:
        """Let it go on for so long."""
        start = time.monotonic()
        while time.monotonic() - start < seconds:
            self._show()
            await asyncio.sleep(1)

    def _show(self) -> None:
        there, acked, sent = map(self.stands, ("there", "acked", "sent"))
        say(f"{there:,} there, {acked:,} of {sent:,} messages answered, CPU {psutil.cpu_percent()} %")


async def play(asked: Asked, servers: Servers) -> str:
    """All acts, and the table of them."""
    residents = await settle(
        asked.people, mongodb_url=servers.mongodb_url, name=DATABASE, secret=SECRET, now=utc_now(), tell=say
    )
    settings = {
        "mongodb_url": servers.mongodb_url, "redis_url": servers.redis_url, "folder": asked.folder,
        "MONGODB_DATABASE": DATABASE, "MAX_CONNECTIONS_PER_IP": "100000",
    }  # fmt: skip
    async with workers(2, **settings) as crew:
        environment = supervisor_environment() | environment_of(**settings)
        with Child([sys.executable, "-m", "server", "worker"], env=environment) as worker:
            parts = {
                "web": [one.pid for one in crew],
                "worker": [worker.pid],
                "database": [servers.pid("mongodb")],
                "Redis": [servers.pid("redis")],
            }
            empty = {name: Used.by(pids) for name, pids in parts.items()}
            async with crowds(asked, residents, [one.url for one in crew]) as there:
                parts["clients"] = [crowd.process.pid for crowd in there]
                return await acts(Play(asked, crew, parts, there), servers, empty)


async def acts(play: Play, servers: Servers, empty: dict[str, Used]) -> str:
    """Come, write, be cut off and come back; then compare what everybody saw with what is kept."""
    asked, start = play.asked, time.monotonic()
    await play.until("there", asked.people)
    came = time.monotonic() - start
    full = play.used()
    await play.rest(15)
    quiet = play.used()
    before, began = await play.figures(), time.monotonic()
    cut_at = began + asked.seconds
    play.tell(write_until=cut_at + AFTER_THE_STORM)
    await play.rest(cut_at - time.monotonic())
    at_work, calm = play.used(), await play.figures()
    play.tell(cut=0.5)
    await play.rest(AFTER_THE_STORM)
    play.tell(finish=1)
    storm = await play.figures()
    await play.until("done", asked.crowds)
    journal = asked.folder / "journal.jsonl"
    join(journal, sorted(asked.folder.glob("journal-*.jsonl")))
    verdict = await judge(journal, mongodb_url=servers.mongodb_url, database=DATABASE)
    each = (full["web"].resident_bytes - empty["web"].resident_bytes) / asked.people / 1024
    delivered = report.deliveries(journal, until=cut_at)
    acknowledged = report.acknowledgements(journal, until=cut_at)
    back, recovered = report.returns(journal)
    lines = {
        "people connected": f"{asked.people:,}, by WebSocket, on {len(play.crew)} web processes",
        "until all of them were, each with two conversations read": f"{came:.0f} s, {asked.people / came:.0f} a second",
        "memory of the web processes for each of them": f"{each:.0f} KiB",
        "CPU while nobody writes": cores(full, quiet, 15),
        "messages": f"{len(acknowledged) / asked.seconds:.0f} a second for {asked.seconds:.0f} s,"
        f" each heard by {len(delivered) / len(acknowledged):.1f} others",
        "CPU meanwhile": cores(quiet, at_work, asked.seconds),
        "acknowledged, p50 / p95 / p99": spread(acknowledged, milliseconds),
        "delivered, p50 / p95 / p99": spread(delivered, milliseconds),
        "event loop of the web processes, p99": f"at most {milliseconds(report.lag_bound(before, calm, 0.99))} late",
        "cut off in one moment": f"{asked.people // 2:,}",
        "back, p50 / p95 / p99": spread(back, in_seconds),
        "all of them back": f"{len(back):,} within {max(back):.1f} s, {recovered:,} of them with all they missed",
        "acknowledged from then on, p50 / p95 / p99": spread(
            report.acknowledgements(journal, since=cut_at), milliseconds
        ),
        "event loop meanwhile, p99": f"at most {milliseconds(report.lag_bound(calm, storm, 0.99))} late",
        "answers 5xx, and failures": f"{failures(storm):.0f}",
        "acknowledged and lost": told(verdict),
    }
    return "\n".join(["| what | figure |", "| --- | --- |", *(f"| {what} | {says} |" for what, says in lines.items())])


def cores(before: dict[str, Used], after: dict[str, Used], seconds: float) -> str:
    """How much of one core each part took."""
    return ", ".join(
        f"{name} {(after[name].cpu_seconds - used.cpu_seconds) / seconds * 100:.0f} %" for name, used in before.items()
    )


def failures(found: dict[str, float]) -> float:
    """What the web processes could not answer."""
    answered = sum(value for key, value in found.items() if "request_seconds_count" in key and 'status="5' in key)
    return answered + figure(found, "skillnet_errors_total", code="internal")


def told(verdict: Verdict) -> str:
    """What the oracle found."""
    wrong = {name: len(getattr(verdict, name)) for name in ("lost", "doubled", "gaps", "disordered", "missed")}
    heard = ", ".join(f"{count} {name}" for name, count in wrong.items())
    return f"of {verdict.acked:,}: {heard}; {verdict.silent} unanswered, {len(verdict.refused)} refused"


@asynccontextmanager
async def crowds(asked: Asked, residents: Sequence[Resident], servers: list[str]) -> AsyncIterator[list[Crowd]]:
    """The processes of clients, which begin to connect at once."""
    there: list[Crowd] = []
    # Neighbourhoods are not parted: each process sees for itself when its conversations agree.
    size = -(-len(residents) // asked.crowds // NEIGHBOURHOOD) * NEIGHBOURHOOD
    try:
        for number, start in enumerate(range(0, len(residents), size)):
            people = residents[start : start + size]
            pace = asked.pace * len(people) / len(residents)
            plan = {
                "people": people, "servers": servers, "rate": asked.rate, "pace": pace, "cut_share": 0.0,
                "seed": SEED + number,
            }  # fmt: skip
            path = asked.folder / f"plan-{number}.json"
            path.write_text(json.dumps(plan))
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.load.crowd", str(path), str(asked.folder / f"journal-{number}.jsonl")),
                cwd=ROOT, env=supervisor_environment() | {"PYTHONPATH": str(ROOT)},
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
            there.append(Crowd(process))
        yield there
    finally:
        for crowd in there:
            crowd.listening.cancel()
            if crowd.process.returncode is None:
                crowd.process.kill()
            await crowd.process.wait()


def join(whole: Path, parts: list[Path]) -> None:
    """Put journals one after the other: what one device saw is in one of them."""
    with whole.open("wb") as file:
        for part in parts:
            file.write(part.read_bytes())


def say(line: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")


def machine() -> str:
    """What this is measured on, and beside what, in a line."""
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "an unknown processor")  # fmt: skip
    memory = psutil.virtual_memory().total / 2**30
    python = sys.version.split()[0]
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, Python {python}, clients included"


def main() -> int:
    """Play it, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--people", type=int, default=10_000, help="how many, in tens (10000)")
    parser.add_argument("--seconds", type=float, default=60, help="for how long they write before the storm (60)")
    parser.add_argument("--every", type=float, default=250, help="each writes once in so many seconds (250)")
    parser.add_argument("--pace", type=float, default=150, help="so many connect in a second (150)")
    parser.add_argument("--crowds", type=int, default=4, help="processes of clients (4)")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md too")
    given = parser.parse_args()
    people = max(1, given.people // NEIGHBOURHOOD) * NEIGHBOURHOOD
    # Ended in whatever way, it ends what it started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < people + SPARE_FILES:
        parser.error(f"a process may open {most} files here: raise `ulimit -Hn`, or take fewer --people")
    # Inherited by every process that is started from here.
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    others = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asked = Asked(people, given.seconds, 1 / given.every, given.pace, given.crowds, folder)
        with started_servers(folder / "data") as servers:
            table = asyncio.run(play(asked, servers))
    told = f"{table}\n\nOn {machine()}; of others' work there was a load of {others:.1f} when it began."
    print(told)
    if given.readme:
        write_readme(told, *MARKS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
