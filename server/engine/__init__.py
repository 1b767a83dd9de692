"""The Socket.IO base: python-socketio's protocol under an ear of our own, one ordered pump for each connection.

First form: correct and ordered; its bounds and its speed come by further hooks behind the same interface.
"""

import asyncio
import ipaddress
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import engineio
import socketio
import structlog
from aiohttp import web
from engineio import packet as eio_packet
from socketio import packet as sio_packet

log = structlog.get_logger(__name__)

RESERVED = frozenset({"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"})


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Times and bounds of the engine."""

    ping_interval: timedelta = timedelta(seconds=25)
    ping_timeout: timedelta = timedelta(seconds=20)
    connect_deadline: timedelta = timedelta(seconds=10)
    max_frame: int = 65_536
    inbox: int = 64
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()
    connections_per_address: int = 50


class Refused(Exception):
    """A connection is not admitted; `data` says why."""

    def __init__(self, data: dict[str, object]) -> None:
        super().__init__(str(data.get("message", "")))
        self.data = data


class RawJson(str):
    """JSON text that is sent as it is."""

    __slots__ = ()


class EventPacket:
    """An event, encoded once."""

    __slots__ = ("packet",)

    def __init__(self, text: str) -> None:
        self.packet = eio_packet.Packet(eio_packet.MESSAGE, text)

    @classmethod
    def of(cls, name: str, data_json: str) -> "EventPacket":
        return cls(f"2[{json.dumps(name)},{data_json}]")


class Ear(Protocol):
    async def on_connect(self, connection: "Connection", auth: object) -> None: ...
    async def on_event(self, connection: "Connection", name: str, payload: object) -> object: ...
    async def on_disconnect(self, connection: "Connection", reason: str) -> None: ...


class Connection:
    """One client."""

    def __init__(self, server: "SocketServer", eio_sid: str, environ: dict[str, Any]) -> None:
        self.id = server.eio.generate_id()
        self.eio_sid = eio_sid
        self.state: Any = None
        self.audiences: set[str] = set()
        self.inbox: asyncio.Queue[tuple[int | None, str, object]] = asyncio.Queue()
        self.pump: asyncio.Task[None] | None = None
        self.greeted = False
        self.early: list[EventPacket] = []
        request: web.Request = environ["aiohttp.request"]
        self.address = request.remote or "unknown"
        self.user_agent = request.headers.get("User-Agent", "")
        self._server = server

    def send(self, packet: EventPacket) -> None:
        """Send after all that was sent before."""
        if not self.greeted:
            self.early.append(packet)
            return
        self._server.put(self.eio_sid, packet.packet)

    def kick(self, packet: EventPacket | None = None) -> None:
        """Send a last event and close."""
        if packet is not None:
            self.send(packet)
        self._server.put(self.eio_sid, eio_packet.Packet(eio_packet.MESSAGE, "1"))
        asyncio.get_running_loop().call_later(0.2, self._server.close_transport, self.eio_sid)


class SocketServer(socketio.AsyncServer):  # type: ignore[misc]
    """Socket.IO on the namespace "/"."""

    def __init__(self, settings: EngineSettings, ear: Ear) -> None:
        super().__init__(
            async_mode="aiohttp",
            ping_interval=settings.ping_interval.total_seconds(),
            ping_timeout=settings.ping_timeout.total_seconds(),
            max_http_buffer_size=settings.max_frame,
            cors_allowed_origins=list(settings.allowed_origins) or None,
            http_compression=False,
        )
        self._ear = ear
        self.settings = settings
        self._by_eio: dict[str, Connection] = {}
        self._all: dict[str, Connection] = {}
        self._audiences: dict[str, set[Connection]] = {}

    @property
    def connections(self) -> Mapping[str, Connection]:
        return self._all

    def join(self, connection: Connection, audience: str) -> None:
        if connection.id in self._all:
            self._audiences.setdefault(audience, set()).add(connection)
            connection.audiences.add(audience)

    def leave(self, connection: Connection, audience: str) -> None:
        connection.audiences.discard(audience)
        members = self._audiences.get(audience)
        if members is not None:
            members.discard(connection)
            if not members:
                del self._audiences[audience]

    def audience(self, name: str) -> Collection[Connection]:
        return self._audiences.get(name, ())

    def broadcast(self, audience: str, packet: EventPacket, *, skip: Connection | None = None) -> None:
        for connection in list(self._audiences.get(audience, ())):
            if connection is not skip:
                connection.send(packet)

    def put(self, eio_sid: str, packet: eio_packet.Packet) -> None:
        socket = self.eio.sockets.get(eio_sid)
        if socket is not None and not socket.closed:
            socket.queue.put_nowait(packet)

    def close_transport(self, eio_sid: str) -> None:
        socket = self.eio.sockets.get(eio_sid)
        if socket is not None:
            task = asyncio.ensure_future(socket.close(wait=False))
            task.add_done_callback(lambda _: socket.queue.put_nowait(None))

    async def close(self) -> None:
        for socket in list(self.eio.sockets.values()):
            await socket.close(wait=False)
            socket.queue.put_nowait(None)
        await self.shutdown()

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> None:
        self.environ[eio_sid] = environ

    async def _handle_eio_message(self, eio_sid: str, data: object) -> None:
        packet = self.packet_class(encoded_packet=data)
        connection = self._by_eio.get(eio_sid)
        if packet.packet_type == sio_packet.CONNECT:
            await self._admit(eio_sid, packet.data, packet.namespace or "/")
        elif connection is not None and packet.packet_type == sio_packet.EVENT and packet.data[0] not in RESERVED:
            name, *rest = packet.data
            connection.inbox.put_nowait((packet.id, name, rest[0] if rest else None))
        elif connection is not None and packet.packet_type == sio_packet.DISCONNECT:
            await self._forget(connection, "client disconnect")

    async def _admit(self, eio_sid: str, auth: object, namespace: str) -> None:
        if namespace != "/" or eio_sid in self._by_eio:
            error = sio_packet.Packet(sio_packet.CONNECT_ERROR, {"message": "Invalid namespace"}, namespace=namespace)
            self.put(eio_sid, eio_packet.Packet(eio_packet.MESSAGE, error.encode()))
            return
        connection = Connection(self, eio_sid, self.environ[eio_sid])
        try:
            await self._ear.on_connect(connection, auth)
        except Refused as refused:
            body = json.dumps({"message": str(refused), "data": refused.data})
            self.put(eio_sid, eio_packet.Packet(eio_packet.MESSAGE, f"4{body}"))
            return
        self._by_eio[eio_sid] = self._all[connection.id] = connection
        self.put(eio_sid, eio_packet.Packet(eio_packet.MESSAGE, f'0{{"sid":"{connection.id}"}}'))
        connection.greeted = True
        for packet in connection.early:
            connection.send(packet)
        connection.early.clear()
        connection.pump = asyncio.create_task(self._pump(connection))

    async def _pump(self, connection: Connection) -> None:
        while True:
            packet_id, name, payload = await connection.inbox.get()
            answer = await self._ear.on_event(connection, name, payload)
            if packet_id is not None:
                text = answer if isinstance(answer, RawJson) else json.dumps(answer)
                self.put(connection.eio_sid, eio_packet.Packet(eio_packet.MESSAGE, f"3{packet_id}[{text}]"))

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        self.environ.pop(eio_sid, None)
        connection = self._by_eio.get(eio_sid)
        if connection is not None:
            await self._forget(connection, reason)

    async def _forget(self, connection: Connection, reason: str) -> None:
        if self._by_eio.pop(connection.eio_sid, None) is None:
            return
        del self._all[connection.id]
        for audience in list(connection.audiences):
            self.leave(connection, audience)
        if connection.pump is not None and connection.pump is not asyncio.current_task():
            connection.pump.cancel()
        await self._ear.on_disconnect(connection, reason)


__all__ = ["Connection", "Ear", "EngineSettings", "EventPacket", "RawJson", "Refused", "SocketServer", "engineio"]
