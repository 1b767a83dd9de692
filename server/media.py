"""Takes in files: counts them as they come, finds out what they are, has pictures made anew, and keeps the bytes."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

from handlers.errors import Invalid, TooLarge, Unavailable
from handlers.ports import Blobs
from server.images import ImagePress, UnreadableImage
from server.sniffing import HEAD_BYTES, sniff
from store.uploads import Size, Variant

AT_ONCE = 20
PATIENCE_SECONDS = 300
REFUSED = "Must be a PNG, JPEG, WebP, GIF, PDF, MP4, MP3, OGG, WAV or plain text file, whatever its name says."


class MediaStore:
    """Files by the id of their upload, each in one or three sizes."""

    def __init__(self, blobs: Blobs, press: ImagePress) -> None:
        self._blobs = blobs
        self._press = press
        self._present = 0

    async def keep(self, upload_id: str, parts: AsyncIterator[bytes], *, most_bytes: int) -> dict[Size, Variant]:
        """Take in a file; raises `Invalid`, `TooLarge`, or `Unavailable` while too many come."""
        if self._present >= AT_ONCE:
            raise Unavailable("Too many files are sent at this moment; try again.")
        self._present += 1
        try:
            with tempfile.TemporaryDirectory(prefix="skillnet-") as folder:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    return await self._keep(upload_id, parts, Path(folder), most_bytes)
        except TimeoutError:
            raise Unavailable("The file took too long to come.") from None
        finally:
            self._present -= 1

    def read(self, upload_id: str, size: Size, start: int, stop: int) -> AsyncIterator[bytes]:
        """Some bytes of a file."""
        return self._blobs.read(_key(upload_id, size), start, stop)

    async def drop(self, upload_id: str) -> None:
        """Delete a file in all its sizes; also one of which only a part was kept."""
        for size in Size:
            await self._blobs.delete(_key(upload_id, size))

    async def _keep(
        self, upload_id: str, parts: AsyncIterator[bytes], folder: Path, most_bytes: int
    ) -> dict[Size, Variant]:
        source = folder / "source"
        with source.open("wb") as file:
            await _receive(parts, file, most_bytes)
        head = await asyncio.to_thread(_head, source)
        media_type = sniff(head)
        if media_type is None:
            raise Invalid.field("file", REFUSED, code="file_type_refused")
        made = {Size.ORIGINAL: (source, Variant(media_type=media_type, size=source.stat().st_size))}
        if media_type.startswith("image/"):
            made = await self._pressed(source, folder / "made")
        for size, (path, _) in made.items():
            await self._blobs.put(_key(upload_id, size), path)
        return {size: variant for size, (_, variant) in made.items()}

    async def _pressed(self, source: Path, into: Path) -> dict[Size, tuple[Path, Variant]]:
        await asyncio.to_thread(into.mkdir)
        try:
            pressed = await self._press.press(source, into)
        except UnreadableImage as error:
            raise Invalid.field("file", error.reason, code="unreadable_image") from None
        return {
            Size(name): (
                one.path,
                Variant(media_type=one.media_type, size=one.size, width=one.width, height=one.height),
            )
            for name, one in pressed.variants.items()
        }


async def _receive(parts: AsyncIterator[bytes], file: IO[bytes], most_bytes: int) -> None:
    size = 0
    async for part in parts:
        size += len(part)
        if size > most_bytes:
            raise TooLarge(f"A file may have {most_bytes // 1024**2} MiB.")
        await asyncio.to_thread(file.write, part)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _key(upload_id: str, size: Size) -> str:
    return f"{upload_id}/{size}"
