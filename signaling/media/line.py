"""The line to the server: signs in, keeps its tokens fresh, asks, hears, and comes back by itself when it is cut."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import socketio
import structlog

from signaling import helper

log = structlog.get_logger(__name__)

EARLY = timedelta(minutes=1)
AGAIN_SECONDS = 1.0
ANSWER_SECONDS = 10.0
# A whole recording, over a line that others use, too.
UPLOAD_SECONDS = 3600.0


AWAY = (aiohttp.ClientError, TimeoutError, socketio.exceptions.SocketIOError)


class Refused(Exception):
    """The server said no, or nothing. What `passes` may be asked again a little later."""

    def __init__(self, code: str, message: str, *, passes: bool = False) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.passes = passes


class Line:
    """What is heard waits in `heard`, in the order in which it came: the event's name, and what it says."""

    def __init__(self, url: str, secret: str, http: aiohttp.ClientSession) -> None:
        self._url = url
        self._secret = secret
        self._http = http
        self._tokens: dict[str, Any] = {}
        self._renewal = asyncio.Lock()
        self._socket = socketio.AsyncClient()
        self._cut = asyncio.Event()
        # Where it is in what its person hears: what comes while there is no line is told after it is back.
        self._since: dict[str, Any] = {}
        self.heard: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()
        # One visit at a time takes its seat: all of them are one person, who may ask for so many a second.
        self.turn = asyncio.Lock()

    async def hold(self) -> None:
        """Be at the server, and come back however the line ends: also when the server itself says goodbye."""
        while True:
            await self._open()
            log.info("answering", url=self._url)
            await self._cut.wait()
            log.info("line_cut")
            await asyncio.sleep(AGAIN_SECONDS / 2)

    async def cut(self) -> None:
        """End the socket; whoever holds the line comes back."""
        await self._socket.disconnect()

    async def close(self) -> None:
        """End the socket and the session."""
        await self.cut()
        if self._tokens:
            # A server that is not there has forgotten the line anyway, and the session ends by itself.
            with suppress(Refused, *AWAY):
                await self.post("/auth/logout", {})

    async def _open(self) -> None:
        while True:
            # One that was cut is not to be relied on.
            self._socket = socketio.AsyncClient(reconnection=False, handle_sigint=False, http_session=self._http)
            self._socket.on("*", self._hear)
            self._socket.on("connect_error", self._refused)
            self._cut = asyncio.Event()
            self._socket.on("disconnect", lambda _why, cut=self._cut: cut.set())
            try:
                auth = {"token": await self._token(), **({"since": self._since} if self._since else {})}
                await self._socket.connect(self._url, auth=auth, transports=["websocket"], wait_timeout=10)
            except (Refused, *AWAY) as error:
                if isinstance(error, Refused) and error.code == "unauthenticated":
                    # The account may be made at this moment.
                    log.warning("not_signed_in", url=self._url, hint="MEDIA_SECRET has to be that of the server")
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                return

    async def ask(self, event: str, payload: dict[str, Any]) -> Any:
        """Ask by an event; raises `Refused`."""
        try:
            answer = await self._socket.call(event, payload, timeout=ANSWER_SECONDS)
        except (socketio.exceptions.SocketIOError, TimeoutError) as error:
            raise Refused("offline", str(error), passes=True) from error
        if not answer["ok"]:
            raise _refusal(answer["error"])
        return answer["data"]

    async def upload(self, path: Path, name: str) -> str:
        """Send a file; its id."""
        form = aiohttp.FormData(quote_fields=False)
        with path.open("rb") as file:
            form.add_field("file", file, filename=name)
            found = await self._send("/uploads/", {"data": form}, await self._token(), seconds=UPLOAD_SECONDS)
        return str(found["id"])

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """Ask by REST; raises `Refused`."""
        return await self._send(path, {"json": body}, await self._token())

    async def _hear(self, event: str, said: dict[str, Any]) -> None:
        # What was missed is told, and counted, after a hello that could find it.
        if "seq" in said and not (event == "hello" and self._since and said["recovered"]):
            self._since = {name: said[name] for name in ("epoch", "seq")}
        if event == "auth:expiring":
            # In a task of its own: an answer is waited for, and what is heard meanwhile keeps its order.
            await self._renew()
        self.heard.put_nowait((event, said.get("data", said)))

    async def _refused(self, said: object) -> None:
        code = said.get("data", said).get("code") if isinstance(said, dict) else None
        if code in {"unauthenticated", "token_expired", "session_ended"}:
            self._tokens = {}
        log.info("line_refused", why=code or str(said))

    async def _renew(self) -> None:
        try:
            await self.ask("auth:refresh", {"token": await self._token(early=timedelta(minutes=3))})
        except (Refused, *AWAY) as error:
            log.warning("token_not_renewed", why=str(error))

    async def _token(self, *, early: timedelta = EARLY) -> str:
        """An access token that is good for a while yet."""
        async with self._renewal:
            if not self._tokens:
                who = {"email": helper.EMAIL, "password": self._secret}
                self._tokens = await self._send("/auth/login", {"json": who})
            elif datetime.fromisoformat(self._tokens["expires_at"]) - datetime.now(UTC) < early:
                proof = {"refresh_token": self._tokens["refresh_token"]}
                try:
                    self._tokens = await self._send("/auth/refresh", {"json": proof})
                except Refused:
                    self._tokens = {}
                    raise
            return str(self._tokens["access_token"])

    async def _send(
        self, path: str, content: dict[str, Any], token: str = "", *, seconds: float = ANSWER_SECONDS
    ) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        limit = aiohttp.ClientTimeout(total=seconds)
        address = f"{self._url}/api/v1{path}"
        async with self._http.post(address, **content, headers=headers, timeout=limit) as response:
            found = await response.json() if response.content_type.endswith("json") else {}
            if response.status >= 400:
                raise _refusal({"code": str(response.status), "message": "", **found})
            return found


def _refusal(problem: dict[str, Any]) -> Refused:
    return Refused(problem["code"], problem["message"], passes=problem.get("retryable", False))
