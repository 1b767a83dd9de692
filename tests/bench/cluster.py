"""What it costs to deliver through Redis from one process to the members on others, with feeds and numbers on.

The speaker's process has no members; in the larger cluster one process has nothing to do with the room at all.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from tempfile import TemporaryDirectory

from tests.bench.contenders import NODE, PLAIN, PROGRAMS, Running, running
from tests.bench.contest import OURS, Finding, Turn, contest
from tests.bench.crowd import Crowd, crowd
from tests.bench.events import REPEAT, SAY, TIMES

MESSAGES = 3000
MEMBERS = 10
IN_FLIGHT = 16
# The position checks and heartbeats of an idle process are part of what it costs, so that a turn has a least time.
BYSTANDER_PROMISE = 0.25


@dataclass(frozen=True, slots=True)
class Cluster:
    """Processes of one contender over one Redis: the speaker's, the members', and perhaps an idle one."""

    speaker: tuple[Running, Crowd]
    members: list[tuple[Running, Crowd]]
    bystander: Running | None

    def turn(self, size: int) -> dict[str, float]:
        """Microseconds a message, for each kind of process."""
        parts = [
            self.speaker[0],
            *(server for server, _ in self.members),
            *([self.bystander] if self.bystander else []),
        ]
        before = [server.cpu() for server in parts]
        self._talk(SAY, 1)
        used = [(server.cpu() - start) / MESSAGES * 1e6 for server, start in zip(parts, before, strict=True)]
        figures = {taking(size): used[0], receiving(size): sum(used[1 : 1 + len(self.members)])}
        if self.bystander is not None:
            figures[standing_by(size)] = used[-1]
        start = self.speaker[0].cpu()
        self._talk(REPEAT, TIMES)
        return {**figures, publishing(size): (self.speaker[0].cpu() - start) / MESSAGES * 1e6}

    def _talk(self, event: bytes, messages: int) -> None:
        crowds = [people for _, people in self.members]
        sent = 0
        while sent < MESSAGES:
            done = min(people.heard // MEMBERS for people in crowds)
            if events := min(IN_FLIGHT - (sent - done), MESSAGES - sent) // messages:
                self.speaker[1].send(0, event * events)
                sent += events * messages
            for people in crowds:
                people.until(max(0, sent - IN_FLIGHT + messages) * MEMBERS)
        for people in crowds:
            people.until(MESSAGES * MEMBERS)
            people.settle(MESSAGES, MEMBERS)


def taking(size: int) -> str:
    return f"CPU to take in a message and publish it through Redis, {size} processes"


def publishing(size: int) -> str:
    return f"CPU to publish a message through Redis, eight at a time, {size} processes"


def receiving(size: int) -> str:
    return f"CPU to receive it and deliver it to {MEMBERS} members on each, {size} processes"


def standing_by(size: int) -> str:
    return f"CPU of a process without members meanwhile, {size} processes"


def run(rounds: int) -> list[Finding]:
    """CPU of a delivery through Redis with 2 and 4 processes: to publish, to receive, to stand by."""
    findings: list[Finding] = []
    for size in (2, 4):
        with ExitStack() as stack:
            redis_url = stack.enter_context(redis())
            turns: dict[str, Turn] = {}
            for name in (OURS, NODE, PLAIN):
                cluster = stack.enter_context(started(name, size, redis_url))
                turns[name] = partial(cluster.turn, size)
            targets: dict[str, dict[str, float | None]] = {
                taking(size): {NODE: 0.7, PLAIN: None},
                publishing(size): {NODE: 0.7, PLAIN: None},
                receiving(size): {NODE: 0.6, PLAIN: None},
            }
            if size > 2:
                targets[standing_by(size)] = {NODE: BYSTANDER_PROMISE, PLAIN: None}
            findings += contest(turns, targets, unit="µs", rounds=rounds)
    return findings


@contextmanager
def started(name: str, size: int, redis_url: str) -> Iterator[Cluster]:
    """Processes of a contender and the people on them."""
    with ExitStack() as stack:
        # Whoever has no connection at all would not even listen.
        env = {"BENCH_REDIS_URL": redis_url}
        servers = [stack.enter_context(running(PROGRAMS[name], env)) for _ in range(size)]
        crowds = [stack.enter_context(crowd(server.port)) for server in servers]
        for people in crowds:
            people.connect(1, join=False)
        members = list(zip(servers, crowds, strict=True))[1 : size if size == 2 else size - 1]
        for _, people in members:
            people.connect(MEMBERS)
        # Subscriptions are made behind the answer that tells of a join.
        time.sleep(0.5)
        yield Cluster((servers[0], crowds[0]), members, servers[-1] if size > 2 else None)


@contextmanager
def redis() -> Iterator[str]:
    """A Redis of our own on a socket in a folder of its own, keeping nothing on disk."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise SystemExit("The cluster benchmark needs redis-server.")
    with TemporaryDirectory(prefix="bench-") as folder:
        port = _free_port()
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            _wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(10)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise SystemExit("redis-server did not start.")
