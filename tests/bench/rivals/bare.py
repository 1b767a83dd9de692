"""The floor: a uvloop program that understands nothing and writes one prebuilt frame to every member.

It answers the handshake with fixed bytes, and takes whatever its first connection says as the word to write.
"""

import asyncio
import json
from typing import cast

from tests.bench.events import MESSAGE, SAY
from tests.bench.serving import announce, run, until_parent_ends


def server_frame(text: str) -> bytes:
    """A text frame as a server sends it."""
    payload = text.encode()
    size = len(payload)
    return (bytes((0x81, size)) if size < 126 else b"\x81\x7e" + size.to_bytes(2, "big")) + payload


SAID = server_frame("42" + json.dumps(["said", MESSAGE], separators=(",", ":")))
OPEN = b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + server_frame('0{"sid":"x"}')
CONNECTED = server_frame('40{"sid":"x"}')
JOINED = server_frame('430["^"]')


class Member(asyncio.Protocol):
    """One connection; the first of all is the speaker and hears nothing."""

    def __init__(self, members: list[asyncio.Transport], everybody: list["Member"]) -> None:
        self.members = members
        self.speaks = not everybody
        everybody.append(self)
        self.answers = iter((OPEN, CONNECTED))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if (answer := next(self.answers, None)) is not None:
            self.transport.write(answer)
        elif self.speaks:
            for _ in range(len(data) // len(SAY)):
                for member in self.members:
                    member.write(SAID)
        else:
            self.members.append(self.transport)
            self.transport.write(JOINED)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if self.transport in self.members:
            self.members.remove(self.transport)


async def main() -> None:
    members: list[asyncio.Transport] = []
    everybody: list[Member] = []
    server = await asyncio.get_running_loop().create_server(
        lambda: Member(members, everybody), "127.0.0.1", 0, backlog=4096
    )
    announce(server.sockets[0].getsockname()[1])
    await until_parent_ends()


if __name__ == "__main__":
    run(main)
