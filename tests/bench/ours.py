"""SkillNet's engine, and its feeds when Redis is there, with the events of the benchmarks in the ear.

Limits that would stop the load are raised, not removed: their checks are part of what is measured.
"""

import gc
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

import pydantic_core
from aiohttp import web

from server.engine import Connection, EngineSettings, EventPacket, Refused, SocketServer
from server.fanout import Fanout, FeedEvent, Position
from server.publisher import Publisher
from server.seats import packet
from server.security import AccessTokens
from store.ids import new_id
from store.outbox import Outbox, OutboxRow
from tests.bench.events import ROOM
from tests.bench.serving import run, serve

MANY = 1_000_000


def to_json(message: object) -> str:
    """As the product encodes its views."""
    return pydantic_core.to_json(message).decode()


class KeptNowhere:
    """An outbox without a database: what is announced is gone once Redis has it."""

    async def due(self, *, before: datetime, limit: int) -> list[OutboxRow]:  # noqa: ARG002
        return []

    async def between(self, order_key: str, *, after: int, before: int, limit: int) -> list[OutboxRow]:  # noqa: ARG002
        return []

    async def delete(self, ids: Sequence[str]) -> None:
        """There is nothing to forget."""


class Ear:
    """Takes the events of the benchmarks."""

    def __init__(self, tokens: AccessTokens, fanout: Fanout | None) -> None:
        self._tokens = tokens
        self._fanout = fanout
        self._publisher = None if fanout is None else Publisher(fanout, cast("Outbox", KeptNowhere()))
        self._said = 0

    async def start(self, server: SocketServer) -> None:
        """Begin to serve connections."""
        self._server = server
        if self._fanout is not None and self._publisher is not None:
            await self._fanout.start(self._deliver, self._reset)
            self._publisher.start()

    async def on_connect(self, connection: Connection, auth: object) -> None:
        if isinstance(auth, dict) and "token" in auth:
            try:
                connection.state = self._tokens.read(auth["token"], now=datetime.now(UTC))
            except Exception as error:
                raise Refused({"code": "unauthenticated"}) from error

    async def on_event(self, connection: Connection, name: str, payload: object) -> object:
        match name:
            case "say":
                self._say(payload)
                return None
            case "repeat":
                assert isinstance(payload, dict)
                for _ in range(payload["times"]):
                    self._say(payload["message"])
                return None
            case "join":
                self._server.join(connection, ROOM)
                if self._fanout is not None:
                    await self._fanout.listen(ROOM)
                return "^"
            case "count":
                return ["^", len(self._server.connections)]
            case _:
                return payload

    async def on_disconnect(self, connection: Connection, reason: str) -> None:
        """Nothing is kept."""

    def _say(self, message: object) -> None:
        text = to_json(message)
        if self._publisher is None:
            self._server.audiences.broadcast(ROOM, EventPacket.of("said", text))
            return
        # As a message of a conversation: durable, and in the order of its thread.
        self._said += 1
        row = OutboxRow(
            id=new_id(),
            type="said",
            audiences=(ROOM,),
            body=text,
            order_key=ROOM,
            order_n=self._said,
            created_at=datetime.now(UTC),
        )
        self._publisher.announce([row])

    def _deliver(self, audience: str, event: FeedEvent) -> None:
        self._server.audiences.broadcast(audience, packet(event))

    def _reset(self, audience: str, position: Position) -> None:
        raise RuntimeError(f"{audience} began anew at {position}")


def settings() -> EngineSettings:
    """Bounds that the load does not reach."""
    return EngineSettings(
        ping_interval=timedelta(minutes=10),
        inbox=256,
        frames_per_second=MANY,
        frame_burst=MANY,
        connections_per_address=MANY,
    )


async def main() -> None:
    url = os.environ.get("BENCH_REDIS_URL")
    tokens = AccessTokens(os.environ["BENCH_SECRET"].encode(), lifetime=timedelta(hours=1))
    ear = Ear(tokens, Fanout(url) if url else None)
    sockets = SocketServer(settings(), ear)
    await ear.start(sockets)
    app = web.Application()
    sockets.attach(app)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    await serve(app)


if __name__ == "__main__":
    run(main)
