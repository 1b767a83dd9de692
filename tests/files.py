"""What tests of files send, look for in the database, and wait for."""

import asyncio
import zlib
from datetime import timedelta
from typing import Any

from pymongo import AsyncMongoClient

from server.config import Settings
from tests.backstage import Backstage
from tests.processes import Servers

SOON = 60.0
NOTE = b"Practise the F chord, ten minutes a day.\n" * 100


def png_bomb(width: int, height: int) -> bytes:
    """A PNG whose pixels unpack to a thousand times its size."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    pixels = zlib.compress(bytes(4_000_000), 9)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")


async def kept(settings: Settings, servers: Servers) -> tuple[int, int]:
    """How many files the database knows of, and how many blobs it holds."""
    async with AsyncMongoClient[dict[str, Any]](servers.mongodb_url) as client:
        database = client[settings.mongodb_database]
        chunks = await database["media.chunks"].count_documents({})
        blobs = await database["media.files"].count_documents({})
        assert bool(chunks) == bool(blobs), "bytes without a file, or a file without bytes"
        return await database["uploads"].count_documents({}), blobs


async def nothing_is_due(settings: Settings, servers: Servers, ahead: timedelta) -> None:
    """Wait until every job that is due by then is done."""
    async with asyncio.timeout(SOON):
        while await Backstage(settings, servers).has_due(ahead):
            await asyncio.sleep(0.05)
