"""SkillNet's Socket.IO engine with the few events of the benchmarks in its ear, set up as `server/app.py` does.

Limits that would stop the load are raised, not removed: their checks are part of what is measured.
"""

import gc
import json
import os
from datetime import UTC, datetime, timedelta

from aiohttp import web

from server.engine import Connection, EngineSettings, EventPacket, Refused, SocketServer
from server.security import AccessTokens
from tests.bench.events import ROOM
from tests.bench.serving import run, serve

MANY = 1_000_000


class Ear:
    """Takes the events of the benchmarks."""

    def __init__(self, tokens: AccessTokens) -> None:
        self._tokens = tokens

    def start(self, server: SocketServer) -> None:
        """Begin to serve connections."""
        self._server = server

    async def on_connect(self, connection: Connection, auth: object) -> None:
        if isinstance(auth, dict) and "token" in auth:
            try:
                connection.state = self._tokens.read(auth["token"], now=datetime.now(UTC))
            except Exception as error:
                raise Refused({"code": "unauthenticated"}) from error

    async def on_event(self, connection: Connection, name: str, payload: object) -> object:
        match name:
            case "say":
                text = json.dumps(payload, separators=(",", ":"))
                self._server.broadcast(ROOM, EventPacket.of("said", text))
                return None
            case "join":
                self._server.join(connection, str(payload))
                return "^"
            case "count":
                return ["^", len(self._server.connections)]
            case _:
                return payload

    async def on_disconnect(self, connection: Connection, reason: str) -> None:
        """Nothing is kept."""


def settings() -> EngineSettings:
    """Bounds that the load does not reach."""
    return EngineSettings(
        ping_interval=timedelta(minutes=10),
        frames_per_second=MANY,
        frame_burst=MANY,
        inbox=256,
        connections_per_address=MANY,
    )


async def main() -> None:
    ear = Ear(AccessTokens(os.environ["BENCH_SECRET"].encode(), lifetime=timedelta(hours=1)))
    sockets = SocketServer(settings(), ear)
    ear.start(sockets)
    app = web.Application()
    sockets.attach(app)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    await serve(app)


if __name__ == "__main__":
    run(main)
