"""Plain python-socketio on aiohttp and uvloop with its defaults, and with its Redis manager when a URL is given."""

import os
from typing import Any

import jwt
import socketio
from aiohttp import web

from tests.bench.events import ROOM
from tests.bench.serving import run, serve

SECRET = os.environ["BENCH_SECRET"]


async def main() -> None:
    url = os.environ.get("BENCH_REDIS_URL")
    manager = socketio.AsyncRedisManager(url) if url else None
    sio = socketio.AsyncServer(async_mode="aiohttp", client_manager=manager, ping_interval=600)

    async def connect(sid: str, environ: dict[str, Any], auth: dict[str, Any] | None = None) -> None:
        if auth and "token" in auth:
            jwt.decode(auth["token"], SECRET, algorithms=["HS256"], issuer="skillnet", audience="skillnet")

    async def join(sid: str, room: str) -> str:
        await sio.enter_room(sid, room)
        return "^"

    async def say(sid: str, payload: object) -> None:
        await sio.emit("said", payload, room=ROOM)

    async def repeat(sid: str, payload: dict[str, Any]) -> None:
        for _ in range(payload["times"]):
            await sio.emit("said", payload["message"], room=ROOM)

    async def ask(sid: str, payload: object) -> object:
        return payload

    async def count(sid: str, _: object) -> tuple[str, int]:
        return "^", len(sio.eio.sockets)

    sio.on("connect", connect)
    for handler in (join, say, repeat, ask, count):
        sio.on(handler.__name__, handler)
    app = web.Application()
    sio.attach(app)
    await serve(app)


if __name__ == "__main__":
    run(main)
