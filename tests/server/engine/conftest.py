"""A Socket.IO engine on loopback with an ear that echoes, and clients so plain that they can break every rule.

The clients speak frames and bodies, not events: what a library would not send has to be tried too.
"""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import uvloop
from aiohttp import web

from server.engine import Connection, EngineSettings, EventPacket, Refused, SocketServer

WITHIN = 15.0
LOOPS: Mapping[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Both loops that the engine runs on, whose transports differ where it matters: in what a closed one does."""
    return LOOPS


@dataclass
class EchoEar:
    """Answers every event with its own payload and remembers what it heard."""

    connected: list[Connection] = field(default_factory=list)
    ended: list[tuple[Connection, str]] = field(default_factory=list)
    heard: list[tuple[str, object]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    slowness: float = 0.0
    # Nothing is answered while this is closed.
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def on_connect(self, connection: Connection, auth: object) -> None:
        """Admit everybody but those who ask not to be."""
        if isinstance(auth, dict) and auth.get("refuse"):
            raise Refused({"code": "unauthenticated", "message": "Not you."})
        if isinstance(auth, dict) and auth.get("crash"):
            raise RuntimeError("asked to")
        if isinstance(auth, dict) and auth.get("slow"):
            await asyncio.sleep(0.2)
        self.connected.append(connection)

    async def on_event(self, _: Connection, name: str, payload: object) -> object:
        """Echo."""
        if name == "crash":
            raise RuntimeError("asked to")
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.slowness)
        await self.gate.wait()
        self.at_once -= 1
        self.heard.append((name, payload))
        return {"ok": True, "data": payload}

    async def on_disconnect(self, connection: Connection, reason: str) -> None:
        """Remember who went and why."""
        self.ended.append((connection, reason))


@dataclass
class Scene:
    """One engine that serves, its ear, and one HTTP client."""

    url: str
    server: SocketServer
    ear: EchoEar
    http: aiohttp.ClientSession

    @property
    def path(self) -> str:
        return f"{self.url}/socket.io/"

    def mind_in(self, seconds: float) -> None:
        """Look at every session as if so many seconds had passed; the clock stands still from then on."""
        self.server.eio.now = itertools.repeat(time.monotonic() + seconds).__next__
        self.server.eio.mind()

    async def get(self, **query: str) -> tuple[int, str]:
        """One GET: its status and body."""
        async with self.http.get(self.path, params=query) as response:
            return response.status, await response.text()

    async def poll(self, sid: str) -> tuple[int, str]:
        """One poll of a session."""
        return await self.get(EIO="4", transport="polling", sid=sid)

    async def post(self, sid: str, body: str | bytes) -> tuple[int, str]:
        """Send packets by POST."""
        query = {"EIO": "4", "transport": "polling", "sid": sid}
        async with self.http.post(self.path, params=query, data=body) as response:
            return response.status, await response.text()

    async def open_polling(self) -> str:
        """The id of a new session on polling."""
        status, text = await self.get(EIO="4", transport="polling")
        assert status == 200, text
        sid: str = json.loads(text[1:])["sid"]
        return sid

    async def dial(self, sid: str | None = None, **headers: str) -> aiohttp.ClientWebSocketResponse:
        """A WebSocket, of a new session or on the way up from polling."""
        query = "?EIO=4&transport=websocket" + (f"&sid={sid}" if sid else "")
        return await self.http.ws_connect(self.path + query, headers=headers, max_msg_size=0)

    async def open(self, **headers: str) -> aiohttp.ClientWebSocketResponse:
        """A WebSocket whose open packet has been read."""
        socket = await self.dial(**headers)
        assert (await hear(socket)).startswith("0")
        return socket

    async def join(self, **headers: str) -> aiohttp.ClientWebSocketResponse:
        """A WebSocket that is connected to the namespace."""
        socket = await self.open(**headers)
        await socket.send_str("40")
        assert (await hear(socket)).startswith("40")
        return socket


async def hear(socket: aiohttp.ClientWebSocketResponse) -> str:
    """The next text that is no ping."""
    while True:
        message = await socket.receive(timeout=WITHIN)
        assert message.type is aiohttp.WSMsgType.TEXT, message
        if message.data != "2":
            text: str = message.data
            return text


async def is_cut(socket: aiohttp.ClientWebSocketResponse, *, within: float = WITHIN) -> bool:
    """Whether the server ends this socket."""
    async with asyncio.timeout(within):
        while (await socket.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
    return True


async def eventually(holds: Callable[[], bool], *, within: float = WITHIN) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(within):
        while not holds():
            await asyncio.sleep(0.01)


def event(name: str, data: Any) -> EventPacket:
    """An event for everybody."""
    return EventPacket.of(name, json.dumps(data))


Start = Callable[..., Awaitable[Scene]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start engines with settings of the test's choice."""
    scenes: list[tuple[Scene, web.AppRunner]] = []

    async def started(**changes: Any) -> Scene:
        ear = EchoEar()
        base = EngineSettings(connections_per_address=1000, connect_deadline=timedelta(seconds=5))
        server = SocketServer(replace(base, **changes), ear)
        app = web.Application()
        server.attach(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        scene = Scene(f"http://{host}:{port}", server, ear, aiohttp.ClientSession())
        scenes.append((scene, runner))
        return scene

    yield started
    for scene, runner in scenes:
        await scene.http.close()
        for session in list(scene.server.eio.sockets.values()):
            # Nobody fetches anything any more.
            session.cut("the test is over")
        await scene.server.close()
        await runner.cleanup()


@pytest.fixture
async def scene(start: Start) -> Scene:
    """An engine with ordinary settings."""
    return await start()
