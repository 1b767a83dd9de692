"""A WebSocket without a library: frames that no client would send, and somebody who never reads."""

import asyncio
import socket as sockets
from urllib.parse import urlsplit

# So little does the kernel take for somebody who does not read.
RECEIVE_BYTES = 4096
UPGRADE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def frame(payload: bytes, *, first: int = 0x81) -> bytes:
    """A frame, a whole text one unless its first byte says otherwise, masked with zeros."""
    length = len(payload)
    head = bytes((first, 0x80 | length)) if length < 126 else bytes((first, 0xFE)) + length.to_bytes(2, "big")
    return head + bytes(4) + payload


async def stalled(server: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A WebSocket of somebody who reads nothing until they resume."""
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, RECEIVE_BYTES)
    raw.setblocking(False)
    address = urlsplit(server)
    await asyncio.get_running_loop().sock_connect(raw, (address.hostname, address.port))
    reader, writer = await asyncio.open_connection(sock=raw, limit=RECEIVE_BYTES)
    writer.write(UPGRADE)
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.pause_reading()
    return reader, writer
