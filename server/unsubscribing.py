"""Where the links in letters lead by which one gets no more of them: a page, and the one click of RFC 8058.

Looking at the page changes nothing: what reads letters for their reader follows every link in them.
"""

import html

from aiohttp import web

from handlers.errors import Invalid, RateLimited
from handlers.topics import ABOUT
from handlers.views.notifications import UnsubscribedView
from server.api import notifications
from server.dispatch import Asker, Dispatcher
from server.middleware import Network, caller_of
from server.static import POLICY

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>SkillNet: letters</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/account/account.css">
</head>
<body>
<main>
<h1>Letters</h1>
{content}
</main>
</body>
</html>
"""
ASK = """<form method="post">
<p>Do you want no more letters about what this one was about?</p>
<button>No more letters</button>
</form>"""


def add_routes(app: web.Application, dispatch: Dispatcher, proxies: tuple[Network, ...]) -> None:
    """Add the addresses below /unsubscribe/."""

    async def ask(_: web.Request) -> web.Response:
        return _page(ASK)

    async def stop(request: web.Request) -> web.Response:
        # The body is not read: the address says it all, whoever's button it was.
        asker, payload = Asker(caller_of(request, proxies)), {"token": request.match_info["token"]}
        try:
            answer = await dispatch(notifications.UNSUBSCRIBE, payload, asker)
        except (Invalid, RateLimited) as error:
            status = 422 if isinstance(error, Invalid) else 429
            return _page("<p>That did not work: use the whole link, or try again later.</p>", status=status)
        stopped = UnsubscribedView.model_validate_json(answer.text).topics
        said = "".join(f"<li>{html.escape(ABOUT[topic].description)}</li>" for topic in stopped)
        return _page(f'<p role="status">You will get no more letters about:</p><ul>{said}</ul>')

    for path in ("/unsubscribe/{token}", "/unsubscribe/{token}/"):
        app.router.add_get(path, ask)
        app.router.add_post(path, stop)


def _page(content: str, *, status: int = 200) -> web.Response:
    return web.Response(
        text=PAGE.format(content=content),
        status=status,
        content_type="text/html",
        headers={
            "Content-Security-Policy": POLICY.replace("form-action 'none'", "form-action 'self'"),
            "Cache-Control": "no-store",
            # What is in the address goes nowhere.
            "Referrer-Policy": "no-referrer",
        },
    )
