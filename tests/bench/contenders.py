"""Who takes part: each a program of its own, started on a free port, its CPU time read to the nanosecond by its number.

All end with the block that started them, and by themselves if this process does not get that far.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.contest import OURS
from tests.processes import Child

END_SECONDS = 15.0
RIVALS = Path(__file__).parent / "rivals"
SECRET = "a secret of thirty-two bytes or more, for measuring only"
NODE = "Node.js"
APP = "SkillNet, the whole path"
FASTIFY = "Fastify"
DRF = "Django REST Framework"
PLAIN = "python-socketio"
BARE = "bare loop"

PROGRAMS = {
    OURS: (sys.executable, "-m", "tests.bench.ours"),
    NODE: ("node", str(RIVALS / "socketio.mjs")),
    PLAIN: (sys.executable, "-m", "tests.bench.rivals.plain"),
    BARE: (sys.executable, "-m", "tests.bench.rivals.bare"),
    APP: (sys.executable, "-m", "tests.bench.ours_app"),
    FASTIFY: ("node", str(RIVALS / "rest.mjs")),
    DRF: (str(RIVALS / ".venv" / "bin" / "python"), str(RIVALS / "drf.py")),
}


@dataclass(frozen=True, slots=True)
class Running:
    """A started program and the one process of it that serves."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of user and system time that it has used so far."""
        # Linux gives every process a clock of its own; /proc counts in hundredths of a second: too coarse here.
        return time.clock_gettime((~self.pid << 3) | 2)

    def resident(self) -> int:
        """Bytes of memory it holds."""
        return psutil.Process(self.pid).memory_info().rss


def install() -> None:
    """Fetch the Node.js rivals as their lock file says, unless they are there."""
    if shutil.which("node") is None:
        sys.exit("The benchmarks need node and npm.")
    if not (RIVALS / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=RIVALS, check=True, timeout=300)


def install_python() -> None:
    """Make the environment of the Python rivals that must not share ours, unless it is there."""
    environment = RIVALS / ".venv"
    if not environment.is_dir():
        venv.create(environment, with_pip=True)
        pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "-r", "requirements.txt"]
        subprocess.run(pip, cwd=RIVALS, check=True, timeout=300)


@contextmanager
def running(command: tuple[str, ...], env: Mapping[str, str] | None = None) -> Iterator[Running]:
    """A program that says its port, for as long as the block lasts."""
    environment = {**os.environ, "NODE_ENV": "production", "BENCH_SECRET": SECRET, **(env or {})}
    with Child(command, env=environment) as child:
        said = json.loads(next(line for line in iter(child.line, None) if line.startswith('{"port"')))
        try:
            yield Running(said["port"], said["pid"])
        finally:
            assert child.process.stdin is not None
            child.process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(END_SECONDS)


@contextmanager
def all_running(*names: str, env: Mapping[str, str] | None = None) -> Iterator[dict[str, Running]]:
    """Several contenders at once; those whose turn it is not only wait."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(running(PROGRAMS[name], env)) for name in names}
