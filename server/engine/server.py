"""Socket.IO on the namespace "/": connections, their audiences, and a broadcast that writes the same bytes to all.

The events of one connection are handled one after the other, in the order they were sent.
"""

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

import socketio
import structlog
from aiohttp import web
from socketio import packet as sio

import background
from server.engine.audiences import Audiences
from server.engine.packets import ClientPacket, EventPacket, Malformed, RawJson, ack_text, decode
from server.engine.session import Session
from server.engine.settings import EngineSettings
from server.engine.transports import Engine

log = structlog.get_logger(__name__)

MIND_SECONDS = 1.0
DRAINED_BYTES = 256 * 1024
DRAIN_POLL_SECONDS = 0.02
INTERNAL = '{"ok":false,"error":{"code":"internal","message":"Something went wrong here.","retryable":false}}'


class Refused(Exception):
    """A connection is not admitted; `data` says why, with a message."""

    def __init__(self, data: dict[str, object]) -> None:
        super().__init__(str(data.get("message", "Connection refused")))
        self.data = data


class Ear(Protocol):
    """Who hears the connections."""

    async def on_connect(self, connection: "Connection", auth: object) -> None:
        """Admit a connection, or raise Refused."""
        ...

    async def on_event(self, connection: "Connection", name: str, payload: object) -> object:
        """Answer an event; the answer, JSON or RawJson, is its acknowledgement."""
        ...

    async def on_disconnect(self, connection: "Connection", reason: str) -> None:
        """A connection that was admitted has ended; called once, whatever ended it."""
        ...


class Connection:
    """One client on the namespace. `state` is the ear's."""

    __slots__ = ("__weakref__", "address", "audiences", "early", "id", "inbox", "pump", "server", "session", "state",
                 "user_agent")  # fmt: skip

    def __init__(self, server: "SocketServer", session: Session) -> None:
        self.id: str = server.eio.generate_id()
        self.address = session.address
        self.user_agent: str = session.user_agent
        self.state: Any = None
        self.server = server
        self.session = session
        self.audiences: set[str] = set()
        # What is sent before the client knows that it is admitted waits for that.
        self.early: list[EventPacket] | None = []
        self.inbox: deque[ClientPacket] = deque()
        self.pump: asyncio.Task[None] | None = None

    def send(self, packet: EventPacket) -> None:
        """Send after all that was sent before; never waits. Who stays behind is cut."""
        if self.early is not None:
            self.early.append(packet)
            return
        self.server.audiences.flush()
        self.session.write(packet)

    async def drained(self) -> None:
        """Wait until the client has taken most of what it was sent, or is gone; for those who send much at once."""
        # The transport tells only its protocol, aiohttp's, when it has drained.
        while not self.session.closed and self.session.waiting_bytes > DRAINED_BYTES:  # noqa: ASYNC110
            await asyncio.sleep(DRAIN_POLL_SECONDS)

    def kick(self, packet: EventPacket | None = None) -> None:
        """Send a last event, leave the namespace and close the transport; what waits for its turn is not done."""
        self.inbox.clear()
        if packet is not None:
            self.send(packet)
        self.session.write_text("41")
        self.session.finish()


