"""A TCP proxy in front of a server that can be slow, silent, gone, or heard but not answered.

It changes nothing it passes on: what a fault does is decided by the one mode it is in, for all its connections.
"""

import asyncio
import random
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import background

CHUNK_BYTES = 65_536
POLL_SECONDS = 0.02

# What happens to a chunk on its way back; a new one is made for each connection, so it may remember.
Filter = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Pass:
    """Everything goes through."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Everything goes through later, in both directions."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Throttle:
    """Everything goes through slowly."""

    bytes_per_second: float


@dataclass(frozen=True, slots=True)
class Blackhole:
    """Connections are accepted and stay open; nothing goes through until the mode changes."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """New connections are reset at once; those there are live on."""


@dataclass(frozen=True, slots=True)
class EatReply:
    """A share of the replies to requests that hold `request` is swallowed and the connection reset.

    The server did what was asked, and the client never hears it.
    """

    request: bytes
    share: float
    chance: random.Random


Mode = Pass | Delay | Throttle | Blackhole | Refuse | EatReply


class FaultProxy:
    """One listening address and the server behind it: a port on loopback or a Unix socket."""

    def __init__(self, target: int | Path, *, reply_filter: Callable[[], Filter] = lambda: bytes) -> None:
        self.mode: Mode = Pass()
        self.eaten = 0
        self.target = target
        self._reply_filter = reply_filter
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen on a free port, and say which."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Close everything."""
        self._server.close()
        await background.end(*self._tasks)
        self.cut()

    def cut(self) -> None:
        """Reset every connection there is, now."""
        for writer in self._writers:
            _reset(writer)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(OSError, asyncio.CancelledError):
                await self._serve(reader, writer)
        finally:
            _reset(writer)
            self._tasks.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if isinstance(self.mode, Refuse):
            return
        if isinstance(self.target, Path):
            back_reader, back_writer = await asyncio.open_unix_connection(str(self.target))
        else:
            back_reader, back_writer = await asyncio.open_connection("127.0.0.1", self.target)
        pair = {writer, back_writer}
        self._writers |= pair
        link = _Link(self)
        try:
            forth = asyncio.create_task(link.carry_requests(reader, back_writer))
            back = asyncio.create_task(link.carry_replies(back_reader, writer, self._reply_filter()))
            try:
                # Whichever side ends first ends both: half-open connections are a fault of their own.
                await asyncio.wait({forth, back}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await background.end(forth, back)
        finally:
            self._writers -= pair
            _reset(back_writer)


class _Link:
    """The two directions of one connection."""

    def __init__(self, proxy: FaultProxy) -> None:
        self._proxy = proxy
        self._eats_next = False

    async def carry_requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK_BYTES):
            mode = await self._weather(data)
            if isinstance(mode, EatReply) and mode.request in data:
                self._eats_next = mode.chance.random() < mode.share
            writer.write(data)
            await writer.drain()

    async def carry_replies(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, keep: Filter) -> None:
        while data := await reader.read(CHUNK_BYTES):
            await self._weather(data)
            if self._eats_next:
                self._proxy.eaten += 1
                return
            if kept := keep(data):
                writer.write(kept)
                await writer.drain()

    async def _weather(self, data: bytes) -> Mode:
        """Wait as long as the mode says, which may change meanwhile; the mode then."""
        while isinstance(self._proxy.mode, Blackhole):
            await asyncio.sleep(POLL_SECONDS)
        mode = self._proxy.mode
        if isinstance(mode, Delay):
            await asyncio.sleep(mode.seconds)
        elif isinstance(mode, Throttle):
            await asyncio.sleep(len(data) / mode.bytes_per_second)
        return mode


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close as a crash closes: with a reset, and what was not sent yet is gone."""
    end = writer.get_extra_info("socket")
    if end is not None and end.family != socket.AF_UNIX:
        with suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def proxied(
    target: int | Path, *, reply_filter: Callable[[], Filter] = lambda: bytes
) -> AsyncIterator[tuple[FaultProxy, int]]:
    """A proxy and the port it listens on."""
    proxy = FaultProxy(target, reply_filter=reply_filter)
    port = await proxy.start()
    try:
        yield proxy, port
    finally:
        await proxy.stop()


async def within(seconds: float, ready: Callable[[], Awaitable[bool]], *, what: str) -> float:
    """Poll until it is so, and say after how many seconds; AssertionError if it takes longer."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    while not await ready():
        assert loop.time() - start < seconds, f"not within {seconds} s: {what}"
        await asyncio.sleep(POLL_SECONDS)
    return loop.time() - start
