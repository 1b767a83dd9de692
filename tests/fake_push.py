"""A push service in a process of its own, as browsers name one: it decrypts what it is given, and can be told to fail.

`python -m tests.fake_push` prints its address. What it checks of each push is what a real one and the browser check:
the VAPID token of RFC 8292, by the key it was subscribed with, and the encryption of RFC 8291.
"""

import asyncio
import base64
import json
import os
import sys
import time
from dataclasses import dataclass
from typing import Any

import aiohttp
import http_ece
import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.processes import Child


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Device:
    """A browser's subscription, with the keys that never leave it, and what came."""

    def __init__(self, server_key: str) -> None:
        self.server_key = server_key
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        self.got: list[dict[str, Any]] = []

    def keys(self) -> dict[str, str]:
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": b64(point), "auth": b64(self.auth)}


class Service:
    """What stands behind the addresses."""

    def __init__(self) -> None:
        self.devices: dict[str, Device] = {}
        self.answer: dict[str, Any] = {"status": 201}
        self.asked = 0
        self.origin = ""

    async def subscribe(self, request: web.Request) -> web.Response:
        device, name = Device((await request.json())["server_key"]), b64(os.urandom(16))
        self.devices[name] = device
        return web.json_response({"endpoint": f"{self.origin}/push/{name}", "keys": device.keys()})

    async def answers(self, request: web.Request) -> web.Response:
        self.answer, self.asked = await request.json(), 0
        return web.Response()

    async def state(self, request: web.Request) -> web.Response:
        device = self.devices[request.match_info["name"]]
        return web.json_response({"got": device.got, "asked": self.asked})

    async def push(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        if self.answer["status"] == 0:
            await asyncio.sleep(3600)
        if self.answer["status"] != 201:
            return web.Response(status=self.answer["status"], headers=self.answer.get("headers", {}))
        device = self.devices[request.match_info["name"]]
        try:
            device.got.append(self.read(device, request, await request.read()))
        except Exception as error:
            return web.Response(status=400, text=repr(error))
        return web.Response(status=201)

    def read(self, device: Device, request: web.Request, body: bytes) -> dict[str, Any]:
        scheme, _, rest = request.headers["Authorization"].partition(" ")
        parts = dict(part.split("=", 1) for part in rest.split(","))
        assert (scheme, parts["k"]) == ("vapid", device.server_key), "of another server"
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(parts["k"]))
        claims = jwt.decode(parts["t"], public, algorithms=["ES256"], audience=self.origin)
        assert claims["exp"] <= time.time() + 86_400 and claims["sub"].startswith("mailto:")
        assert request.headers["Content-Encoding"] == "aes128gcm" and len(body) <= 4096
        text = http_ece.decrypt(body, private_key=device.private, auth_secret=device.auth, version="aes128gcm")
        told = {name: request.headers[name] for name in ("TTL", "Urgency", "Topic")}
        return {"payload": json.loads(text), **told}


@dataclass
class FakePush:
    """The service, as a test speaks to it."""

    origin: str
    http: aiohttp.ClientSession

    async def subscription(self, server_key: str) -> dict[str, Any]:
        """What a browser's `subscribe` gives."""
        async with self.http.post(f"{self.origin}/control/subscribe", json={"server_key": server_key}) as response:
            return dict(await response.json())

    async def answers(self, status: int, **headers: str) -> None:
        """Say this from now on; 0 is nothing at all."""
        await self.http.post(f"{self.origin}/control/answer", json={"status": status, "headers": headers})

    async def state(self, subscription: dict[str, Any]) -> dict[str, Any]:
        """What came to a device, and how often anything was asked since it was told what to say."""
        async with self.http.get(subscription["endpoint"].replace("/push/", "/control/state/")) as response:
            return dict(await response.json())

    async def got(self, subscription: dict[str, Any], number: int = 1, *, within: float = 20.0) -> list[dict[str, Any]]:
        """What came to a device, once it is so much."""
        async with asyncio.timeout(within):
            while len(got := (await self.state(subscription))["got"]) < number:
                await asyncio.sleep(0.05)
        return list(got)

    async def asked(self, subscription: dict[str, Any], times: int, *, within: float = 20.0) -> None:
        """Wait until so many pushes were tried."""
        async with asyncio.timeout(within):
            while (await self.state(subscription))["asked"] < times:
                await asyncio.sleep(0.05)


def started_push() -> tuple[str, Child]:
    """Start one; its address, and the child that is to be ended."""
    child = Child([sys.executable, "-m", "tests.fake_push"])
    return child.line(), child


async def main() -> None:
    service, app = Service(), web.Application()
    app.router.add_post("/control/subscribe", service.subscribe)
    app.router.add_post("/control/answer", service.answers)
    app.router.add_get("/control/state/{name}", service.state)
    app.router.add_post("/push/{name}", service.push)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    service.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    print(service.origin, flush=True)
    # Ends with whoever started it.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
