"""Bytes in a folder of this machine, or in a bucket that speaks S3. The only module that knows obstore."""

from collections.abc import AsyncIterator
from pathlib import Path

import obstore
from obstore.store import from_url

READ_BYTES = 1024 * 1024


class ObjectBlobs:
    """Files by name, below an address: `file:///var/lib/skillnet` or `s3://bucket/folder`.

    What S3 asks for besides (keys, region, endpoint) is taken from the environment, by the names its own tools have.
    """

    def __init__(self, url: str) -> None:
        self._store = from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)

    async def put(self, key: str, path: Path) -> None:
        """Keep a file."""
        await obstore.put_async(self._store, key, path)

    async def read(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """From one byte up to another."""
        for first in range(start, stop, READ_BYTES):
            last = min(stop, first + READ_BYTES)
            yield bytes(await obstore.get_range_async(self._store, key, start=first, end=last))

    async def delete(self, key: str) -> None:
        """Delete a file, if it is there."""
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return
