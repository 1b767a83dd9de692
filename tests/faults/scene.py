"""The scene of a fault: servers of its own, web processes before them, people with conversations, and their load.

Each piece is a real process; the test that sets the scene decides what befalls it.
"""

import asyncio
import json
import os
import random
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from server.embedded import supervisor_environment
from tests.faults.oracle import Verdict, judge
from tests.faults.workers import Worker, workers
from tests.processes import ROOT, Servers

PASSWORD = "correct horse battery"
DATABASE = "faults"
LOAD_SECONDS = 120.0
SEED = int(os.environ.get("FAULTS_SEED", "0")) or random.SystemRandom().randrange(1, 2**31)


@dataclass(frozen=True)
class Scene:
    """The servers behind, and a folder for logs and journals."""

    servers: Servers
    folder: Path

    @property
    def mongodb_port(self) -> int:
        return int(self.servers.mongodb_url.rpartition(":")[2])

    @property
    def redis_socket(self) -> Path:
        return Path(self.servers.redis_url.removeprefix("unix://"))

    def web(
        self, number: int = 2, *, mongodb_url: str | None = None, redis_url: str | None = None, **settings: str
    ) -> AbstractAsyncContextManager[list[Worker]]:
        """Web processes, over the servers themselves or over what stands in front of them."""
        return workers(
            number,
            mongodb_url=mongodb_url or self.servers.mongodb_url,
            redis_url=redis_url or self.servers.redis_url,
            folder=self.folder,
            MONGODB_DATABASE=DATABASE,
            **settings,
        )

    @asynccontextmanager
    async def load(
        self,
        crew: Iterable[Worker],
        people: list[dict[str, Any]],
        *,
        seconds: float,
        rate: float,
        cut_share: float = 0.0,
        devices: int = 2,
        seed: int,
    ) -> AsyncIterator["Load"]:
        """People who write; the body begins when all of them are connected."""
        plan = {
            "servers": [worker.url for worker in crew],
            "people": people,
            "seconds": seconds,
            "rate": rate,
            "cut_share": cut_share,
            "devices": devices,
            "seed": seed,
        }
        (self.folder / "plan.json").write_text(json.dumps(plan))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.load", "plan.json", "journal.jsonl"),
            cwd=self.folder,
            env=supervisor_environment() | {"PYTHONPATH": str(ROOT)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        load = Load(process)
        try:
            assert await load.line() == "ready"
            yield load
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def verdict(self) -> Verdict:
        """What the journal and the database say together."""
        return await judge(self.folder / "journal.jsonl", mongodb_url=self.servers.mongodb_url, database=DATABASE)


class Load:
    """The load client's process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def line(self) -> str:
        """Its next line; AssertionError with all it said if it is not one it owes."""
        assert self._process.stdout is not None
        async with asyncio.timeout(LOAD_SECONDS):
            text = (await self._process.stdout.readline()).decode().strip()
            if text != "ready" and not text.startswith("{"):
                raise AssertionError(text + (await self._process.stdout.read()).decode()[-4000:])
        return text

    async def summary(self) -> dict[str, Any]:
        """What it counted, once it is done."""
        found: dict[str, Any] = json.loads(await self.line())
        return found


async def crowd(server: str, *, people: int, threads: int, each: int) -> list[dict[str, Any]]:
    """People who signed up and share conversations, `each` of them in every one: [{name, token, id, threads}]."""
    async with aiohttp.ClientSession(server) as http:
        joined = [await _join(server, number) for number in range(people)]
        for number in range(threads):
            members = [joined[(number + step) % people] for step in range(each)]
            body = {"participants": [person["id"] for person in members[1:]], "title": f"conversation {number}"}
            thread = await post(http, "/api/v1/messages/", body, token=members[0]["token"])
            for person in members:
                person["threads"].append(thread["id"])
    return joined


async def _join(server: str, number: int) -> dict[str, Any]:
    # Of one address so many may sign up in an hour, here as anywhere.
    here = aiohttp.TCPConnector(local_addr=(f"127.0.0.{2 + number // 40}", 0))
    name = f"p{number}"
    body = {"name": name, "email": f"{name}.{uuid4().hex[:8]}@example.org", "password": PASSWORD}
    async with aiohttp.ClientSession(server, connector=here) as http:
        signed_in = await post(http, "/api/v1/auth/signup", body)
    return {"name": name, "token": signed_in["access_token"], "id": signed_in["user"]["id"], "threads": []}


async def post(http: aiohttp.ClientSession, path: str, body: dict[str, Any], *, token: str = "") -> dict[str, Any]:
    """Ask by REST and insist on success."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with http.post(path, json=body, headers=headers) as response:
        answer: dict[str, Any] = await response.json()
        assert response.status in {200, 201}, answer
        return answer
