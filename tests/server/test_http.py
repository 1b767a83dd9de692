"""What every HTTP answer keeps, whatever it says: headers, connections, and clients that do not read."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from pymongo import AsyncMongoClient

from server.config import Settings
from tests.files import NOTE
from tests.people import Person
from tests.processes import Servers

PAGE = "https://app.example.org"
SECURE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Server": "SkillNet",
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"allowed_origins": [PAGE]})


@asynccontextmanager
async def wire(server: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A bare connection, for what no client library would send."""
    address = urlsplit(server)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[bytes, Message, bytes]:
    """Status line, headers and body of one answer."""
    status, _, rest = (await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")
    headers = BytesHeaderParser().parsebytes(rest)
    return status, headers, await reader.readexactly(int(headers.get("Content-Length", 0)))


def asking(person: Person, *more: str, version: str = "1.1", method: str = "GET") -> bytes:
    head = (f"{method} /api/v1/auth/profile HTTP/{version}", "Host: x", f"Authorization: Bearer {person.token}", *more)
    return ("\r\n".join(head) + "\r\n\r\n").encode()


@pytest.mark.parametrize("path", ["/api/v1/auth/profile", "/api/v1/nowhere", "/healthz", "/docs/", "/"])
async def test_every_answer_carries_the_same_protection(
    server: str, ada: Person, http: aiohttp.ClientSession, path: str
) -> None:
    async with http.get(server + path, headers={"Authorization": f"Bearer {ada.token}"}) as response:
        found = {name: response.headers.getall(name) for name in ("X-Request-Id", "Date", "Content-Security-Policy")}
        assert all(len(values) == 1 for values in found.values()), found
        for name, value in SECURE.items():
            assert response.headers.getall(name) == [value] or (name, path) == ("Cache-Control", "/docs/")


async def test_only_listed_origins_may_read(server: str, ada: Person, http: aiohttp.ClientSession) -> None:
    url = f"{server}/api/v1/auth/profile"
    for origin, allowed in ((PAGE, PAGE), ("https://evil.example.org", None), ("null", None)):
        async with http.get(url, headers={"Origin": origin}) as response:
            assert response.status == 401
            assert response.headers.get("Access-Control-Allow-Origin") == allowed
        asks = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
        async with http.options(url, headers=asks) as response:
            assert (response.status == 204) is (allowed is not None)
            assert response.headers.get("Access-Control-Allow-Origin") == allowed
            assert "Content-Length" not in response.headers or response.status != 204


async def test_a_file_is_read_by_listed_origins_too(server: str, ada: Person, http: aiohttp.ClientSession) -> None:
    url = f"{server}/api/v1/uploads/{(await ada.upload(NOTE, 'chords.txt'))['id']}/"
    for origin, allowed in ((PAGE, PAGE), ("https://evil.example.org", None)):
        head = {"Authorization": f"Bearer {ada.token}", "Origin": origin, "Range": "bytes=0-9"}
        async with http.get(url, headers=head) as response:
            assert (response.status, await response.read()) == (206, NOTE[:10])
            assert response.headers.getall("Access-Control-Allow-Origin", []) == ([] if allowed is None else [allowed])
            assert len(response.headers.getall("X-Request-Id")) == 1


@pytest.mark.parametrize("damage", ["gone", "unreadable"])
async def test_a_file_of_which_a_part_is_lost_breaks_off(
    ada: Person, settings: Settings, servers: Servers, damage: str
) -> None:
    """Nobody takes the beginning for all of it, or what is said of the fault for its end; nor waits for the rest."""
    large = b"%PDF-1.7\n" + bytes(range(256)) * 12_000
    url = f"{ada.url}/api/v1/uploads/{(await ada.upload(large, 'book.pdf'))['id']}/"
    async with AsyncMongoClient[dict[str, Any]](servers.mongodb_url) as client:
        chunks = client[settings.mongodb_database]["media.chunks"]
        if damage == "gone":
            await chunks.delete_one({"n": 2})
        else:
            await chunks.update_one({"n": 2}, {"$set": {"data": None}})
    head = {"Authorization": f"Bearer {ada.token}"}

    async with asyncio.timeout(10):
        with pytest.raises(aiohttp.ClientPayloadError):
            async with ada.http.get(url, headers=head) as response:
                await response.read()
        async with ada.http.get(url, headers=head | {"Range": "bytes=0-9"}) as response:
            assert await response.read() == large[:10]


async def test_a_connection_stays_open_as_long_as_the_client_wants(server: str, ada: Person) -> None:
    async with wire(server) as (reader, writer):
        for more in ((), ()):
            writer.write(asking(ada, *more))
            status, headers, body = await answer(reader)
            assert (status, headers.get("Connection")) == (b"HTTP/1.1 200 OK", None)
            assert b'"name":"ada"' in body
        writer.write(asking(ada, "Connection: close"))
        _, headers, _ = await answer(reader)
        assert headers["Connection"] == "close"
        assert await reader.read() == b""


async def test_an_old_client_is_told_whether_it_stays_open(server: str, ada: Person) -> None:
    async with wire(server) as (reader, writer):
        writer.write(asking(ada, "Connection: keep-alive", version="1.0"))
        _, headers, _ = await answer(reader)
        assert headers["Connection"] == "keep-alive"
        writer.write(asking(ada, version="1.0"))
        _, headers, _ = await answer(reader)
        assert headers["Connection"] == "close"
        assert await reader.read() == b""


async def test_who_asks_on_and_on_and_reads_nothing_is_asked_to_wait(server: str, ada: Person) -> None:
    """Without that the answers of one connection fill the memory."""
    question = asking(ada) * 100
    async with wire(server) as (_, writer):
        sent = 0
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(20):
                while sent < 100_000:
                    writer.write(question)
                    sent += 100
                    async with asyncio.timeout(1):
                        await writer.drain()
    assert sent < 100_000


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /api/v1/messages/?cursor=%b HTTP/1.1\r\nHost: x\r\n\r\n" % (b"c" * 9000),
        b"GET / HTTP/1.1\r\nHost: x\r\nCookie: %b\r\n\r\n" % (b"c" * 9000),
        b"GET / HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ids=["long address", "long header", "no header", "TLS", "two lengths"],
)
async def test_what_is_no_http_is_refused_as_everything_is(server: str, sent: bytes) -> None:
    async with wire(server) as (reader, writer):
        writer.write(sent)
        status, headers, body = await answer(reader)
        assert status == b"HTTP/1.1 400 Bad Request"
        assert headers["Content-Type"].startswith("application/problem+json")
        problem = json.loads(body)
        assert (problem["code"], problem["request_id"]) == ("malformed", headers["X-Request-Id"])
        assert headers["Connection"] == "close"
        assert await reader.read() == b""
