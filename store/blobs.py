"""Bytes in the database itself, laid out as GridFS, so that its tools read them: nothing else has to be run.

Written here and not by the driver's bucket: that one asks for any chunk at all before each file, which the embedded
database answers by reading every one (95 ms at 120 MB, and growing).
"""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository

CHUNK_BYTES = 255 * 1024


class BlobFile(Document):
    """What is said of a blob; its id is its name."""

    length: int
    chunkSize: int = CHUNK_BYTES  # noqa: N815 - GridFS's name
    uploadDate: datetime  # noqa: N815
    filename: str


class BlobChunk(Document):
    """A part of a blob, the `n`th from 0; its id is `<name>:<n>`."""

    files_id: str
    n: int
    data: bytes


class BlobFiles(Repository[BlobFile]):
    collection = "media.files"
    document = BlobFile

    async def remove(self, key: str) -> None:
        """Forget a blob."""
        await self._rows.delete_one({"_id": key}, session=await self._within())


class BlobChunks(Repository[BlobChunk]):
    collection = "media.chunks"
    document = BlobChunk
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("files_id", ASCENDING), ("n", ASCENDING)], unique=True),  # remove, and GridFS's own tools
    )

    async def remove(self, key: str) -> None:
        """Delete every part of a blob."""
        await self._rows.delete_many({"files_id": key}, session=await self._within())


class DatabaseBlobs:
    """Blobs by name. Outside of transactions: one is put before anything says that it is there."""

    def __init__(self, files: BlobFiles, chunks: BlobChunks, *, clock: Callable[[], datetime]) -> None:
        self._files = files
        self._chunks = chunks
        self._clock = clock

    async def put(self, key: str, path: Path) -> None:
        """Keep a file under a name that is new."""
        length = n = 0
        with path.open("rb") as source:
            while data := source.read(CHUNK_BYTES):
                await self._chunks.insert(BlobChunk(id=f"{key}:{n}", files_id=key, n=n, data=data))
                length, n = length + len(data), n + 1
        await self._files.insert(BlobFile(id=key, length=length, uploadDate=self._clock(), filename=key))

    async def read(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """From one byte up to another; raises `FileNotFoundError` once a part is gone, as a disk does."""
        for n in range(start // CHUNK_BYTES, -(-stop // CHUNK_BYTES)):
            chunk = await self._chunks.get(f"{key}:{n}")
            if chunk is None:
                raise FileNotFoundError(f"{key}:{n}")
            first = n * CHUNK_BYTES
            yield chunk.data[max(start - first, 0) : stop - first]

    async def delete(self, key: str) -> None:
        """Delete a blob, if it is there, or what there is of it."""
        await self._chunks.remove(key)
        await self._files.remove(key)
