"""Bytes in the database itself, by GridFS: nothing else has to be run."""

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from gridfs import NoFile
from gridfs.asynchronous import AsyncGridFSBucket

from store.database import Database

READ_BYTES = 256 * 1024


class GridBlobs:
    """Files by name. Outside of transactions: a file is put before anything says that it is there."""

    def __init__(self, database: Database) -> None:
        self._bucket = AsyncGridFSBucket(database.documents, bucket_name="media")

    async def put(self, key: str, path: Path) -> None:
        """Keep a file."""
        with path.open("rb") as source:
            await self._bucket.upload_from_stream_with_id(key, key, source)

    async def read(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """From one byte up to another."""
        out = await self._bucket.open_download_stream(key)
        await out.seek(start)
        left = stop - start
        while left > 0 and (part := await out.read(min(left, READ_BYTES))):
            left -= len(part)
            yield part

    async def delete(self, key: str) -> None:
        """Delete a file, if it is there."""
        with suppress(NoFile):
            await self._bucket.delete(key)
