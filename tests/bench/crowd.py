"""The load: many raw connections of one busy process that counts what arrives and parses nothing.

While it measures it never sleeps: the wake-up of a sleeping reader would be paid by the server that writes to it.
"""

import os
import re
import select
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from tests.bench.events import COUNT, JOIN, MARK, frame

# What a browser sends; its offer to compress is left out where what comes back is counted.
UPGRADE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    "Origin: http://127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Pragma: no-cache\r\nCache-Control: no-cache\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)"
    " AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-GB,en;q=0.9\r\n"
    "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n{extensions}\r\n"
)
DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
# So many connections are opened at once, and so many come from one address of the loopback network.
WAVE = 50
PER_ADDRESS = 1000
PATIENCE_SECONDS = 60.0
QUIET_SECONDS = 0.5


class Lost(Exception):
    """Not everything arrived, or more than was sent."""


class Crowd:
    """Connections to one server. `counts` holds the marks that each has heard, by file descriptor."""

    def __init__(self, port: int, *, extensions: str = "") -> None:
        self.port = port
        self._upgrade = UPGRADE.format(port=port, extensions=extensions).encode()
        self.sockets: list[socket.socket] = []
        self.counts: dict[int, int] = {}
        self.heard = 0
        self._epoll = select.epoll()
        self._buffer = bytearray(1 << 18)

    def connect(self, size: int, tokens: Sequence[str] = (), *, join: bool = True) -> None:
        """Open Socket.IO connections in waves, each with its own token where there are some."""
        for start in range(0, size, WAVE):
            self._wave(min(WAVE, size - start), tokens[start : start + WAVE], join=join)

    def connect_plainly(self, size: int) -> None:
        """Open connections that offer no compression, so that their answers can be read."""
        offered, self._upgrade = self._upgrade, self._upgrade.replace(DEFLATE.encode(), b"")
        self.connect(size, join=False)
        self._upgrade = offered

    def open_http(self, size: int) -> None:
        """Open bare connections to speak HTTP on."""
        self._listen([self._dial() for _ in range(size)])

    def send(self, index: int, data: bytes) -> None:
        """Send on one connection, all of it."""
        sock = self.sockets[index]
        sock.setblocking(True)
        sock.sendall(data)
        sock.setblocking(False)

    def read(self, each: Callable[[int, int], None] | None = None) -> bool:
        """Read what is there, without waiting; `each` is told the connection and the marks of every chunk."""
        buffer, counts = self._buffer, self.counts
        views = [buffer]
        ready = self._epoll.poll(0, 4096)
        for fd, _ in ready:
            marks = buffer.count(MARK, 0, os.readv(fd, views))
            counts[fd] += marks
            self.heard += marks
            if each is not None:
                each(fd, marks)
        return bool(ready)

    def until(self, heard: int, each: Callable[[int, int], None] | None = None) -> None:
        """Read until so many marks came in all; raises `Lost` when they do not."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.heard < heard:
            if not self.read(each) and time.monotonic() > deadline:
                raise Lost(f"{self.heard} of {heard} arrived within {PATIENCE_SECONDS:.0f} s")

    def forget(self) -> None:
        """Read away what a server says by itself to those who come."""
        deadline = time.monotonic() + QUIET_SECONDS
        while time.monotonic() < deadline:
            self.read()
        self.settle_all(self.heard)

    def settle(self, each: int, members: int) -> None:
        """Raise unless every one of the last `members` connections heard exactly so many, and forget the counts."""
        found = {self.counts[sock.fileno()] for sock in self.sockets[-members:]}
        if found != {each}:
            raise Lost(f"expected {each} for each member, found {sorted(found)}")
        self.settle_all(each * members)

    def settle_all(self, heard: int) -> None:
        """Raise unless exactly so many marks came in all, and forget the counts."""
        if self.heard != heard:
            raise Lost(f"expected {heard}, found {self.heard}")
        self.counts = dict.fromkeys(self.counts, 0)
        self.heard = 0

    def members(self) -> int:
        """How many connections the server says it has, asked on the first one."""
        self.send(0, COUNT)
        self.sockets[0].setblocking(True)
        answer = _frame(self.sockets[0])
        self.sockets[0].setblocking(False)
        found = re.search(rb"432\[.*?(\d+)\]", answer)
        if found is None:
            raise Lost(f"no number in {answer!r}")
        return int(found[1])

    def hang_up(self, keep: int = 0) -> None:
        """Close all connections but the first so many, without a word."""
        for sock in self.sockets[keep:]:
            self.counts.pop(sock.fileno(), None)
            sock.close()
        del self.sockets[keep:]

    def close(self) -> None:
        self.hang_up()
        self._epoll.close()

    def _dial(self) -> socket.socket:
        sock = socket.socket()
        sock.settimeout(PATIENCE_SECONDS)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.bind((f"127.0.0.{2 + len(self.sockets) // PER_ADDRESS}", 0))
        sock.connect(("127.0.0.1", self.port))
        self.sockets.append(sock)
        return sock

    def _wave(self, size: int, tokens: Sequence[str], *, join: bool) -> None:
        wave = [self._dial() for _ in range(size)]
        for sock in wave:
            sock.sendall(self._upgrade)
        for number, sock in enumerate(wave):
            _frame(sock, after=b"\r\n\r\n")
            sock.sendall(frame(f'40{{"token":"{tokens[number]}"}}' if tokens else "40"))
        for sock in wave:
            _frame(sock)
        if join:
            for sock in wave:
                sock.sendall(JOIN)
            for sock in wave:
                _frame(sock)
        self._listen(wave)

    def _listen(self, wave: list[socket.socket]) -> None:
        for sock in wave:
            sock.setblocking(False)
            self.counts[sock.fileno()] = 0
            self._epoll.register(sock, select.EPOLLIN)


@contextmanager
def crowd(port: int, *, extensions: str = "") -> Iterator[Crowd]:
    """A crowd that leaves at the end."""
    people = Crowd(port, extensions=extensions)
    try:
        yield people
    finally:
        people.close()


def _frame(sock: socket.socket, *, after: bytes = b"") -> bytes:
    """Read one frame, which is all that comes now, after the words; only while a connection is being set up."""
    read = b""
    while True:
        at = read.find(after)
        body = read[at + len(after) :] if at >= 0 else b""
        if len(body) > 1 and len(body) >= (body[1] + 2 if body[1] < 126 else int.from_bytes(body[2:4], "big") + 4):
            return body
        chunk = sock.recv(65536)
        if not chunk:
            raise Lost(f"the server hung up after {read!r}")
        read += chunk
