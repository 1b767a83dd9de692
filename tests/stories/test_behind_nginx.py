"""Two processes behind nginx, configured as it is deployed, with long-polling and WebSocket through it."""

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
    """The project's, with this test's ports, without TLS, and nothing outside this test's folder."""
    text = (ROOT / "server/deployment/nginx.conf").read_text()
    for given, ours in (
        ("127.0.0.1:8081", f"127.0.0.1:{ports[0]}"),
        ("127.0.0.1:8082", f"127.0.0.1:{ports[1]}"),
        ("listen 443 ssl", f"listen 127.0.0.1:{listen}"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("worker_processes auto", "worker_processes 1"),
    ):
        assert given in text
        text = text.replace(given, ours)
    text = re.sub(r"^ *ssl_certificate.*\n", "", text, flags=re.MULTILINE)
    return own(folder) + text.replace("http {", f"http {{ access_log off; {temporary(folder)}", 1)


def own(folder: Path) -> str:
    return f"daemon off; pid {folder}/nginx.pid; error_log stderr warn;\n"


def temporary(folder: Path) -> str:
    return "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )


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


async def test_what_it_lets_through_and_what_not(proxy: str, ada: Person, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{proxy}/metrics") as figures:
        assert figures.status == 404
    behind = Person("ada", proxy, http, token=ada.token)
    assert await behind.upload(b"x" * 400_000)
    async with http.post(f"{proxy}/api/v1/messages/", data=b"x" * 400_000) as large:
        assert large.status == 413
    async with http.get(f"{proxy}/healthz") as answer:
        assert "Strict-Transport-Security" in answer.headers


async def test_with_its_certificate_the_whole_file_is_understood(tmp_path: Path) -> None:
    nginx, names = shutil.which("nginx") or "/usr/sbin/nginx", ("fullchain.pem", "privkey.pem")
    made = await asyncio.create_subprocess_exec(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"),
        *("-out", str(tmp_path / names[0]), "-keyout", str(tmp_path / names[1])), stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await made.wait() == 0
    text = (ROOT / "server/deployment/nginx.conf").read_text()
    text = text.replace("/etc/letsencrypt/live/skillnet.example.org", str(tmp_path))
    for port in ("443", "80"):
        text = re.sub(rf"listen {port}\b", f"listen 127.0.0.1:{free_port()}", text)
    text = text.replace("http {", f"http {{ access_log off; {temporary(tmp_path)}", 1)
    (tmp_path / "nginx.conf").write_text(own(tmp_path) + text)
    tried = await asyncio.create_subprocess_exec(
        nginx, "-t", "-p", str(tmp_path), "-c", "nginx.conf", stderr=asyncio.subprocess.PIPE
    )
    _, said = await tried.communicate()
    assert tried.returncode == 0, said.decode()
