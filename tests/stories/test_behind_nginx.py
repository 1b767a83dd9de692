"""Two processes behind nginx, configured as the README says, with long-polling and WebSocket through it."""

import asyncio
import re
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.people import WITHIN, Person, key
from tests.processes import ROOT

pytestmark = pytest.mark.system


def configuration(ports: tuple[int, int], listen: int, folder: Path) -> str:
    """The README's, with this test's ports, and nothing outside this test's folder."""
    found = re.search(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert found, "the README shows no nginx configuration"
    text = found[1]
    for given, ours in ((8081, ports[0]), (8082, ports[1]), (8080, listen)):
        assert f"127.0.0.1:{given}" in text
        text = text.replace(f"127.0.0.1:{given}", f"127.0.0.1:{ours}")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    own = f"daemon off; pid {folder}/nginx.pid; error_log stderr warn;\n"
    return own + text.replace("http {", f"http {{ access_log off; {temporary}", 1)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture
async def proxy(server: str, other_server: str, tmp_path: Path) -> AsyncIterator[str]:
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    listen = free_port()
    ports = (int(server.rpartition(":")[2]), int(other_server.rpartition(":")[2]))
    (tmp_path / "nginx.conf").write_text(configuration(ports, listen, tmp_path))
    process = await asyncio.create_subprocess_exec(
        nginx, "-p", str(tmp_path), "-c", "nginx.conf", stderr=asyncio.subprocess.PIPE
    )
    url = f"http://127.0.0.1:{listen}"
    async with asyncio.timeout(WITHIN), aiohttp.ClientSession() as http:
        while True:
            assert process.returncode is None, await process.stderr.read() if process.stderr else ""
            try:
                async with http.get(f"{url}/healthz") as answer:
                    assert answer.status == 200
                break
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.02)
    yield url
    process.terminate()
    await process.communicate()


@pytest.mark.parametrize("transports", [["polling"], ["websocket"], ["polling", "websocket"]])
async def test_people_meet_through_the_proxy(
    proxy: str, bob_elsewhere: Person, http: aiohttp.ClientSession, transports: list[str]
) -> None:
    ada = await Person("ada", proxy, http, transports).join()
    await ada.connect()
    thread = await ada.asks("thread:open", {"participants": [bob_elsewhere.id]})
    for number in range(10):
        sent = {"thread_id": thread["id"], "message_content": str(number), "client_id": key()}
        await (ada if number % 2 else bob_elsewhere).asks("message:send", sent)
    said = [(await ada.hears("message:created"))["message"]["message_content"] for _ in range(10)]
    assert said == [str(number) for number in range(10)]
    await ada.leave()
