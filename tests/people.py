"""People, as tests see them: each has a REST client and a Socket.IO client, and tells stories by them.

What they ask and hear goes over real sockets; nothing here knows the inside of the server.
"""

import asyncio
import io
import itertools
import json
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
import socketio

from tests.backstage import Backstage
from tests.contract.recorder import ContractBroken, check_ack, check_connect_error, check_event, check_reply

WITHIN = 30.0
# How long people ask again what the server had no time for, as every client does: a stall of the disk is no defect.
PATIENCE = 20.0
PASSWORD = "correct horse battery"
OTHER_PASSWORD = "a quite other horse"

_numbers = itertools.count(1)
_is_patient: ContextVar[bool] = ContextVar("_is_patient", default=True)


class Refusal(Exception):
    """The server said no; `problem` is what it said."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"{problem.get('code')}: {problem.get('message')} {problem.get('fields') or ''}")
        self.problem = problem
        self.code = problem.get("code")


@contextmanager
def refused(code: str) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """Expect a refusal with a code."""
    with once() if code == "unavailable" else nullcontext(), pytest.raises(Refusal) as caught:
        yield caught
    assert caught.value.code == code, caught.value.problem


@contextmanager
def once() -> Iterator[None]:
    """Have nobody ask again: for what is about the answers while something is away."""
    token = _is_patient.set(False)
    try:
        yield
    finally:
        _is_patient.reset(token)


@dataclass
class Person:
    """Somebody at a server. `heard` holds every pushed envelope in order, `hello` the last hello."""

    name: str
    url: str
    http: aiohttp.ClientSession
    transports: list[str] = field(default_factory=lambda: ["websocket"])
    id: str = ""
    email: str = ""
    token: str = ""
    refresh_token: str = ""
    session_id: str = ""
    hello: dict[str, Any] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    socket: socketio.AsyncClient | None = None
    # What is done behind the scenes, for tests that are not about that.
    backstage: Backstage | None = None
    undocumented: list[ContractBroken] = field(default_factory=list)
    _ids: set[str | None] = field(default_factory=set)
    _queues: dict[str, asyncio.Queue[dict[str, Any]]] = field(default_factory=lambda: defaultdict(asyncio.Queue))

    async def join(self) -> "Person":
        """Sign up."""
        self.email = f"{self.name}.{next(_numbers)}.{uuid4().hex[:6]}@example.org"
        body = {"name": self.name, "email": self.email, "password": PASSWORD}
        self._take(await self.rest("POST", "/auth/signup", body))
        return self

    async def another_device(self) -> "Person":
        """The same person on another device: another session and another socket."""
        return await (await self.signed_in_again()).connect()

    async def signed_in_again(self) -> "Person":
        """The same person by another session, without a socket."""
        twin = Person(self.name, self.url, self.http, self.transports, email=self.email)
        await twin.log_in()
        return twin

    async def log_in(self) -> None:
        """Begin another session."""
        self._take(await self.rest("POST", "/auth/login", {"email": self.email, "password": PASSWORD}))

    async def refresh(self) -> None:
        """Exchange the refresh token for new ones."""
        self._take(await self.rest("POST", "/auth/refresh", {"refresh_token": self.refresh_token}))

    def _take(self, signed_in: dict[str, Any]) -> None:
        self.id = signed_in["user"]["id"]
        self.token = signed_in["access_token"]
        self.refresh_token = signed_in["refresh_token"]
        self.session_id = signed_in["session_id"]

    async def upload(self, content: bytes, name: str = "a file") -> Any:
        """Send a file; what it became."""
        return await self.rest("POST", "/uploads/", partial(form, content, name))

    async def rest(self, method: str, path: str, body: object = None, *, headers: dict[str, str] | None = None) -> Any:
        """Ask by REST below /api/v1, with a form by what makes it; raises Refusal with the problem."""
        return await _patiently(partial(self._rest, method, path, body, headers or {}))

    async def _rest(self, method: str, path: str, body: object, headers: dict[str, str]) -> Any:
        sent = dict(headers)
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        url = f"{self.url}/api/v1{path}"
        # A form is used up by being sent.
        content: dict[str, Any] = {"data": body()} if callable(body) else {"json": body}
        async with self.http.request(method, url, **content, headers=sent) as response:
            answer: Any = await response.read()
            if "json" in response.content_type or not answer:
                answer = json.loads(answer or "null")
            check_reply(method, f"/api/v1{path}", response.status, answer)
            if response.status >= 400:
                assert response.content_type == "application/problem+json", await response.text()
                raise Refusal(answer)
            return answer

    async def connect(self, *, since: dict[str, Any] | None = None, url: str | None = None) -> "Person":
        """Open a socket and wait for hello."""
        await _patiently(partial(self._connect, since, url))
        self.hello = await self.hears("hello")
        return self

    async def _connect(self, since: dict[str, Any] | None, url: str | None) -> None:
        # By TLS with whom this HTTP client trusts.
        own = self.http if (url or self.url).startswith("https:") else None
        self.socket = socketio.AsyncClient(reconnection=False, http_session=own)
        self.socket.on("*", self._hear)
        refusals: list[Any] = []
        self.socket.on("connect_error", refusals.append)
        auth: dict[str, Any] = {"token": self.token}
        if since is not None:
            auth["since"] = since
        try:
            await self.socket.connect(url or self.url, auth=auth, transports=self.transports)
        except socketio.exceptions.ConnectionError as error:
            await self.leave()
            data = refusals[0].get("data", refusals[0]) if refusals and isinstance(refusals[0], dict) else None
            if data is not None:
                check_connect_error(data)
            raise Refusal(data or {"code": None, "message": str(error)}) from error

    async def leave(self) -> None:
        """Close the socket."""
        if self.socket is not None:
            await self.socket.disconnect()
            self.socket = None
        if self.undocumented:
            raise self.undocumented.pop()

    async def ack(self, event: str, payload: object = None) -> dict[str, Any]:
        """Ask by an event and answer the whole acknowledgement."""
        try:
            return await _patiently(partial(self._ack, event, payload))
        except Refusal as refusal:
            return {"ok": False, "error": refusal.problem}

    async def asks(self, event: str, payload: object = None) -> Any:
        """Ask by an event; raises Refusal with the problem."""
        return (await _patiently(partial(self._ack, event, payload)))["data"]

    async def _ack(self, event: str, payload: object) -> dict[str, Any]:
        assert self.socket is not None
        answer: dict[str, Any] = await self.socket.call(event, payload, timeout=WITHIN)
        check_ack(event, answer)
        if not answer["ok"]:
            raise Refusal(answer["error"])
        return answer

    async def hears(self, event: str, *, within: float = WITHIN) -> dict[str, Any]:
        """The next event of a name: its data, or the whole of what is no envelope."""
        async with asyncio.timeout(within):
            envelope = await self._queues[event].get()
        data: dict[str, Any] = envelope.get("data", envelope)
        return data

    def hears_nothing_of(self, event: str) -> bool:
        """Whether no event of a name is waiting."""
        return self._queues[event].empty()

    @property
    def since(self) -> dict[str, Any]:
        """Where this device is in its feed."""
        numbered = [envelope for envelope in self.heard if "seq" in envelope and "epoch" in envelope]
        last = numbered[-1] if numbered else self.hello
        return {"epoch": last["epoch"], "seq": last["seq"]}

    async def _hear(self, event: str, envelope: dict[str, Any]) -> None:
        try:
            check_event(event, envelope)
        except ContractBroken as broken:
            # Raised here it would be lost in the client's own task.
            self.undocumented.append(broken)
        self.heard.append(envelope)
        # As every client has to: what a sweeper published once more has the same id.
        if (id_ := envelope.get("id")) is None or id_ not in self._ids:
            self._ids.add(id_)
            self._queues[event].put_nowait(envelope)


def form(content: bytes, name: str) -> aiohttp.FormData:
    """A file, as a page sends one."""
    made = aiohttp.FormData(quote_fields=False)
    made.add_field("file", io.BytesIO(content), filename=name)
    return made


def key() -> str:
    """A new client_id."""
    return str(uuid4())


async def _patiently(ask: Callable[[], Awaitable[Any]], *, seconds: float = PATIENCE) -> Any:
    until = time.monotonic() + seconds
    while True:
        try:
            return await ask()
        except Refusal as refusal:
            pause = (refusal.problem.get("retry_after_ms") or 100) / 1000
            if refusal.code != "unavailable" or not _is_patient.get() or time.monotonic() + pause > until:
                raise
            await asyncio.sleep(pause)


async def surely(ask: Callable[..., Awaitable[Any]], *what: Any, **more: Any) -> Any:
    """Ask until it is done, as clients do where many write at once on a slow machine."""
    return await _patiently(lambda: ask(*what, **more), seconds=60)
