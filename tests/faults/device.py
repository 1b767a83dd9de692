"""A client on the bare protocol: it resumes by position, drops what it has, and sends again what was not answered.

It is as a good client should be, and nothing more; what it sees goes into the journal.
"""

import asyncio
import itertools
import json
import random
import socket
from contextlib import suppress
from typing import Any

import aiohttp

from tests.faults.journal import Journal

ACK_SECONDS = 5.0
PAGE = 100


class Lost(Exception):
    """The connection is gone, or an answer did not come; asking again is safe."""


class Device:
    """One connection of one person, made anew to any of the servers whenever it ends."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        journal: Journal,
        *,
        name: str,
        token: str,
        threads: list[str],
        servers: list[str],
        chance: random.Random,
        pause: tuple[float, float] = (0.05, 0.3),
    ) -> None:
        self.name = name
        self.latest: dict[str, int] = dict.fromkeys(threads, 0)
        self.ready = asyncio.Event()
        self.connects = 0
        self._http = http
        self._journal = journal
        self._token = token
        self._servers = servers
        self._chance = chance
        self._pause = pause
        self._position: dict[str, Any] | None = None
        self._seen: set[str] = set()
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        journal.note("device", device=name, threads=threads)
        self._job: asyncio.Task[None] | None = None
        self._catching = False
        self._held: list[dict[str, Any]] = []

    async def run(self) -> None:
        """Stay connected until cancelled."""
        try:
            while True:
                try:
                    await self._connection(self._chance.choice(self._servers))
                except aiohttp.WSServerHandshakeError as error:
                    self._journal.note("turned_away", device=self.name, status=error.status)
                except (aiohttp.ClientError, aiohttp.WSMessageTypeError, OSError, TimeoutError, Lost) as error:
                    self._journal.note("fell", device=self.name, by=type(error).__name__)
                self._fall()
                await asyncio.sleep(self._chance.uniform(*self._pause))
        finally:
            self._fall()

    async def ask(self, event: str, data: dict[str, Any]) -> dict[str, Any]:
        """Send an event and return its acknowledgement; raises Lost when there will be none."""
        await asyncio.wait_for(self.ready.wait(), ACK_SECONDS)
        return await self._ask(event, data)

    def cut(self) -> None:
        """End the connection from our side, with whatever is under way on it."""
        if self._socket is not None and (end := self._socket.get_extra_info("socket")) is not None:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    async def _connection(self, server: str) -> None:
        address = f"{server}/socket.io/?EIO=4&transport=websocket"
        async with self._http.ws_connect(address, timeout=aiohttp.ClientWSTimeout(ws_close=0.1)) as websocket:
            self._socket = websocket
            await websocket.receive_str(timeout=ACK_SECONDS)
            auth: dict[str, Any] = {"token": self._token}
            if self._position is not None:
                auth["since"] = self._position
            await websocket.send_str("40" + json.dumps(auth))
            async for message in websocket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    break
                await self._hear(websocket, message.data)

    async def _hear(self, websocket: aiohttp.ClientWebSocketResponse, text: str) -> None:
        if text == "2":
            await websocket.send_str("3")
        elif text.startswith("44"):
            self._journal.note("refused", device=self.name, error=json.loads(text[2:]))
            raise Lost
        elif text.startswith("43"):
            number, _, body = text[2:].partition("[")
            waiting = self._answers.pop(int(number), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(json.loads("[" + body)[0])
        elif text.startswith("42"):
            name, *arguments = json.loads(text[2:])
            self._happened(name, arguments[0])
        elif text.startswith("41"):
            raise Lost

    def _happened(self, name: str, data: dict[str, Any]) -> None:
        if name == "hello":
            self.connects += 1
            self._journal.note("hello", device=self.name, recovered=data["recovered"], replayed=data["replayed"])
            if not data["recovered"]:
                self._position = {"epoch": data["epoch"], "seq": data["seq"]}
                self._catch_up_later()
            else:
                self.ready.set()
        elif name == "server:draining":
            self._journal.note("draining", device=self.name, in_ms=data["in_ms"])
        elif name == "sync:reset":
            self._journal.note("reset", device=self.name)
            self._position = {"epoch": data["epoch"], "seq": data["seq"]}
            self._catch_up_later()
        elif "seq" in data:
            self._keep_position(data)
            if name == "message:created":
                message = data["data"]["message"]
                if self._catching:
                    self._held.append(message)
                else:
                    self._received(message, how="live")

    def _keep_position(self, envelope: dict[str, Any]) -> None:
        position = self._position
        if position is None:
            # What was still on its way when this connection was given up.
            return
        if envelope["epoch"] == position["epoch"] and envelope["seq"] > position["seq"] + 1:
            self._journal.note("hole", device=self.name, after=position["seq"], came=envelope["seq"])
        if envelope["epoch"] != position["epoch"] or envelope["seq"] > position["seq"]:
            self._position = {"epoch": envelope["epoch"], "seq": envelope["seq"]}

    def _received(self, message: dict[str, Any], *, how: str) -> None:
        if message["id"] in self._seen:
            return
        self._seen.add(message["id"])
        thread, seq = message["thread_id"], message["seq"]
        self._journal.note("received", device=self.name, thread=thread, seq=seq, id=message["id"], how=how)
        self.latest[thread] = max(self.latest.get(thread, 0), seq)

    def _catch_up_later(self) -> None:
        """Beside the reading, whose answers it waits for; if it fails, the connection is made anew."""

        async def run() -> None:
            try:
                await self._catch_up()
            except Lost:
                self._position = None
                self.cut()

        if not self._catching:
            self._catching = True
            self._job = asyncio.create_task(run())

    async def _catch_up(self) -> None:
        """What the feed no longer holds, the pages do; what happens meanwhile comes after it."""
        for thread in self.latest:
            more = True
            while more:
                page = {"thread_id": thread, "after": self.latest[thread], "limit": PAGE}
                answer = await self._ask("message:list", page)
                if not answer["ok"]:
                    raise Lost
                for message in answer["data"]["items"]:
                    self._received(message, how="fetched")
                more = answer["data"]["has_after"]
        self._catching = False
        for message in self._held:
            self._received(message, how="live")
        self._held.clear()
        self.ready.set()

    async def _ask(self, event: str, data: dict[str, Any]) -> dict[str, Any]:
        websocket, number = self._socket, next(self._numbers)
        if websocket is None or websocket.closed:
            raise Lost
        answer = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            await websocket.send_str(f"42{number}{json.dumps([event, data])}")
            async with asyncio.timeout(ACK_SECONDS):
                found: dict[str, Any] = await answer
                return found
        except TimeoutError as error:
            self._journal.note("silent", device=self.name, event=event)
            raise Lost from error
        except (aiohttp.ClientError, OSError) as error:
            raise Lost from error
        finally:
            self._answers.pop(number, None)

    def _fall(self) -> None:
        self.ready.clear()
        self._socket = None
        if self._job is not None:
            self._job.cancel()
        self._catching = False
        self._held.clear()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(Lost())
        self._answers.clear()
