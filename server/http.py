"""The HTTP server beneath the application: what it cannot read at all it refuses as everything is, with a problem."""

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from server.middleware import problem_response
from server.problems import new_request_id, wire_problem

log = structlog.get_logger(__name__)


class Connection(web.RequestHandler):
    """One client's connection. Whatever strangers send, it costs one short line of the log."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Refuse what is no HTTP, or has a line or a head that is too long; the connection ends with it."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        log.debug("not_http", error=type(exc).__name__)
        request_id = new_request_id()
        words = "This is no HTTP request that this server reads; its address and each header may have 8 KiB."
        response = problem_response(wire_problem("malformed", words, request_id))
        response.headers["X-Request-Id"] = request_id
        return response


class Server(web.Server):
    """Makes such connections."""

    def __call__(self) -> web.RequestHandler:
        return Connection(self, loop=self._loop, **self._kwargs)


class Runner(web.AppRunner):
    """Runs an application over such connections."""

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        # The library has no place to say which class its server shall be of.
        server.__class__ = Server
        return server
