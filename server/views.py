"""Plain addresses outside the table: what this is, is it alive, is it ready."""

import asyncio

from aiohttp import web

from server.engine import SocketServer
from server.fanout import Fanout
from store import Store
from store.database import is_unavailable

STORE: web.AppKey[Store] = web.AppKey("store")
FANOUT: web.AppKey[Fanout] = web.AppKey("fanout")
SOCKETS: web.AppKey[SocketServer] = web.AppKey("sockets")


async def front(_: web.Request) -> web.Response:
    """Where to go from here."""
    return web.json_response({"name": "SkillNet", "api": "/api/v1", "documentation": "/docs/", "health": "/healthz"})


async def healthz(_: web.Request) -> web.Response:
    """Alive: the event loop answers."""
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """Ready: the database answers. Without Redis it serves all the same, later in delivery: degraded."""
    if request.app[SOCKETS].eio.draining:
        return web.json_response({"status": "draining"}, status=503)
    try:
        async with asyncio.timeout(1):
            await request.app[STORE].database.ping()
    except Exception as error:
        if not (is_unavailable(error) or isinstance(error, TimeoutError)):
            raise
        return web.json_response({"status": "unavailable", "database": "down"}, status=503)
    redis = "up" if request.app[FANOUT].healthy else "down"
    return web.json_response({"status": "ok" if redis == "up" else "degraded", "database": "up", "redis": redis})


def add_routes(app: web.Application) -> None:
    """Add these addresses."""
    app.router.add_get("/", front)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