class SocketServer(socketio.AsyncServer):  # type: ignore[misc]
    """The library's server with its packets checked, its events ordered and its rooms replaced by an index."""

    eio: Engine

    def __init__(self, settings: EngineSettings, ear: Ear) -> None:
        self.settings = settings
        super().__init__(
            async_mode="aiohttp",
            ping_interval=settings.ping_interval.total_seconds(),
            ping_timeout=settings.ping_timeout.total_seconds(),
            max_http_buffer_size=settings.max_frame,
            settings=settings,
        )
        self.eio.heard = self._hear
        self.eio.ended = self._end
        self.eio.went_over = self._went_over
        self._ear = ear
        self._connections: dict[str, Connection] = {}
        self.audiences = Audiences(settings.queue_bytes)
        self._tasks: set[asyncio.Task[None]] = set()
        self._minding: asyncio.Task[None] | None = None

    def _engineio_server_class(self) -> type[Engine]:
        return Engine

    def attach(self, app: web.Application, socketio_path: str = "socket.io") -> None:
        """Serve below /socket.io/ of an application, whatever the method: the refusal is the protocol's too."""
        app.on_startup.append(self._start)
        app.router.add_route("*", f"/{socketio_path}/", self.eio.handle_request)

    @property
    def connections(self) -> Mapping[str, Connection]:
        """Every admitted connection, by its id."""
        return self._connections

    @property
    def count(self) -> Mapping[str, int]:
        """How many sessions were cut or refused, by reason."""
        return self.eio.count

    def join(self, connection: Connection, audience: str) -> None:
        """Let a connection, if it is still there, hear an audience from now on."""
        if connection.id in self._connections:
            self.audiences.join(connection, audience)

    # What the engine brings

    def _hear(self, session: Session, text: str) -> None:
        packet = decode(text)
        if (packet.namespace or "/") != "/":
            if packet.kind == sio.CONNECT:
                session.write_text(f'44{packet.namespace},{{"message":"Invalid namespace"}}')
                return
            raise Malformed("namespace")
        connection: Connection | None = session.connection
        match packet.kind:
            case sio.CONNECT if connection is None:
                session.connection = connection = Connection(self, session)
                self._spawn(self._admit(connection, packet.data))
            case sio.EVENT if connection is not None:
                self._put(connection, packet)
            case sio.DISCONNECT if connection is not None:
                self._leave_namespace(connection)
            case sio.ACK if connection is not None:
                pass
            case _:
                raise Malformed("not connected, or connected already")

    def _leave_namespace(self, connection: Connection) -> None:
        if connection.id in self._connections:
            self._depart(connection, "client disconnect")
        else:
            # It is being admitted still: that ends in a departure, when it sees that it was given up.
            connection.session.connection = None

    def _put(self, connection: Connection, packet: ClientPacket) -> None:
        connection.inbox.append(packet)
        if len(connection.inbox) >= self.settings.inbox:
            connection.session.fill_up()
        if connection.pump is None and connection.early is None:
            self._pump(connection)

    def _pump(self, connection: Connection) -> None:
        # Not spawned: the connection holds it, and a callback at its end would cost another turn of the loop.
        connection.pump = asyncio.create_task(self._serve(connection), name="events")

    async def _admit(self, connection: Connection, auth: object) -> None:
        session = connection.session
        try:
            await self._ear.on_connect(connection, auth)
        except Refused as refused:
            session.write_text("44" + json.dumps({"message": str(refused), "data": refused.data}))
            self._forget(connection)
            return
        except Exception:
            log.exception("connect_failed")
            session.write_text('44{"message":"internal","data":{"code":"internal","retryable":true}}')
            self._forget(connection)
            return
        self._connections[connection.id] = connection
        if session.closed or session.connection is not connection:
            self._depart(connection, "transport close")
            return
        session.write_text(f'40{{"sid":"{connection.id}"}}')
        early, connection.early = connection.early or [], None
        for packet in early:
            session.write(packet)
        if connection.inbox:
            self._pump(connection)

    def _forget(self, connection: Connection) -> None:
        connection.session.make_room()
        if connection.session.connection is connection:
            connection.session.connection = None

    async def _serve(self, connection: Connection) -> None:
        while connection.inbox:
            packet = connection.inbox.popleft()
            if connection.session.room is not None and len(connection.inbox) < self.settings.inbox:
                connection.session.make_room()
            name, *arguments = packet.data
            try:
                answer = await self._ear.on_event(connection, name, arguments[0] if arguments else None)
                if packet.id is None:
                    continue
                text = answer if isinstance(answer, RawJson) else json.dumps(answer)
            except Exception:
                log.exception("event_failed", event_name=name)
                text = INTERNAL
            if packet.id is not None and not connection.session.closed:
                self.audiences.flush()
                connection.session.write_text(ack_text(packet.id, text))
        connection.pump = None

    def _went_over(self, session: Session) -> None:
        if session.connection is not None:
            self.audiences.moved(session.connection)

    def _end(self, session: Session, reason: str) -> None:
        connection: Connection | None = session.connection
        if connection is not None and connection.id in self._connections:
            self._depart(connection, reason)

    def _depart(self, connection: Connection, reason: str) -> None:
        self._connections.pop(connection.id, None)
        self._forget(connection)
        connection.session.opened_at = self.eio.now()
        connection.inbox.clear()
        for audience in list(connection.audiences):
            self.audiences.leave(connection, audience)
        self._spawn(self._ear.on_disconnect(connection, reason))

    # Living and ending

    async def _start(self, _: web.Application) -> None:
        self._minding = asyncio.create_task(self._mind_forever(), name="socket minding")

    async def _mind_forever(self) -> None:
        every = min(MIND_SECONDS, self.settings.ping_timeout.total_seconds() / 10)
        while True:
            await asyncio.sleep(every)
            self.eio.mind()

    async def close(self) -> None:
        """End every session and wait until the ear has heard of it."""
        await background.end(self._minding)
        pumps = {connection.pump for connection in self._connections.values() if connection.pump is not None}
        sessions = list(self.eio.sockets.values())
        for session in sessions:
            session.finish()
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                for session in sessions:
                    await session.gone()
                while running := self._tasks | {pump for pump in pumps if not pump.done()}:
                    await asyncio.wait(running)

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
