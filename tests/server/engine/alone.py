"""The engine as a process of its own, so that what an attack costs it can be counted.

Everybody who connects hears what anybody says: `say` with a count and a size sends so many events to all, paced.
"""

import asyncio
from datetime import timedelta

from aiohttp import web

from server.engine import Connection, EngineSettings, EventPacket, SocketServer
from tests.bench.serving import run, serve

EVERYBODY = "everybody"
PAUSE_SECONDS = 0.005
PER_SECOND = 500
BURST = 200


class Crier:
    """Admits everybody and says what it is asked to."""

    server: SocketServer

    def __init__(self) -> None:
        self.handled = 0

    async def on_connect(self, connection: Connection, _: object) -> None:
        connection.state = None

    async def on_event(self, connection: Connection, name: str, payload: object) -> object:
        self.handled += 1
        match name:
            case "hear":
                self.server.join(connection, EVERYBODY)
            case "say":
                assert isinstance(payload, dict)
                asyncio.get_running_loop().create_task(self._say(payload["events"], payload["bytes"]))
            case "count":
                return {
                    **self.server.count,
                    "sessions": len(self.server.eio.sockets),
                    "most_waiting": max(c.session.waiting_bytes for c in self.server.connections.values()),
                    "handled": self.handled,
                }
        return None

    async def on_disconnect(self, connection: Connection, reason: str) -> None:
        """It is gone."""

    async def _say(self, events: int, size: int) -> None:
        packet = EventPacket.of("said", f'"{"x" * size}"')
        for _ in range(events):
            self.server.audiences.broadcast(EVERYBODY, packet)
            await asyncio.sleep(PAUSE_SECONDS)
        self.server.audiences.broadcast(EVERYBODY, EventPacket.of("done", "null"))


async def main() -> None:
    """Serve until the parent ends."""
    crier = Crier()
    settings = EngineSettings(
        stall=timedelta(seconds=8), connections_per_address=2000, frames_per_second=PER_SECOND, frame_burst=BURST
    )
    crier.server = SocketServer(settings, crier)
    app = web.Application()
    crier.server.attach(app)
    await serve(app)


if __name__ == "__main__":
    run(main)
