"""JSON answers, with a head put together from parts that seldom change.

What the general way asks about cookies, compression, chunks and types costs more than all else that a read needs.
"""

import time
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus

import structlog
from aiohttp import web
from aiohttp.helpers import content_disposition_header

from handlers.errors import NotFound
from handlers.views.files import File

log = structlog.get_logger(__name__)

JSON = "application/json; charset=utf-8"
# What every answer carries; a page has set a policy of its own.
SECURE = {
    "Server": "SkillNet",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
MOST_UNREAD_BYTES = 64 * 1024
NO_CONTENT, PARTIAL, NOT_MODIFIED = 204, 206, 304
# Of what people sent, nothing runs, wherever it is opened.
SANDBOX = {"Content-Security-Policy": "default-src 'none'; sandbox"}


class JsonResponse(web.StreamResponse):
    """A whole answer in one write; without text it is one that has no content."""

    def __init__(self, text: str | None, *, status: int = 200, content_type: str = JSON) -> None:
        super().__init__(status=NO_CONTENT if text is None else status)
        self._content = b"" if text is None else text.encode()
        self._content_type = content_type
        self._stays_open = False

    @property
    def keep_alive(self) -> bool:
        """Whether the connection may be used again."""
        return self._stays_open

    @property
    def body_length(self) -> int:
        """Bytes, for the access log."""
        return len(self._content)

    async def prepare(self, request: web.BaseRequest) -> None:
        """Write it all; waits for a client that asks on and on and reads nothing."""
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("The client is gone.")
        stays_open = self._stays_open = request.keep_alive
        status, content = self.status, self._content
        head = _beginning(status, self._content_type, int(time.time()))
        for header in self.headers.items():
            head += _line(*header)
        if not stays_open or request.version.minor == 0:
            head += f"Connection: {'keep-alive' if stays_open else 'close'}\r\n"
        head += "\r\n" if status == NO_CONTENT else f"Content-Length: {len(content)}\r\n\r\n"
        transport.write(head.encode("latin-1") + (content if request.method != "HEAD" else b""))
        if transport.get_write_buffer_size() > MOST_UNREAD_BYTES:
            await request.writer.drain()

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to write."""


async def send_file(request: web.Request, file: File) -> web.StreamResponse:
    """Answer a file, or a part of it, as it comes. A picture may be shown; anything else is only to be kept."""
    response = web.StreamResponse(headers=SECURE)
    kind = "inline" if file.is_picture else "attachment"
    response.headers["Content-Disposition"] = content_disposition_header(kind, filename=file.name or "file")
    start, stop = 0, file.size
    if file.etag is not None:
        # Whoever has it asks each time whether they still may: what refers to it decides.
        response.headers.update({"Cache-Control": "private, no-cache", "Accept-Ranges": "bytes", **SANDBOX})
        response.etag = file.etag
        if any(tag.value in (file.etag, "*") for tag in request.if_none_match or ()):
            response.set_status(NOT_MODIFIED)
            await response.prepare(request)
            return response
        start, stop = _part(request, file)
        if stop - start < file.size:
            response.set_status(PARTIAL)
            response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{file.size}"
    response.content_type, response.content_length = file.media_type, stop - start
    await response.prepare(request)
    try:
        async for part in file.parts(start, stop):
            await response.write(part)
        await response.write_eof()
    except Exception as error:
        # The head is out, and no refusal can follow it: that this is not all can only be told by an end.
        if request.transport is not None:
            request.transport.abort()
        # Nor is it a fault that what is being fetched was deleted.
        if not isinstance(error, ConnectionError | NotFound):
            log.exception("file_broke_off")
    return response


def _part(request: web.Request, file: File) -> tuple[int, int]:
    """From which byte up to which one is asked for: all, unless it is one part of what the client has seen."""
    seen = request.headers.get("If-Range")
    try:
        asked = request.http_range
    except ValueError:
        return 0, file.size
    if (asked.start is None and asked.stop is None) or seen not in (None, f'"{file.etag}"'):
        return 0, file.size
    start, stop, _ = asked.indices(file.size)
    if start >= stop:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{file.size}"})
    return start, stop


def _line(name: str, value: str) -> str:
    if "\r" in value or "\n" in value:
        raise ValueError(f"{name} must not break its line.")
    return f"{name}: {value}\r\n"


@lru_cache(maxsize=16)
def _beginning(status: int, content_type: str, second: int) -> str:
    headers = {**SECURE, "Date": formatdate(second, usegmt=True)}
    if status != NO_CONTENT:
        headers["Content-Type"] = content_type
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n", *(_line(*header) for header in headers.items())]
    return "".join(lines)
