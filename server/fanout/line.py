"""One connection to Redis: commands answered in their order, writes of one loop tick joined, published messages pushed.

redis-py costs several times what the whole delivery may; this does only what the fan-out needs, on hiredis.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, cast

import hiredis
from redis.asyncio.connection import SSLConnection, UnixDomainSocketConnection, parse_url

Push = Callable[[bytes, bytes], None]


class RedisAway(Exception):
    """Redis does not answer, or not in time."""


class Line(asyncio.Protocol):
    """A RESP2 connection. Every reply that is no published message belongs to the oldest unanswered command."""

    def __init__(self, on_push: Push | None = None) -> None:
        self._on_push = on_push
        self._reader = hiredis.Reader()
        self._waiting: deque[asyncio.Future[Any] | None] = deque()
        self._unsent: list[bytes] = []
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, url: str, *, on_push: Push | None = None) -> "Line":
        """Connect, and sign in as the URL says; raises RedisAway or OSError."""
        where = parse_url(url)
        loop = asyncio.get_running_loop()
        if where.get("connection_class") is UnixDomainSocketConnection:
            _, line = await loop.create_unix_connection(lambda: cls(on_push), where["path"])
        else:
            secure = True if where.get("connection_class") is SSLConnection else None
            _, line = await loop.create_connection(
                lambda: cls(on_push), where.get("host", "localhost"), where.get("port", 6379), ssl=secure
            )
        if (password := where.get("password")) is not None:
            await line.call("AUTH", *([where["username"]] if where.get("username") else []), password)
        if database := where.get("db"):
            await line.call("SELECT", database)
        return line

    def call(self, *command: str | bytes | int) -> asyncio.Future[Any]:
        """Send a command; the future brings its reply, or RedisAway, or hiredis.ReplyError."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._send(command, answer)
        return answer

    def tell(self, *command: str | bytes | int) -> None:
        """Send a command whose reply interests nobody."""
        self._send(command, None)

    def close(self) -> None:
        """End the connection at once; whoever waits for a reply hears that Redis is away."""
        if self._transport is not None:
            self._transport.abort()
        self._fail()

    def _send(self, command: tuple[str | bytes | int, ...], answer: asyncio.Future[Any] | None) -> None:
        if self._transport is None or self._transport.is_closing():
            raise RedisAway("The connection to Redis is closed.")
        self._waiting.append(answer)
        if not self._unsent:
            asyncio.get_running_loop().call_soon(self._flush)
        self._unsent.append(hiredis.pack_command(command))  # type: ignore[arg-type]

    def _flush(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"".join(self._unsent))
        self._unsent.clear()

    def _fail(self) -> None:
        while self._waiting:
            answer = self._waiting.popleft()
            if answer is not None and not answer.done():
                answer.set_exception(RedisAway("The connection to Redis was lost."))
                # Whoever still waits hears it; whoever gave up need not.
                answer.exception()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not asked by isinstance: uvloop's transports are none of asyncio's classes.
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, _: Exception | None) -> None:
        self._fail()

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        while (reply := self._reader.gets()) is not False:
            if type(reply) is list and len(reply) == 3 and reply[0] == b"message":
                if self._on_push is not None:
                    self._on_push(reply[1], reply[2])
                continue
            answer = self._waiting.popleft()
            if answer is None or answer.done():
                continue
            if isinstance(reply, hiredis.ReplyError):
                answer.set_exception(reply)
            else:
                answer.set_result(reply)
