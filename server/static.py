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

# No page of ours hears or sees anybody but that of calls.
DEAF_AND_BLIND = "camera=(), microphone=(), display-capture=()"


def file_view(
    path: Path, *, cache_for: str = "no-cache", policy: str = POLICY, permissions: str = DEAF_AND_BLIND
) -> View:
    """A view that answers one file."""
    headers = {"Cache-Control": cache_for, "Content-Security-Policy": policy, "Permissions-Policy": permissions}

    async def view(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(path, headers=headers)

    return view


def moved(path: str) -> View:
    """A view that leads elsewhere, for good."""

    async def view(_: web.Request) -> web.StreamResponse:
        raise web.HTTPPermanentRedirect(path)

    return view
