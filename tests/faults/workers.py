"""Web processes of the real program, killed and brought back as a machine's supervisor would.

Each keeps its port for life, so that a client finds it again where it was.
"""

import asyncio
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

import background
from server.embedded import supervisor_environment
from tests.processes import ROOT

SECRET = "a secret of the fault tests and of nothing else"
READY_SECONDS = 90.0
POLL_SECONDS = 0.05


class Worker:
    """One `python -m server web`; while it is kept, a dead one is started again."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.port = free_port()
        self.starts = 0
        self._environment = {**supervisor_environment(), **environment, "HOST": "127.0.0.1", "PORT": str(self.port)}
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The number of the process that runs now."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start it, wait until it serves, and keep it."""
        await self._spawn()
        await self.ready()
        self._keeper = asyncio.create_task(self._keep())

    async def ready(self) -> None:
        """Wait until it serves; AssertionError with its log if it does not."""
        try:
            async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as http:
                while not await _answers(http, f"{self.url}/readyz"):
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            raise AssertionError(f"a web process does not start:\n{self._log.read_text()[-4000:]}") from None

    async def says(self, path: str) -> tuple[int, dict[str, Any]]:
        """What it answers to whoever looks after it."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.url}{path}") as answer:
            return answer.status, await answer.json()

    async def until_it_says(self, code: int, **parts: str) -> None:
        """Wait until it says so of itself; it is alive all the while."""
        async with asyncio.timeout(READY_SECONDS):
            while await self.says("/readyz") != (code, parts):
                assert await self.says("/healthz") == (200, {"status": "ok"})
                await asyncio.sleep(POLL_SECONDS)
        assert await self.says("/healthz") == (200, {"status": "ok"})

    def kill(self) -> None:
        """Kill -9; whatever keeps it starts it again."""
        self._signal(signal.SIGKILL)

    async def restart(self) -> tuple[int, float]:
        """SIGTERM, as a supervisor deploys; its exit code, the seconds it took, and it serves again."""
        process, start = self._process, asyncio.get_running_loop().time()
        assert process is not None
        self._signal(signal.SIGTERM)
        code = await process.wait()
        took = asyncio.get_running_loop().time() - start
        while self._process is process:
            await asyncio.sleep(POLL_SECONDS)
        await self.ready()
        return code, took

    def pause(self) -> None:
        """SIGSTOP: alive, and silent."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    async def stop(self) -> None:
        """End it for good."""
        await background.end(self._keeper)
        self._signal(signal.SIGCONT)
        self.kill()
        if self._process is not None:
            await self._process.wait()

    def _signal(self, number: int) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    async def _spawn(self) -> None:
        self.starts += 1
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "server", "web"), cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )

    async def _keep(self) -> None:
        while True:
            assert self._process is not None
            await self._process.wait()
            await self._spawn()


def environment_of(*, mongodb_url: str, redis_url: str, folder: Path, **settings: str) -> dict[str, str]:
    """What processes of one deployment are told."""
    return {
        "MONGODB_URL": mongodb_url,
        "REDIS_URL": redis_url,
        # Those who are counted on here write to whomever they like.
        "FIRST_CONTACTS": "100000",
        "FIRST_MESSAGES": "100000",
        "JWT_SECRET": SECRET,
        "DATA_KEYS": SECRET,
        "ACCESS_TOKEN_MINUTES": "60",
        "MAX_CONNECTIONS_PER_IP": "10000",
        "LOG_LEVEL": "WARNING",
        "DATA_FOLDER": str(folder),
        "CONFIRM_EMAIL": "false",
        **settings,
    }


@asynccontextmanager
async def workers(
    number: int, *, mongodb_url: str, redis_url: str, folder: Path, **settings: str
) -> AsyncIterator[list[Worker]]:
    """That many web processes over one database and one Redis, with their logs in `folder`."""
    environment = environment_of(mongodb_url=mongodb_url, redis_url=redis_url, folder=folder, **settings)
    await _release(environment)
    crew = [Worker(environment, folder / f"web-{index}.log") for index in range(number)]
    try:
        await asyncio.gather(*(worker.start() for worker in crew))
        yield crew
    finally:
        await asyncio.gather(*(worker.stop() for worker in crew))


async def _release(environment: Mapping[str, str]) -> None:
    """What a deployment does once, before its processes start."""
    release = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "store", "indexes"), cwd=ROOT, env={**supervisor_environment(), **environment}
    )
    assert await release.wait() == 0


async def kill_at_random(crew: list[Worker], *, every: float, times: int, chance: random.Random) -> None:
    """Kill one of them every so often, whichever it is."""
    for _ in range(times):
        await asyncio.sleep(every)
        chance.choice(crew).kill()


def free_port() -> int:
    """A port that nobody listens on now, and that is none of those which the kernel gives to whoever asks for any."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


async def _answers(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with http.get(url, timeout=aiohttp.ClientTimeout(total=2)) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
