"""What holds for every HTTP answer: a request id, a problem for every error, CORS and security headers.

Socket.IO's own requests pass untouched: the engine answers in its protocol's words.
"""

import ipaddress
from collections.abc import Sequence

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from handlers.context import Caller
from server.logs import REQUEST_ID
from server.problems import Problem, new_request_id, problem, wire_problem

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SOCKET_PATH = "/socket.io/"

TRUSTED_PROXIES: web.AppKey[Sequence[Network]] = web.AppKey("trusted_proxies")

SECURE = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cache-Control", "no-store"),
)

# aiohttp's own refusals, in our words.
WIRE_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type"}
WIRE_WORDS = {
    404: "There is nothing at this address; the API's documentation is at /docs/.",
    405: "This address takes another method.",
    413: "The body is larger than this server takes.",
    415: "Send JSON, with Content-Type: application/json.",
}


def client_address(remote: str | None, forwarded_for: str | None, proxies: Sequence[Network]) -> str:
    """The address of who really asks: the last one in X-Forwarded-For that no trusted proxy of ours wrote."""
    address = remote or "unknown"
    hops = [hop.strip() for hop in (forwarded_for or "").split(",") if hop.strip()]
    while hops and _is_trusted(address, proxies):
        address = hops.pop()
    return address


def _is_trusted(address: str, proxies: Sequence[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in proxies)


def caller_of(request: web.Request) -> Caller:
    """Where a request comes from."""
    proxies = request.app[TRUSTED_PROXIES]
    forwarded = ", ".join(request.headers.getall("X-Forwarded-For", [])) if proxies else None
    address = client_address(request.remote, forwarded, proxies)
    return Caller(address=address, device=request.headers.get("User-Agent", ""))


def problem_response(found: Problem) -> web.Response:
    """A problem as an HTTP answer."""
    headers = {"X-Request-Id": found.request_id, "Cache-Control": "no-store"}
    if found.retry_after_ms is not None:
        headers["Retry-After"] = str(-(-found.retry_after_ms // 1000))
    if found.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return web.Response(
        text=found.text(), status=found.status, headers=headers, content_type="application/problem+json"
    )


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every error with a problem."""
    if request.path.startswith(SOCKET_PATH):
        return await handler(request)
    request_id = new_request_id()
    bound = REQUEST_ID.set(request_id)
    try:
        response = await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        code = WIRE_CODES.get(error.status, "malformed")
        words = WIRE_WORDS.get(error.status, "The request is not one this server understands.")
        response = problem_response(wire_problem(code, words, request_id))
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
    except Exception as error:
        response = problem_response(problem(error, request_id))
    finally:
        REQUEST_ID.reset(bound)
    response.headers["X-Request-Id"] = request_id
    return response


def cors(allowed_origins: Sequence[str]) -> Middleware:
    """Let pages of these origins, and no others, read answers, refusals included."""
    allowed = frozenset(allowed_origins)

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if request.path.startswith(SOCKET_PATH) or origin not in allowed:
            return await handler(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response: web.StreamResponse = web.Response(status=204)
            response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE"
            response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Idempotency-Key"
            response.headers["Access-Control-Max-Age"] = "600"
        else:
            response = await handler(request)
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After, X-Request-Id, Idempotency-Replayed"
        response.headers.add("Vary", "Origin")
        return response

    return middleware


async def secure_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Headers that every answer carries; a page may have set its own policy before."""
    headers = response.headers
    if request.path.startswith(SOCKET_PATH):
        return
    for name, value in SECURE:
        if name not in headers:
            headers[name] = value
