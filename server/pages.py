"""Pages for people: where the links in letters lead, those of a call and of staff, and letters in development."""

import html
import ipaddress
from pathlib import Path

from aiohttp import web

from server.mail import DevelopmentOutbox, Sent
from server.static import POLICY, STATIC_CACHE, file_view, moved

FOLDER = Path(__file__).parent / "web" / "account"
CALL = Path(__file__).parent / "web" / "call"
CALL_ASSETS = (
    "call.css",
    "call.js",
    "chat.js",
    "clock.js",
    "line.js",
    "media.js",
    "page.js",
    "peer.js",
    "people.js",
    "quality.js",
    "recording.js",
    "refusal.js",
    "room.js",
    "session.js",
    "socket.io.esm.min.js",
    "tiles.js",
)
SEES_AND_HEARS = "camera=(self), microphone=(self), display-capture=(self)"
PAGES = ("confirm", "reset", "appeal")
ASSETS = ("account.css", "account.js", "appeal.js")
STAFF = Path(__file__).parent / "web" / "staff"
STAFF_ASSETS = (
    "appeals.js",
    "case.js",
    "deciding.js",
    "forms.js",
    "measures.js",
    "panels.js",
    "parts.js",
    "reports.js",
    "staff.css",
    "staff.js",
)
OWN_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


def add_routes(app: web.Application) -> None:
    """Add the addresses below /account/, /call/ and /staff/."""
    for name in PAGES:
        app.router.add_get(f"/account/{name}", file_view(FOLDER / f"{name}.html"))
    for name in ASSETS:
        app.router.add_get(f"/account/{name}", file_view(FOLDER / name, cache_for=STATIC_CACHE))
    app.router.add_get("/call/", file_view(CALL / "index.html", permissions=SEES_AND_HEARS))
    app.router.add_get("/call", moved("/call/"))
    app.router.add_get("/staff/", file_view(STAFF / "index.html"))
    app.router.add_get("/staff", moved("/staff/"))
    for folder, names in ((CALL, CALL_ASSETS), (STAFF, STAFF_ASSETS)):
        for name in names:
            app.router.add_get(f"/{folder.name}/{name}", file_view(folder / name, cache_for=STATIC_CACHE))


def asked_from_here(request: web.Request) -> bool:
    """Whether somebody on this machine asks, and not a proxy on it for somebody elsewhere."""
    # By the name that was asked for, too: else a page elsewhere could have its own name lead here.
    name = request.host.removesuffix(f":{request.url.port}")
    address = ipaddress.ip_address(request.remote or "0.0.0.0")  # noqa: S104
    return address.is_loopback and name in OWN_NAMES and "X-Forwarded-For" not in request.headers


def add_outbox(app: web.Application, outbox: DevelopmentOutbox) -> None:
    """Add /outbox/, which shows what would have been sent; to this machine alone, for it holds other people's links."""

    async def view(request: web.Request) -> web.StreamResponse:
        if not asked_from_here(request):
            raise web.HTTPNotFound
        letters = "".join(map(_letter, outbox.sent)) or "<p>No letters yet.</p>"
        text = PAGE.format(letters=letters)
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    app.router.add_get("/outbox/", view)


PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>SkillNet: letters</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/account/account.css">
</head>
<body>
<main>
<h1>Letters</h1>
<p>What would have been sent, the last first. Set SMTP_URL to have them sent.</p>
{letters}
</main>
</body>
</html>
"""


def _letter(sent: Sent) -> str:
    lines = (_line(line) for line in sent.letter.text.splitlines())
    subject, to = html.escape(sent.letter.subject), html.escape(sent.letter.to)
    head = f"{subject} <small>to {to}, {sent.at:%Y-%m-%d %H:%M} UTC</small>"
    return f"<article><h2>{head}</h2><p>{'<br>'.join(lines)}</p></article>"


def _line(line: str) -> str:
    text = html.escape(line)
    return f'<a href="{text}">{text}</a>' if line.startswith(("http://", "https://")) else text
