"""The REST shell: one handler for every row of the table that has an address.

It reads the token, the path, the query and the body, and says what came back; it decides nothing.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any
from uuid import UUID

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.client_exceptions import ClientPayloadError
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from handlers.errors import DomainError, Invalid, TokenExpired, Unauthenticated
from handlers.models import Access
from handlers.ports import Incoming
from server.dispatch import Asker, Dispatcher
from server.logs import SERVED
from server.middleware import Network, caller_of
from server.operation import Operation
from server.response import JsonResponse, send_file
from server.security import Doorkeeper

PREFIX = "/api/v1"

CHUNK_BYTES = 64 * 1024

UUIDS = TypeAdapter(UUID)


class Malformed(DomainError):
    """The body is not a JSON object."""

    code = "malformed"


class UnsupportedMediaType(DomainError):
    """The body is not JSON."""

    code = "unsupported_media_type"


class RestShell:
    """Serves operations under /api/v1, with and without the trailing slash."""

    def __init__(self, dispatch: Dispatcher, doorkeeper: Doorkeeper, trusted_proxies: Sequence[Network]) -> None:
        self._dispatch = dispatch
        self._doorkeeper = doorkeeper
        self._proxies = trusted_proxies

    def add_routes(self, app: web.Application, operations: tuple[Operation, ...]) -> None:
        """Add the routes of every operation that has an address."""
        doors: dict[str, dict[str, Any]] = defaultdict(dict)
        for operation in operations:
            if operation.http is not None:
                doors[operation.http.path.rstrip("/")][operation.http.method] = self._handler(operation)
        # The plain before what has a place for anything, which would take another method of theirs for its own.
        for path in sorted(doors, key=lambda path: [segment.startswith("{") for segment in path.split("/")]):
            for variant in (PREFIX + path, PREFIX + path + "/"):
                resource = app.router.add_resource(variant)
                for method, handler in doors[path].items():
                    resource.add_route(method, handler)
                resource.add_route("*", _refuse_method(doors[path].keys()))

    def _handler(self, operation: Operation) -> Any:
        http = operation.http
        status = http.status if http is not None else 200
        takes_nothing = not operation.is_command and http is not None and "{" not in http.path

        async def handle(request: web.Request) -> web.StreamResponse:
            is_bare = takes_nothing and "?" not in request.raw_path
            payload = {} if is_bare else await _payload(request, operation)
            asker = await self._asker(request, operation)
            if asker.actor is not None and (served := SERVED.get()) is not None:
                served.user_id = asker.actor.user_id
            if operation.takes_file:
                payload["file"] = await _incoming(request)
            answer = await self._dispatch(operation, payload, asker)
            if answer.file is not None:
                return await send_file(request, answer.file)
            response = JsonResponse(None if answer.text == "null" else answer.text, status=status)
            if answer.duplicate:
                response.headers["Idempotency-Replayed"] = "true"
            return response

        return handle

    async def _asker(self, request: web.Request, operation: Operation) -> Asker:
        caller = caller_of(request, self._proxies)
        try:
            token = bearer_token(request)
            actor = None if token is None else self._doorkeeper.known(token) or await self._doorkeeper.admit(token)
        except (TokenExpired, Unauthenticated):
            # Many clients send what they have with every request: also with the one that asks for a new token.
            if operation.access is not Access.PUBLIC:
                raise
            actor = None
        return Asker(caller, actor)


def _refuse_method(allowed: Collection[str]) -> Any:
    async def refuse(request: web.Request) -> web.StreamResponse:
        raise web.HTTPMethodNotAllowed(request.method, allowed)

    return refuse


def bearer_token(request: web.Request) -> str | None:
    """The token of the Authorization header; the only place where REST takes one."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.casefold() != "bearer" or not token:
        raise Unauthenticated("Send `Authorization: Bearer <access token>`.")
    return token.strip()


async def _payload(request: web.Request, operation: Operation) -> dict[str, object]:
    """Path, query and body as one object. A field that comes twice must say the same."""
    payload: dict[str, object] = {}
    # Asked by the raw path: taking an address apart costs as much as answering.
    if "?" in request.raw_path:
        for name in request.query:
            values = request.query.getall(name)
            payload[name] = values[0] if len(values) == 1 else values
    if operation.is_command and not operation.takes_file and request.method != "DELETE":
        payload |= await _body(request)
    if operation.is_keyed and (key := request.headers.get("Idempotency-Key")) is not None:
        _merge(payload, "client_id", _client_id(key))
    for name, segment in request.match_info.items():
        _merge(payload, name, segment)
    return payload


def _merge(payload: dict[str, object], name: str, value: str) -> None:
    if payload.setdefault(name, value) != value:
        raise Invalid.field(name, "Differs from the address or the header.")


def _client_id(key: str) -> str:
    try:
        return str(UUIDS.validate_python(key.strip('"')))
    except ValidationError as error:
        raise Invalid.field("Idempotency-Key", "Must be a UUID.") from error


async def _incoming(request: web.Request) -> Incoming:
    """The file of a form. None of its bytes are read before somebody wants them."""
    if request.content_type != "multipart/form-data":
        raise UnsupportedMediaType("Send multipart/form-data, with the file as its part `file`.")
    try:
        form = await request.multipart()
        part = await form.next()
    except (ValueError, HttpProcessingError) as error:
        raise Malformed("The body is not multipart/form-data.") from error
    if not isinstance(part, BodyPartReader) or part.name != "file":
        raise Invalid.field("file", "The first part has to be `file`.", code="missing")
    return Incoming(part.filename or "", _bytes_of(part, form))


async def _bytes_of(part: BodyPartReader, form: MultipartReader) -> AsyncIterator[bytes]:
    try:
        while chunk := await part.read_chunk(CHUNK_BYTES):
            yield chunk
        if await form.next() is not None:
            raise Invalid.field("", "Send one part, `file`, and no other.", code="unknown_field")
    except (ValueError, ClientPayloadError, HttpProcessingError) as error:
        raise Malformed("The body ends too early, or is not multipart/form-data.") from error


async def _body(request: web.Request) -> dict[str, object]:
    raw = await request.read()
    if not raw:
        return {}
    if request.content_type != "application/json":
        raise UnsupportedMediaType("Send JSON, with Content-Type: application/json.")
    try:
        body = from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        raise Malformed("The body is not JSON.") from error
    if not isinstance(body, dict):
        raise Malformed("The body must be a JSON object.")
    return body
