"""Engine.IO over HTTP long-polling and WebSocket, answer by answer as the protocol's document says.

The answers to what is wrong are the official server's: a code and a message, never a page or a trace.
"""

import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

import engineio
from aiohttp import WSMsgType, web

from server.engine.pace import Pace
from server.engine.packets import Malformed
from server.engine.session import NOOP, Session
from server.engine.settings import EngineSettings
from server.middleware import client_address

SEPARATOR = "\x1e"
PONG, MESSAGE, UPGRADE, PROBE, CLOSE = "3", "4", "5", "2probe", "1"

TRANSPORT_UNKNOWN, SESSION_UNKNOWN, BAD_METHOD, BAD_REQUEST, FORBIDDEN, BAD_VERSION = range(6)
WORDS = (
    "Transport unknown",
    "Session ID unknown",
    "Bad handshake method",
    "Bad request",
    "Forbidden",
    "Unsupported protocol version",
)


class Engine(engineio.AsyncServer):  # type: ignore[misc]
    """The engine below Socket.IO; whoever speaks through a session is told of its messages, its moves and its end."""

    sockets: dict[str, Session]

    def __init__(self, settings: EngineSettings, **options: Any) -> None:
        super().__init__(monitor_clients=False, **options)
        self.settings = settings
        self.count: Counter[str] = Counter()
        self.now: Callable[[], float] = time.monotonic
        self.addresses: Counter[str] = Counter()
        self._newcomers = Pace(settings.newcomers_each_turn)
        # The process ends: whoever comes is to try another one.
        self.draining = False
        self.heard: Callable[[Session, str], None] = lambda _session, _text: None
        self.ended: Callable[[Session, str], None] = lambda _session, _reason: None
        self.went_over: Callable[[Session], None] = lambda _session: None

    def create_queue(self, *_: object, **__: object) -> deque[str]:
        """What waits for a poll: bounded by its session, in bytes."""
        return deque()

    async def handle_request(self, request: web.Request) -> web.StreamResponse:
        """Answer one HTTP request below /socket.io/."""
        if not self._origin_is_allowed(request):
            return self._refuse(request, FORBIDDEN, status=403)
        if request.method == "OPTIONS":
            return self._answer(request, "")
        query = request.query
        transport = query.get("transport", "")
        if transport not in ("polling", "websocket"):
            return self._refuse(request, TRANSPORT_UNKNOWN)
        sid = query.get("sid")
        if sid is None:
            return await self._handshake(request, transport)
        session = self.sockets.get(sid)
        if session is None or session.closed or session.closing:
            return self._refuse(request, SESSION_UNKNOWN)
        if transport == "websocket":
            return await self._upgrade(request, session)
        if session.upgraded:
            return self._refuse(request, BAD_REQUEST)
        if request.method == "POST":
            return await self._post(request, session)
        return await self._poll(request, session)

    # Handshake

    async def _handshake(self, request: web.Request, transport: str) -> web.StreamResponse:
        if request.query.get("EIO") != "4":
            return self._refuse(request, BAD_VERSION)
        if request.method != "GET":
            return self._refuse(request, BAD_METHOD)
        is_websocket = request.headers.get("Upgrade", "").lower() == "websocket"
        if (transport == "websocket") != is_websocket:
            return self._refuse(request, BAD_REQUEST)
        await self._newcomers.turn()
        # Nothing is awaited from here until it counts: all who wait together would be within every bound.
        if self.draining:
            self.count["draining"] += 1
            return self._refuse(request, FORBIDDEN, status=503)
        forwarded = ", ".join(request.headers.getall("X-Forwarded-For", []))
        address = client_address(request.remote, forwarded, self.settings.trusted_proxies)
        if self.addresses[address] >= self.settings.connections_per_address:
            self.count["too_many"] += 1
            return self._refuse(request, FORBIDDEN, status=403)
        session = Session(self, self.generate_id(), address, now=self.now())
        session.user_agent = request.headers.get("User-Agent", "")
        self.sockets[session.sid] = session
        self.addresses[address] += 1
        opening = "0" + json.dumps(
            {
                "sid": session.sid,
                "upgrades": ["websocket"] if transport == "polling" else [],
                "pingInterval": int(self.ping_interval * 1000),
                "pingTimeout": int(self.ping_timeout * 1000),
                "maxPayload": self.settings.max_frame,
            },
            separators=(",", ":"),
        )
        session.connected = True
        if transport == "polling":
            return self._answer(request, opening)
        try:
            websocket = await self._open(request, session)
        except BaseException:
            self.end(session, "transport close")
            raise
        session.upgraded = True
        session.write_text(opening)
        session.go_over()
        await self._listen(websocket, session)
        return websocket

    async def _open(self, request: web.Request, session: Session) -> web.WebSocketResponse:
        # Compression costs more processor time and memory than it saves on small events, and opens to bombs.
        websocket = web.WebSocketResponse(
            compress=False, max_msg_size=self.settings.max_frame, timeout=1, autoping=False
        )
        await websocket.prepare(request)
        session.raw = _transport(request)
        return websocket

    # Polling

    async def _poll(self, request: web.Request, session: Session) -> web.Response:
        if session.poll_waits is not None:
            session.cut("overlap")
            return self._refuse(request, BAD_REQUEST)
        if not session.queue:
            if session.probed:
                return self._answer(request, NOOP)
            session.poll_waits, session.poll_request = asyncio.get_running_loop().create_future(), request
            try:
                last = await session.poll_waits
            finally:
                session.poll_waits = session.poll_request = None
            if session.closed or session.closing:
                return self._answer(request, last)
        texts = session.take(self.settings.max_frame)
        if texts[-1:] == [CLOSE]:
            self.end(session, "server disconnect")
        return self._answer(request, SEPARATOR.join(texts) or NOOP)

    async def _post(self, request: web.Request, session: Session) -> web.Response:
        if session.posting:
            session.cut("overlap")
            return self._refuse(request, BAD_REQUEST)
        session.posting = True
        try:
            async with asyncio.timeout(self.settings.connect_deadline.total_seconds()):
                body = await _body(request, self.settings.max_frame)
            await session.has_room()
        except TimeoutError:
            session.cut("slow_body")
            return self._refuse(request, BAD_REQUEST)
        finally:
            session.posting = False
        if body is None:
            session.cut("too_large")
            return web.Response(status=413, headers=self._cors(request))
        try:
            for text in body.decode().split(SEPARATOR):
                self._take_in(session, text)
        except (Malformed, UnicodeDecodeError):
            session.cut("malformed")
            return self._refuse(request, BAD_REQUEST)
        return web.Response(text="ok", content_type="text/html", headers=self._cors(request))

    # WebSocket

    async def _upgrade(self, request: web.Request, session: Session) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return self._refuse(request, BAD_REQUEST)
        if session.upgraded or session.upgrading:
            return self._refuse(request, BAD_REQUEST)
        session.upgrading = True
        websocket: web.WebSocketResponse | None = None
        try:
            websocket = await self._open(request, session)
            async with asyncio.timeout(self.settings.connect_deadline.total_seconds()):
                if await _text(websocket) != PROBE:
                    return websocket
                await websocket.send_str("3probe")
                session.probed = True
                # Ends the poll that waits, so that the client can leave it.
                if session.poll_waits is not None and not session.poll_waits.done():
                    session.poll_waits.set_result(NOOP)
                if await _text(websocket) != UPGRADE:
                    return websocket
            session.upgraded = True
        except (TimeoutError, ConnectionError):
            return websocket or self._refuse(request, BAD_REQUEST)
        finally:
            session.upgrading = session.probed = False
            if not session.upgraded:
                session.raw = None
                if websocket is not None:
                    await websocket.close()
        session.go_over()
        await self._listen(websocket, session)
        return websocket

    async def _listen(self, websocket: web.WebSocketResponse, session: Session) -> None:
        reason = "transport close"
        try:
            while True:
                if session.room is not None:
                    await session.has_room()
                message = await websocket.receive()
                match message.type:
                    case WSMsgType.TEXT | WSMsgType.BINARY:
                        self._take_in(session, message.data)
                    case WSMsgType.PING | WSMsgType.PONG:
                        # The WebSocket's own, which no client of the protocol needs: bounded like everything else.
                        session.count_frame()
                        if message.type is WSMsgType.PING:
                            await websocket.pong(message.data)
                    case _:
                        break
        except Malformed:
            reason = "malformed"
            self.count["malformed"] += 1
        except ConnectionError:
            pass
        finally:
            self.end(session, reason)

    # Either

    def _take_in(self, session: Session, text: str | bytes) -> None:
        if session.closed or session.closing or session.finishing:
            return
        session.count_frame()
        if not isinstance(text, str):
            raise Malformed("binary")
        kind = text[:1]
        if kind == MESSAGE:
            self.heard(session, text[1:])
        elif kind == PONG:
            session.schedule_ping()
        elif kind == CLOSE:
            self.end(session, "client disconnect")
        elif kind != UPGRADE:
            raise Malformed("packet type")

    def end(self, session: Session, reason: str) -> None:
        """End a session, once; whoever speaks through it is told."""
        if session.closed or session.closing:
            return
        session.closing = session.closed = True
        self.sockets.pop(session.sid, None)
        self.addresses[session.address] -= 1
        if self.addresses[session.address] <= 0:
            del self.addresses[session.address]
        session.release()
        self.ended(session, reason)

    def mind(self) -> None:
        """Look at every session; called once a second."""
        now = self.now()
        for session in list(self.sockets.values()):
            session.mind(now)

    # HTTP

    def _origin_is_allowed(self, request: web.Request) -> bool:
        # No Origin: not a browser, and there is no ambient credential that one could ride on.
        origin = request.headers.get("Origin")
        return (
            origin is None
            or origin in self.settings.allowed_origins
            or origin.partition("://")[2] == request.headers.get("Host")
        )

    def _cors(self, request: web.Request) -> dict[str, str]:
        origin = request.headers.get("Origin")
        headers = {"Cache-Control": "no-store"}
        if origin is not None:
            headers |= {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
        if request.method == "OPTIONS":
            headers |= {"Access-Control-Allow-Methods": "GET, POST", "Access-Control-Allow-Headers": "Content-Type"}
        return headers

    def _answer(self, request: web.Request, text: str) -> web.Response:
        return web.Response(text=text, content_type="text/plain", charset="utf-8", headers=self._cors(request))

    def _refuse(self, request: web.Request, code: int, *, status: int = 400) -> web.Response:
        headers = {"Cache-Control": "no-store"} if status == 403 else self._cors(request)
        return web.json_response({"code": code, "message": WORDS[code]}, status=status, headers=headers)


def _transport(request: web.Request) -> asyncio.Transport:
    transport = request.transport
    if transport is None:
        raise ConnectionResetError("The client is gone.")
    return transport


async def _text(websocket: web.WebSocketResponse) -> str | None:
    message = await websocket.receive()
    return message.data if message.type is WSMsgType.TEXT else None


async def _body(request: web.Request, limit: int) -> bytes | None:
    """The body, or None if it is longer than allowed; never more of it than that is kept."""
    if (request.content_length or 0) > limit:
        return None
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)
