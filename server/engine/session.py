"""One Engine.IO session: a transport, what waits to be written to it, and when it has to be cut.

Nothing here awaits a reader: what is sent is handed to the transport or kept in bounds, and who stays behind is cut.
"""

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

from engineio.async_socket import AsyncSocket

from server.engine.packets import EventPacket, Malformed, text_frame

if TYPE_CHECKING:
    from aiohttp import web

    from server.engine.transports import Engine

PING, NOOP, CLOSE = "2", "6", "1"
CLOSE_FRAME = b"\x88\x02\x03\xe8"
GONE_POLL_SECONDS = 0.02


class Session(AsyncSocket):  # type: ignore[misc]
    """A session on polling, on WebSocket, or on its way from one to the other.

    `wire` is the WebSocket's transport once frames may be written to it; until then texts wait in `queue`.
    """

    queue: deque[str]

    def __init__(self, engine: "Engine", sid: str, address: str, *, now: float) -> None:
        super().__init__(engine, sid)
        self.engine = engine
        self.address = address
        self.opened_at = now
        self.next_ping = now + engine.ping_interval
        self.pinged_at: float | None = None
        self.wire: asyncio.Transport | None = None
        # The WebSocket's transport while it is still on its way, and after; whether it answered to its probe.
        self.raw: asyncio.Transport | None = None
        self.probed = False
        self.user_agent = ""
        self.queued_bytes = 0
        self.poll_waits: asyncio.Future[str] | None = None
        self.poll_request: web.Request | None = None
        self.posting = False
        # Done once there is room for what it sends; until then nothing more is read of it.
        self.room: asyncio.Future[None] | None = None
        self.finishing = False
        self.behind_since: float | None = None
        self.unwritten = 0
        self.strained = False
        self.tokens = engine.settings.frame_burst
        self.tokens_at = now
        self.connection: Any = None

    # Sending

    def write(self, packet: EventPacket) -> None:
        """Send a packet after all that was sent before."""
        if self.wire is not None:
            self.write_frame(packet.frame)
        else:
            self._enqueue(packet.text)

    def write_text(self, text: str) -> None:
        """Send an Engine.IO packet that concerns this session alone."""
        if self.wire is not None:
            self.write_frame(text_frame(text))
        else:
            self._enqueue(text)

    def write_frame(self, frame: bytes) -> None:
        """Write whole frames to the WebSocket; never waits."""
        wire = self.wire
        if wire is not None:
            try:
                wire.write(frame)
            except RuntimeError:
                return  # uvloop's word for a connection that is closed already; its reader is about to hear of it
            if wire.get_write_buffer_size() > self.engine.settings.queue_bytes:
                self.strain()

    def strain(self) -> None:
        """More waits than may: judge it once the loop could write, at its next turn; a reader's burst is gone then."""
        if self.waiting_bytes > 2 * self.engine.settings.queue_bytes:
            self.cut("slow")
        elif not self.strained:
            self.strained = True
            asyncio.get_running_loop().call_soon(self._judge)

    def _judge(self) -> None:
        self.strained = False
        if self.wire is not None and self.wire.get_write_buffer_size() > self.engine.settings.queue_bytes:
            self.cut("slow")

    def _enqueue(self, text: str) -> None:
        if self.closed or self.closing or self.finishing:
            return
        self.queue.append(text)
        self.queued_bytes += _size(text)
        if self.queued_bytes > self.engine.settings.queue_bytes:
            self.cut("slow")
        elif self.poll_waits is not None and not self.poll_waits.done():
            self.poll_waits.set_result(NOOP)

    @property
    def waiting_bytes(self) -> int:
        """Bytes that were sent and not taken by the network yet."""
        return self.queued_bytes if self.wire is None else self.wire.get_write_buffer_size()

    def take(self, limit: int) -> list[str]:
        """Take what waits, up to a number of bytes but at least one packet."""
        taken: list[str] = []
        size = 0
        while self.queue and (not taken or size + _size(self.queue[0]) <= limit):
            text = self.queue.popleft()
            size += _size(text) + 1
            self.queued_bytes -= _size(text)
            taken.append(text)
        return taken

    def go_over(self) -> None:
        """From now on write to the WebSocket, beginning with what waits; nothing can come between."""
        self.wire = self.raw
        while self.queue:
            self.write_frame(text_frame(self.queue.popleft()))
        self.queued_bytes = 0
        self.engine.went_over(self)

    # Being minded, once a second

    def mind(self, now: float) -> None:
        """Ping when it is time; cut who does not answer, does not read, or never connected."""
        engine = self.engine
        if self.poll_request is not None and self.poll_request.transport is None:
            engine.end(self, "transport close")
        elif self.connection is None and now - self.opened_at > engine.settings.connect_deadline.total_seconds():
            self.cut("no_connect")
        elif self.pinged_at is not None and self.room is None and now - self.pinged_at > engine.ping_timeout:
            self.cut("ping_timeout")
        elif now >= self.next_ping and (self.pinged_at is None or self.room is not None):
            self.pinged_at, self.next_ping = now, now + engine.ping_interval
            self.write_text(PING)
        self._mind_reading(now)

    def _mind_reading(self, now: float) -> None:
        waiting = 0 if self.wire is None else self.wire.get_write_buffer_size()
        if waiting == 0 or self.behind_since is None or waiting < self.unwritten:
            self.behind_since = now if waiting else None
        elif now - self.behind_since > self.engine.settings.stall.total_seconds():
            self.cut("slow")
        self.unwritten = waiting

    def schedule_ping(self) -> None:
        """A pong came: the next ping is an interval away."""
        self.pinged_at = None
        self.next_ping = self.engine.now() + self.engine.ping_interval

    def count_frame(self) -> None:
        """Count a frame from the client; raises Malformed when there were too many."""
        now = self.engine.now()
        settings = self.engine.settings
        self.tokens = min(settings.frame_burst, self.tokens + (now - self.tokens_at) * settings.frames_per_second) - 1
        self.tokens_at = now
        if self.tokens < 0:
            raise Malformed("too many frames")

    # Sending faster than it is served

    def fill_up(self) -> None:
        """Read nothing more until there is room."""
        if self.room is None:
            self.room = asyncio.get_running_loop().create_future()

    def make_room(self) -> None:
        """Read on. A pong may be behind what was not read, and has all its time from now on."""
        room, self.room = self.room, None
        if room is None:
            return
        if not room.done():
            room.set_result(None)
        if self.pinged_at is not None:
            self.pinged_at = self.engine.now()

    async def has_room(self) -> None:
        """Wait for room; whoever is cancelled meanwhile leaves the others waiting."""
        while self.room is not None:
            await asyncio.wait([self.room])

    # Ending

    def cut(self, reason: str) -> None:
        """End the session at once, whatever still waits."""
        if self.closed or self.closing:
            return
        self.engine.count[reason] += 1
        if self.poll_waits is not None and not self.poll_waits.done():
            self.poll_waits.set_result(CLOSE)
        self.engine.end(self, reason)

    def release(self) -> None:
        """Let go of the transport and of whoever polls."""
        self.queue.clear()
        self.queued_bytes = 0
        self.wire = None
        self.make_room()
        if self.raw is not None:
            self.raw.abort()
        if self.poll_waits is not None and not self.poll_waits.done():
            self.poll_waits.set_result(NOOP)

    def finish(self) -> None:
        """End the session once what was sent is written; at once where nobody reads."""
        if self.wire is not None:
            wire, self.raw = self.wire, None
            self.write_frame(CLOSE_FRAME)
            wire.close()
            asyncio.get_running_loop().call_later(1, wire.abort)
            self.engine.end(self, "server disconnect")
        elif not (self.closed or self.closing):
            self._enqueue(CLOSE)
            self.finishing = True
            asyncio.get_running_loop().call_later(1, self.cut, "server disconnect")

    async def gone(self) -> None:
        """Wait until who polls has fetched that it is finished, or was given up a second later."""
        while not self.closed:  # noqa: ASYNC110 - few wait for it, and nobody else should pay for a future
            await asyncio.sleep(GONE_POLL_SECONDS)


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode(errors="replace"))
