"""Child processes for tests: started with a deadline on every word they owe, ended by their own number.

None outlives its test: each either holds our pipe, whose end is its own, or is killed where it was started.
"""

import asyncio
import json
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

from server.embedded import supervisor_command, supervisor_environment

ROOT = Path(__file__).parents[1]


class Child:
    """One child process, its output lines queued by a thread so that waiting for one can have an end."""

    def __init__(self, command: Sequence[str], *, env: dict[str, str] | None = None, cwd: Path = ROOT) -> None:
        self.process = subprocess.Popen(
            command,
            env=supervisor_environment() if env is None else env,
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self.said: list[str] = []
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    @property
    def pid(self) -> int:
        return self.process.pid

    def line(self, *, within: float = 90.0) -> str:
        """Its next line; AssertionError if it ends or keeps silent instead."""
        try:
            line = self._lines.get(timeout=within)
        except queue.Empty:
            raise AssertionError(f"no word within {within} s; it said {self.said}") from None
        assert line is not None, f"it ended with {self.process.wait(5)}; it said {self.said}"
        return line

    def write(self, text: str) -> None:
        """Send it a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def pause(self) -> None:
        """SIGSTOP: it lives, and answers nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, as kill -9 does."""
        self.process.kill()
        self.wait()

    def wait(self, *, within: float = 30.0) -> int:
        """Its exit code, once it has ended."""
        code = self.process.wait(within)
        self._close()
        return code

    def end(self, *, within: float = 30.0) -> int:
        """Ask for an orderly end by SIGTERM; kill it if it does not come."""
        self.process.terminate()
        try:
            return self.wait(within=within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def _close(self) -> None:
        self._reader.join(5)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                # What it did not read in time is nobody's loss.
                with suppress(BrokenPipeError):
                    pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.wait()


@dataclass(frozen=True, slots=True)
class Servers:
    """The embedded servers of a test run."""

    mongodb_url: str
    redis_url: str
    folder: Path

    def pid(self, name: str) -> int:
        """The process number of `mongodb` or `redis` now: a killed one is started again under another."""
        return int((self.folder / f"{name}.pid").read_text())


@contextmanager
def started_servers(folder: Path, *, servers: Sequence[str] = ("mongodb", "redis")) -> Iterator[Servers]:
    """Both servers over a fresh folder; they end with this process, however it ends."""
    command = supervisor_command(folder, servers=servers, options=["--enable-test-commands"])
    with Child(command) as supervisor:
        report = json.loads(supervisor.line(within=90))
        assert "error" not in report, report
        try:
            yield Servers(report.get("mongodb_url", ""), report.get("redis_url", ""), folder)
        finally:
            assert supervisor.process.stdin is not None
            supervisor.process.stdin.close()
            supervisor.wait()


def eventually(truth: Callable[[], bool], *, within: float, what: str) -> float:
    """Poll until it is true and return the seconds it took; AssertionError after `within` seconds."""
    start = time.monotonic()
    while not truth():
        assert time.monotonic() - start < within, f"not within {within} s: {what}"
        time.sleep(0.01)
    return time.monotonic() - start


def alive(pid: int) -> bool:
    """Whether a process runs under this number; one that only waits to be collected does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def said_by(*arguments: str, cwd: Path, env: dict[str, str]) -> tuple[int, str]:
    """Run `python -m ...` to its end: its exit code, and all that it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *arguments),
        cwd=cwd,
        env={**supervisor_environment(), **env},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()
