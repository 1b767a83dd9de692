"""Two processes behind nginx, configured as it is deployed: by TLS, with long-polling and WebSocket through it."""

import asyncio
import json
import re
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from tests.faults.workers import free_port
from tests.figures import figure, figures
from tests.people import WITHIN, Person, form, key
from tests.processes import ROOT

pytestmark = pytest.mark.system

FOLDER = "/etc/letsencrypt/live/skillnet.example.org"
AT_ONCE = 12
REQUEST = (
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost"
    " -addext subjectAltName=IP:127.0.0.1"
)
HEAD = "POST /api/v1/auth/login HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate of our own and its key, named as those of the real one."""
    folder = tmp_path_factory.mktemp("certificate")
    files = ("-out", str(folder / "fullchain.pem"), "-keyout", str(folder / "privkey.pem"))
    subprocess.run((*REQUEST.split(), *files), check=True, capture_output=True)
    return folder


@pytest.fixture
def trusting(certificate: Path) -> ssl.SSLContext:
    """Clients that trust this certificate, and no other."""
    return ssl.create_default_context(cafile=certificate / "fullchain.pem")


@pytest.fixture
async def http(trusting: ssl.SSLContext) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusting)) as session:
        yield session


@dataclass(frozen=True)
class Proxy:
    """Where it listens: by TLS, and without."""

    url: str
    plain: str

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


def configuration(ports: tuple[int, int], proxy: Proxy, folder: Path, certificate: Path) -> str:
    """The project's, with this test's ports and certificate, and nothing outside this test's folder."""
    text = (ROOT / "server/deployment/nginx.conf").read_text()
    for given, ours in (
        ("127.0.0.1:8081", f"127.0.0.1:{ports[0]}"),
        ("127.0.0.1:8082", f"127.0.0.1:{ports[1]}"),
        ("listen 443 ssl", f"listen 127.0.0.1:{proxy.port} ssl"),
        ("listen 80;", f"listen {proxy.plain.removeprefix('http://')};"),
        ("worker_processes auto", "worker_processes 1"),
        # As many as one test can open.
        ("limit_conn address 200", f"limit_conn address {AT_ONCE}"),
        (FOLDER, str(certificate)),
    ):
        assert given in text
        text = text.replace(given, ours)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    text = text.replace("http {", f"http {{ access_log off; {own}", 1)
    return f"daemon off; pid {folder}/nginx.pid; error_log stderr warn;\n{text}"


@pytest.fixture
async def proxy(
    server: str, other_server: str, tmp_path: Path, certificate: Path, http: aiohttp.ClientSession
) -> AsyncIterator[Proxy]:
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    proxy = Proxy(f"https://127.0.0.1:{free_port()}", f"http://127.0.0.1:{free_port()}")
    ports = (int(server.rpartition(":")[2]), int(other_server.rpartition(":")[2]))
    (tmp_path / "nginx.conf").write_text(configuration(ports, proxy, tmp_path, certificate))
    process = await asyncio.create_subprocess_exec(
        nginx, "-p", str(tmp_path), "-c", "nginx.conf", stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(WITHIN):
        while True:
            assert process.returncode is None, await process.stderr.read() if process.stderr else ""
            try:
                async with http.get(f"{proxy.url}/healthz") as answer:
                    assert answer.status == 200
                break
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.02)
    yield proxy
    process.terminate()
    await process.communicate()


@pytest.mark.parametrize("transports", [["polling"], ["websocket"], ["polling", "websocket"]])
async def test_people_meet_through_the_proxy(
    proxy: Proxy, bob_elsewhere: Person, http: aiohttp.ClientSession, transports: list[str]
) -> None:
    ada = await Person("ada", proxy.url, http, transports).join()
    await ada.connect()
    thread = await ada.asks("thread:open", {"participants": [bob_elsewhere.id]})
    for number in range(10):
        sent = {"thread_id": thread["id"], "message_content": str(number), "client_id": key()}
        await (ada if number % 2 else bob_elsewhere).asks("message:send", sent)
    said = [(await ada.hears("message:created"))["message"]["message_content"] for _ in range(10)]
    assert said == [str(number) for number in range(10)]
    await ada.leave()


async def test_who_polls_stays_at_one_process_and_all_are_spread_over_both(
    proxy: Proxy, other_server: str, ada: Person, bob: Person, trusting: ssl.SSLContext
) -> None:
    both = (ada.url, other_server)
    before = [figure(await figures(ada.http, url), "skillnet_sockets") for url in both]
    door = f"{proxy.url}/socket.io/?EIO=4&transport=polling"
    async with AsyncExitStack() as stack:
        for number in range(16):
            # From so many addresses, as from so many households.
            connector = aiohttp.TCPConnector(ssl=trusting, local_addr=(f"127.0.1.{number + 1}", 0))
            client = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
            async with client.get(door) as opened:
                sid = json.loads((await opened.text())[1:])["sid"]
            token = (ada if number % 2 else bob).token
            async with client.post(f"{door}&sid={sid}", data=f'40{{"token":"{token}"}}') as posted:
                assert posted.status == 200
            heard = ""
            while "hello" not in heard:
                async with client.get(f"{door}&sid={sid}") as polled:
                    assert polled.status == 200
                    heard += await polled.text()
        now = [figure(await figures(ada.http, url), "skillnet_sockets") for url in both]
    came = [after - earlier for earlier, after in zip(before, now, strict=True)]
    assert sum(came) == 16
    assert min(came) > 0


async def test_what_it_lets_through_and_what_not(proxy: Proxy, ada: Person, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{proxy.url}/metrics") as answer:
        assert answer.status == 404
    behind = Person("ada", proxy.url, http, token=ada.token)
    assert await behind.upload(b"x" * 400_000)
    assert await behind.rest("POST", "/uploads", partial(form, b"x" * 400_000, "without the last slash"))
    async with http.post(f"{proxy.url}/api/v1/messages/", data=b"x" * 400_000) as large:
        assert large.status == 413
    async with http.get(f"{proxy.url}/healthz") as answer:
        assert "Strict-Transport-Security" in answer.headers
    async with http.get(f"{proxy.plain}/docs/", allow_redirects=False) as moved:
        assert (moved.status, moved.headers["Location"].partition(":")[0]) == (301, "https")


async def test_one_address_holds_no_more_requests_than_it_may(proxy: Proxy, trusting: ssl.SSLContext) -> None:
    lines = [await asyncio.open_connection("127.0.0.1", proxy.port, ssl=trusting) for _ in range(AT_ONCE + 1)]
    try:
        for _, writer in lines:
            writer.write(HEAD.encode())
        _, refused = await asyncio.wait_for(first_answer([reader for reader, _ in lines]), WITHIN)
        assert re.match(rb"HTTP/1.1 503 ", refused)
    finally:
        for _, writer in lines:
            writer.close()


async def first_answer(readers: list[asyncio.StreamReader]) -> tuple[int, bytes]:
    """Which of them is answered first, and how: the others' bodies have not come."""
    reading = {asyncio.create_task(reader.readline()): number for number, reader in enumerate(readers)}
    done, waiting = await asyncio.wait(reading, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    (one,) = done
    return reading[one], one.result()
