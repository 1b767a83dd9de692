"""A service for text messages in a process of its own: `python -m tests.fake_texts` prints its address.

It takes what Twilio takes, in the same way, and keeps it to be looked at; it can be told to refuse.
"""

import asyncio
import re
import sys
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from tests.processes import Child

ACCOUNT, TOKEN, SENDER = "AC1", "t:oken", "+15550000"
CODE = re.compile(r"\b\d{6}\b")


class Service:
    """What stands behind the addresses."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []
        self.status = 201

    async def create(self, request: web.Request) -> web.Response:
        if request.headers["Authorization"] != aiohttp.encode_basic_auth(ACCOUNT, TOKEN):
            return web.Response(status=401)
        if self.status == 201:
            self.sent.append({name: str(value) for name, value in (await request.post()).items()})
        return web.json_response({"sid": "SM1"}, status=self.status)

    async def answer(self, request: web.Request) -> web.Response:
        self.status = (await request.json())["status"]
        return web.Response()

    async def state(self, _: web.Request) -> web.Response:
        return web.json_response(self.sent)


@dataclass
class FakeTexts:
    """The service, as a test speaks to it."""

    origin: str
    http: aiohttp.ClientSession

    async def answers(self, status: int) -> None:
        """Say this from now on."""
        await self.http.post(f"{self.origin}/control/answer", json={"status": status})

    async def sent(self) -> list[dict[str, Any]]:
        """What it took, the first first."""
        async with self.http.get(f"{self.origin}/control/sent") as response:
            return list(await response.json())

    async def code(self, number: str, nth: int) -> str:
        """The so-manieth code that came to a number."""
        async with asyncio.timeout(20):
            while len(mine := [one for one in await self.sent() if one["To"] == number]) < nth:
                await asyncio.sleep(0.05)
        found = CODE.search(mine[nth - 1]["Body"])
        assert found is not None, mine
        return found[0]


def started_texts() -> tuple[str, Child]:
    """Start one; its address, and the child that is to be ended."""
    child = Child([sys.executable, "-m", "tests.fake_texts"])
    return child.line(), child


async def main() -> None:
    service, app = Service(), web.Application()
    app.router.add_post("/Messages.json", service.create)
    app.router.add_post("/control/answer", service.answer)
    app.router.add_get("/control/sent", service.state)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    # Ends with whoever started it.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
