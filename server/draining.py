"""How a web process ends and nobody loses anything: everybody is told, and goes at a moment of their own.

Until that moment a connection is served as ever; whoever it belonged to is at another process when the next one goes.
"""

import asyncio
import random

import structlog

from server.engine import Connection, EventPacket, SocketServer
from server.protocol import Draining

log = structlog.get_logger(__name__)

# So many may come back in a second: a sign-in costs another process some of one.
PACE = 100
LONGEST_SECONDS = 5.0
# Whoever asks on and on is waited for no longer than this in all.
PATIENCE_SECONDS = 7.0


async def drain(server: SocketServer) -> None:
    """Take in nobody, and let everybody go within seconds, each once what they asked for is answered."""
    server.eio.draining = True
    connections = list(server.connections.values())
    spread = min(LONGEST_SECONDS, len(connections) / PACE)
    log.info("draining", connections=len(connections), seconds=round(spread, 2))
    leaving = [asyncio.create_task(_let_go(connection, random.uniform(0, spread))) for connection in connections]  # noqa: S311 - no secret
    if leaving:
        _, late = await asyncio.wait(leaving, timeout=PATIENCE_SECONDS)
        for task in late:
            task.cancel()


async def _let_go(connection: Connection, seconds: float) -> None:
    # Who has not been greeted yet learns of the end by the end: `hello` is the first event.
    if connection.state.held is None:
        data = Draining(in_ms=round(seconds * 1000))
        connection.send(EventPacket.of("server:draining", data.model_dump_json()))
    await asyncio.sleep(seconds)
    while connection.pump is not None:
        await asyncio.wait((connection.pump,))
    # Without leaving the namespace first: a client that the server puts out of it does not come back by itself.
    connection.server.audiences.flush()
    connection.session.finish()
    await connection.session.gone()
