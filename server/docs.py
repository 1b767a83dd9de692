"""The documentation, served from this process and needing no other: a guide, OpenAPI, AsyncAPI, the error codes.

Only files of the list below are served, and each page is allowed no more than its own scripts.
"""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from aiohttp import web

from server.contract import asyncapi, errors, guide, openapi, typescript
from server.static import POLICY, STATIC_CACHE, View, file_view, moved

FOLDER = Path(__file__).parent / "web" / "docs"

# The page of the events compiles JSON Schemas to functions; no other page may.
EVENTS_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'")

PAGES = {"/docs/": "index.html", "/docs/api/": "api/index.html", "/docs/events/": "events/index.html"}
ASSETS = (
    "docs.css",
    "api/start.js",
    "api/swagger-ui-bundle.js",
    "api/swagger-ui.css",
    "events/start.js",
    "events/asyncapi.js",
    "events/asyncapi.css",
)


def add_routes(app: web.Application) -> None:
    """Add the addresses below /docs/."""
    for path, name in PAGES.items():
        policy = EVENTS_POLICY if path == "/docs/events/" else POLICY
        app.router.add_get(path, file_view(FOLDER / name, policy=policy))
        app.router.add_get(path.rstrip("/"), moved(path))
    for name in ASSETS:
        app.router.add_get(f"/docs/{name}", file_view(FOLDER / name, cache_for=STATIC_CACHE))
    app.router.add_get("/docs/openapi.json", _text(openapi_text, "application/json"))
    app.router.add_get("/docs/asyncapi.json", _text(asyncapi_text, "application/json"))
    app.router.add_get("/docs/skillnet.d.ts", _text(typescript, "text/plain"))
    for name, page in (("errors", errors.page), ("guide", guide.page)):
        for path in (f"/docs/{name}", f"/docs/{name}/"):
            app.router.add_get(path, _text(page, "text/html"))


@cache
def openapi_text() -> str:
    """OpenAPI as it is served."""
    return json.dumps(openapi(), ensure_ascii=False)


@cache
def asyncapi_text() -> str:
    """AsyncAPI as it is served."""
    return json.dumps(asyncapi(), ensure_ascii=False)


def _text(made: Callable[[], str], content_type: str) -> View:
    async def view(request: web.Request) -> web.StreamResponse:
        text = made()
        response = web.Response(text=text, content_type=content_type)
        response.etag = hashlib.sha256(text.encode()).hexdigest()[:32]
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Content-Security-Policy"] = POLICY
        if any(etag.value == response.etag.value for etag in request.if_none_match or () if response.etag):
            return web.Response(status=304, headers={"ETag": response.headers["ETag"]})
        return response

    return view
