"""Files that are served as they are, each page allowed no more than its own scripts."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

View = Callable[[web.Request], Awaitable[web.StreamResponse]]

# An hour: these files change only with a new version of the program.
STATIC_CACHE = "public, max-age=3600"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def file_view(path: Path, *, cache_for: str = "no-cache", policy: str = POLICY) -> View:
    """A view that answers one file."""

    async def view(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(path, headers={"Cache-Control": cache_for, "Content-Security-Policy": policy})

    return view
