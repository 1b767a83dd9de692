"""One connection to Redis, spoken to directly (RESP3): redis-py costs several times what a whole delivery may.

Replies and pushes are handed over synchronously in the order of the wire: a read of the feed says exactly which
doorbells were heard before it.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from typing import Any, cast

import hiredis
from redis.asyncio.connection import SSLConnection, parse_url

from server.fanout.feeds import APPEND, LEAD, PREFIX, READ, RUN_CHARACTERS, FanoutUnavailable

# So long for a connection to be made and to introduce itself.
CONNECT_SECONDS = 1.0
# So much may wait to be written before what is only for the moment is dropped.
FULL_BYTES = 1 << 20

NOTHING = object()
# After these the connection is of no use: the server was replaced, demoted or emptied of scripts.
USELESS = ("READONLY", "NOSCRIPT", "LOADING", "MASTERDOWN", "NOAUTH", "NOREPLICAS")

Replies = list[Any]
Settle = Callable[[Replies | None], None]


def pack(*words: str | int | bytes) -> bytes:
    """A command as it travels."""
    packed: bytes = hiredis.pack_command(words)  # type: ignore[arg-type]  # its stub means one word
    return packed


class _Question:
    __slots__ = ("count", "replies", "settle")

    def __init__(self, count: int, settle: Settle | None) -> None:
        self.count = count
        self.replies: Replies = []
        self.settle = settle


class Link(asyncio.Protocol):
    """A live connection; once lost it stays lost. `run` names the server's run."""

    run = ""

    def __init__(self, on_push: Callable[[list[Any]], None]) -> None:
        self._on_push = on_push
        self._reader = hiredis.Reader(encoding="utf-8", errors="replace", notEnoughData=NOTHING)
        self._questions: deque[_Question] = deque()
        self._out: list[bytes] = []
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self.lost: asyncio.Future[None] = self._loop.create_future()
        self.full = False

    def send(self, data: bytes, count: int, settle: Settle | None = None) -> None:
        """Send commands that have `count` replies; settle gets them, or None when the connection is lost."""
        if self._transport is None or self.lost.done():
            if settle is not None:
                settle(None)
            return
        if count:
            self._questions.append(_Question(count, settle))
        if not self._out:
            self._loop.call_soon(self._flush)
        self._out.append(data)

    async def ask(self, data: bytes, count: int, *, within: float) -> Replies:
        """Send commands and return their replies, errors among them; raises `FanoutUnavailable`."""
        answer: asyncio.Future[Replies | None] = self._loop.create_future()

        def settle(replies: Replies | None) -> None:
            if not answer.done():
                answer.set_result(replies)

        self.send(data, count, settle)
        late = self._loop.call_later(within, settle, None)
        try:
            replies = await answer
        finally:
            late.cancel()
        return self.checked(replies)

    def checked(self, replies: Replies | None) -> Replies:
        """Replies that are answers; raises `FanoutUnavailable` if one is an error, or if there are none."""
        if replies is None:
            raise FanoutUnavailable("Redis did not answer in time.")
        for reply in replies:
            if isinstance(reply, hiredis.ReplyError):
                if str(reply).startswith(USELESS):
                    self.abort()
                raise FanoutUnavailable(str(reply)) from reply
        return replies

    def abort(self) -> None:
        """Give the connection up; whoever waits for a reply hears that there is none."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not asked by isinstance: uvloop's transports are none of asyncio's classes.
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=FULL_BYTES)

    def data_received(self, data: bytes) -> None:
        gets, questions = self._reader.gets, self._questions
        try:
            self._reader.feed(data)
            while (reply := gets()) is not NOTHING:
                if type(reply) is hiredis.PushNotification:
                    self._on_push(reply)
                    continue
                question = questions[0]
                question.replies.append(reply)
                if len(question.replies) == question.count:
                    questions.popleft()
                    if question.settle is not None:
                        question.settle(question.replies)
        except (hiredis.ProtocolError, LookupError):
            # Whatever this is, it is not our place in the conversation.
            self.abort()

    def pause_writing(self) -> None:
        self.full = True

    def resume_writing(self) -> None:
        self.full = False

    def connection_lost(self, _: Exception | None) -> None:
        if not self.lost.done():
            self.lost.set_result(None)
        while self._questions:
            if (settle := self._questions.popleft().settle) is not None:
                settle(None)

    def _flush(self) -> None:
        if self._transport is not None and not self.lost.done():
            self._transport.write(b"".join(self._out))
        self._out.clear()


async def open_link(url: str, on_push: Callable[[list[Any]], None], *, prefix: str = PREFIX) -> Link:
    """Connect, sign in, load the scripts; raises OSError or `FanoutUnavailable`."""
    where: dict[str, Any] = dict(parse_url(url))
    loop = asyncio.get_running_loop()
    link = Link(on_push)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            if path := where.get("path"):
                await loop.create_unix_connection(lambda: link, path)
            else:
                tls = None
                if where.get("connection_class") is SSLConnection:
                    tls = ssl.create_default_context(cafile=where.get("ssl_ca_certs"))
                await loop.create_connection(
                    lambda: link, where.get("host", "localhost"), where.get("port", 6379), ssl=tls
                )
            await _introduce(link, where.get("username"), where.get("password"), where.get("db", 0), prefix)
    except BaseException:
        link.abort()
        raise
    return link


async def _introduce(link: Link, username: str | None, password: str | None, database: int, prefix: str) -> None:
    sign_in = ("AUTH", username or "default", password) if password else ()
    hello: list[bytes] = [pack("HELLO", 3, *sign_in), pack("SELECT", database), pack("INFO", "server")]
    hello += [pack("SCRIPT", "LOAD", script.source) for script in (APPEND, READ, LEAD)]
    # A subscription is confirmed by a push; only a refusal is a reply, and then the last one is not PONG.
    hello += [pack("SUBSCRIBE", f"{prefix}hello"), pack("PING")]
    replies = await link.ask(b"".join(hello), len(hello) - 1, within=CONNECT_SECONDS)
    if replies[-1] != "PONG":
        raise FanoutUnavailable("Redis does not let us subscribe.")
    facts = dict(line.split(":", 1) for line in replies[2].splitlines() if ":" in line)
    link.run = facts["run_id"][:RUN_CHARACTERS]
