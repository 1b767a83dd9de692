"""Where Google says that a calendar has changed: by headers alone, which become what is asked like anything else."""

from aiohttp import web

from handlers.errors import Invalid, NotFound, RateLimited
from server.api.calendar import HEAR
from server.dispatch import Asker, Dispatcher
from server.middleware import Network, caller_of

PATH = "/hooks/google-calendar"
HEADERS = {
    "channel_id": "X-Goog-Channel-ID",
    "token": "X-Goog-Channel-Token",
    "resource_state": "X-Goog-Resource-State",
}


def add_routes(app: web.Application, dispatch: Dispatcher, proxies: tuple[Network, ...]) -> None:
    """Add its address."""

    async def hear(request: web.Request) -> web.Response:
        # The body is not read: there is none.
        said = {name: request.headers[header] for name, header in HEADERS.items() if header in request.headers}
        try:
            await dispatch(HEAR, said, Asker(caller_of(request, proxies)))
        except (Invalid, NotFound):
            # Of a channel that is none, and of a token that is not its own, the same.
            return web.Response(status=404)
        except RateLimited:
            return web.Response(status=429)
        return web.Response(status=204)

    app.router.add_post(PATH, hear)
