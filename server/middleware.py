"""What holds for every HTTP answer: a request id, a problem for every error, CORS and security headers.

Socket.IO's own requests pass untouched: the engine answers in its protocol's words.
"""

import ipaddress
import time
from collections.abc import Sequence

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from handlers.context import Caller
from server.logs import SERVED, Served
from server.meter import Meter
from server.problems import Problem, new_request_id, problem, wire_problem
from server.response import SECURE, JsonResponse
from server.tracing import Trace

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SOCKET_PATH = "/socket.io/"

# What a page from elsewhere may send and read; of files, parts and whether they are still the same.
TAKEN = "Authorization, Content-Type, Idempotency-Key, If-None-Match, If-Range, Range"
EXPOSED = "Retry-After, X-Request-Id, Idempotency-Replayed, Accept-Ranges, Content-Disposition, Content-Range, ETag"
# Of the answer to a request, from before it is worked out: the head of a file is sent while its handler still runs.
OWN = web.RequestKey("own", dict[str, str])

# aiohttp's own refusals, in our words.
WIRE_CODES = {
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    416: "range_not_satisfiable",
}
WIRE_WORDS = {
    404: "There is nothing at this address; the API's documentation is at /docs/.",
    405: "This address takes another method.",
    413: "The body is larger than this server takes.",
    416: "The file does not have such a part; Content-Range says how long it is.",
    415: "Send JSON, with Content-Type: application/json.",
}


def client_address(remote: str | None, forwarded_for: str | None, proxies: Sequence[Network]) -> str:
    """The address of who really asks: the last one in X-Forwarded-For that no trusted proxy of ours wrote."""
    address = remote or "unknown"
    if not proxies or forwarded_for is None:
        return address
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    while hops and _is_trusted(address, proxies):
        address = hops.pop()
    return address


def _is_trusted(address: str, proxies: Sequence[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in proxies)


def caller_of(request: web.Request, proxies: Sequence[Network]) -> Caller:
    """Where a request comes from."""
    forwarded = ", ".join(request.headers.getall("X-Forwarded-For", [])) if proxies else None
    return Caller(client_address(request.remote, forwarded, proxies), request.headers.get("User-Agent", ""))


def problem_response(found: Problem) -> JsonResponse:
    """A problem as an HTTP answer."""
    response = JsonResponse(found.text(), status=found.status, content_type="application/problem+json")
    if found.retry_after_ms is not None:
        response.headers["Retry-After"] = str(-(-found.retry_after_ms // 1000))
    if found.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def outermost(allowed_origins: Sequence[str], meter: Meter, trace: Trace) -> Middleware:
    """Answer every error with a problem, count all, and let pages of these origins alone read what is answered."""
    allowed = frozenset(allowed_origins)

    async def answered(request: web.Request, handler: Handler, request_id: str) -> web.StreamResponse:
        try:
            return await handler(request)
        except Exception as error:
            response, code = _refusal(error, request_id)
            meter.errors["rest", code] += 1
            return response

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(SOCKET_PATH):
            return await handler(request)
        origin = request.headers.get("Origin")
        if origin not in allowed:
            origin = None
        elif request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            handler = _preflight
        request_id = new_request_id()
        own = request[OWN] = _own(request_id, origin)
        served = Served(request_id)
        bound = SERVED.set(served)
        start = time.perf_counter()
        try:
            if trace.on and (door := door_of(request)).startswith("/api/"):
                facts = {"request_id": request_id, "http.request.method": request.method, "http.route": door}
                with trace.span(f"{request.method} {door}", facts, is_entry=True) as span:
                    response = await answered(request, handler, request_id)
                    span.note({"http.response.status_code": response.status, "user_id": served.user_id})
            else:
                response = await answered(request, handler, request_id)
        finally:
            SERVED.reset(bound)
        meter.served[request.method, request.match_info.route.resource, response.status].add(
            time.perf_counter() - start
        )
        if isinstance(response, JsonResponse):
            response.headers.extend(own)
        return response

    return middleware


def _own(request_id: str, origin: str | None) -> dict[str, str]:
    """Headers of one answer: its id, and that a page from elsewhere may read it."""
    found = {"X-Request-Id": request_id}
    if origin is not None:
        found |= {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSED, "Vary": "Origin"}
    return found


def door_of(request: web.Request) -> str:
    """The template of an address, since clients make up addresses; nothing where there is none."""
    resource = request.match_info.route.resource
    # With the slash and without it is the same row.
    return "" if resource is None else resource.canonical.rstrip("/") or "/"


async def _preflight(_: web.Request) -> web.StreamResponse:
    response = JsonResponse(None)
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE"
    response.headers["Access-Control-Allow-Headers"] = TAKEN
    response.headers["Access-Control-Max-Age"] = "600"
    return response


def _refusal(error: Exception, request_id: str) -> tuple[web.StreamResponse, str]:
    if not isinstance(error, web.HTTPException):
        found = problem(error, request_id)
        return problem_response(found), found.code
    if error.status < 400:
        raise error
    code = WIRE_CODES.get(error.status, "malformed")
    words = WIRE_WORDS.get(error.status, "The request is not one this server understands.")
    response = problem_response(wire_problem(code, words, request_id))
    for name in ("Allow", "Content-Range"):
        if name in error.headers:
            response.headers[name] = error.headers[name]
    return response, code


async def secure_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Headers that every answer carries, and its own; a page may have set its own policy before."""
    if request.path.startswith(SOCKET_PATH):
        return
    response.headers.extend(request.get(OWN, {}))
    # Otherwise aiohttp names itself and the versions of everything.
    response.headers.pop("Server", None)
    response.headers.extend({name: value for name, value in SECURE.items() if name not in response.headers})
