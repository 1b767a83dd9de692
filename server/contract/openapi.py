"""OpenAPI 3.1 of the REST door, made from the rows of the table.

A request is split into path, query, header and body here just as server/rest.py puts it together.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from types import NoneType
from typing import Any, get_args

from handlers.models import Access
from server.api import OPERATIONS
from server.contract.errors import codes_of
from server.contract.plain import COMPONENTS, PATHS
from server.contract.schemas import Schema, ref, schemas
from server.operation import Http, Operation
from server.problems import STATUS, Problem
from server.protocol import PROTOCOL
from server.rest import PREFIX

IDEMPOTENCY_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A UUID, new for each thing to make and the same for each retry; `client_id` in the body says the "
    "same. A repetition is answered as the first one was, with `Idempotency-Replayed: true`.",
    "schema": {"type": "string", "format": "uuid"},
}
REPLAYED: Schema = {
    "description": "This is the answer to an earlier request with the same key.",
    "schema": {"type": "string", "const": "true"},
}
RETRY_AFTER: Schema = {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}
REQUEST_ID: Schema = {"description": "Finds the log line of this request.", "schema": {"type": "string"}}
WIRE_CODES = {"malformed"}
FILE_CODES = {"range_not_satisfiable"}
BODY_CODES = {"too_large", "unsupported_media_type"}


@cache
def openapi() -> Schema:
    """The document of this program's REST door; not to be changed by its readers."""
    return document(OPERATIONS)


def document(operations: Sequence[Operation]) -> Schema:
    """The document of any table."""
    doors = [(operation, operation.http) for operation in operations if operation.http is not None]
    asked = {operation.asked.__name__: operation.asked for operation, _ in doors}
    answered: dict[str, Any] = {_key(http): operation.answer for operation, http in doors if not operation.is_file}
    found, components = schemas(asked, {**answered, "problem": Problem})
    components |= COMPONENTS
    paths: dict[str, Schema] = defaultdict(dict)
    for operation, http in doors:
        described = _operation(operation, http, components[operation.asked.__name__], found.get(_key(http), {}))
        paths[PREFIX + http.path][http.method.lower()] = described
    # What is asked by path or query, even in part, is written out at its address: no component says it again.
    whole = {operation.asked.__name__ for operation, http in doors if _has_body(operation, http) and not _in_path(http)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "SkillNet REST API",
            "version": str(PROTOCOL),
            "description": "Every path answers with and without its trailing slash. What happens is told over "
            "Socket.IO: see [the events](/docs/events/). Refusals are problems: see "
            "[the error codes](/docs/errors).",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in sorted({_tag(operation) for operation, _ in doors} | {"service"})],
        "paths": dict(paths) | PATHS,
        "components": {
            "schemas": {name: schema for name, schema in components.items() if name not in asked or name in whole},
            "headers": {"RequestId": REQUEST_ID, "RetryAfter": RETRY_AFTER, "IdempotencyReplayed": REPLAYED},
            "responses": {f"Problem{status}": _problem(status) for status in sorted(set(STATUS.values()))},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _key(http: Http) -> str:
    return f"{http.method} {http.path}"


def _operation_id(http: Http) -> str:
    """A name of its own for each address: a use case may have two."""
    return "_".join([http.method.lower(), *re.findall(r"\w+", http.path)])


def _in_path(http: Http) -> list[str]:
    return re.findall(r"{(\w+)}", http.path)


def _has_body(operation: Operation, http: Http) -> bool:
    return operation.is_command and http.method != "DELETE"


def _tag(operation: Operation) -> str:
    """The domain: the module of the use case, or its package."""
    return operation.run.__module__.split(".")[1]


def _operation(operation: Operation, http: Http, asked: Schema, answer: Schema) -> Schema:
    sentence = " ".join(operation.summary.split())
    summary, _, rest = sentence.partition("; ")
    says = {"summary": summary.rstrip(".")} | ({"description": sentence} if rest else {})
    in_path, has_body = _in_path(http), _has_body(operation, http)
    # A form is a file and nothing else; its key is the header.
    beside = [*in_path, "client_id"] if operation.takes_file else in_path
    parameters = [_parameter(name, "path", asked) for name in in_path]
    if not has_body:
        others = [name for name in asked.get("properties", {}) if name not in in_path]
        parameters += [_parameter(name, "query", asked) for name in others]
    if operation.is_keyed:
        parameters.append(IDEMPOTENCY_KEY)
    described: Schema = {"tags": [_tag(operation)], "operationId": _operation_id(http), **says}
    if parameters:
        described["parameters"] = parameters
    if has_body and (body := _body(operation, asked, beside)) is not None:
        described["requestBody"] = body
    described["responses"] = _responses(operation, http, answer)
    described["security"] = [] if operation.access is Access.PUBLIC else [{"bearer": []}]
    return described


def _parameter(name: str, where: str, asked: Schema) -> Schema:
    schema = dict(asked["properties"][name])
    described: Schema = {"name": name, "in": where, "required": where == "path" or name in asked.get("required", ())}
    if "description" in schema:
        described["description"] = schema.pop("description")
    if "anyOf" in schema and (given := [option for option in schema["anyOf"] if option != {"type": "null"}]):
        # An address cannot say null: it leaves the parameter out.
        schema = given[0] if len(given) == 1 else {"anyOf": given}
    if schema.get("default", ...) is None:
        del schema["default"]
    return described | {"schema": schema}


def _body(operation: Operation, asked: Schema, in_path: list[str]) -> Schema | None:
    name = operation.asked.__name__
    properties = {field: schema for field, schema in asked.get("properties", {}).items() if field not in in_path}
    if not properties:
        return None
    required = [field for field in asked.get("required", ()) if field not in in_path]
    schema = ref(name)
    if in_path:
        schema = {**asked, "title": f"{name}Body", "properties": properties, "required": required}
    media_type = "multipart/form-data" if operation.takes_file else "application/json"
    return {"required": bool(required), "content": {media_type: {"schema": schema}}}


def _responses(operation: Operation, http: Http, answer: Schema) -> Schema:
    headers: Schema = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
    if operation.is_creating:
        headers["Idempotency-Replayed"] = {"$ref": "#/components/headers/IdempotencyReplayed"}
    responses: Schema = {}
    if operation.is_file:
        content: Schema = {"*/*": {"schema": {}}}
        responses[str(http.status)] = {"description": "The file.", "headers": headers, "content": content}
        responses["206"] = {"description": "The part that was asked for.", "headers": headers, "content": content}
        responses["304"] = {"description": "The client has it.", "headers": headers}
    elif operation.answer is not NoneType:
        content = {"application/json": {"schema": answer}}
        responses[str(http.status)] = {"description": "Done.", "headers": headers, "content": content}
    if operation.answer is NoneType or NoneType in get_args(operation.answer):
        responses["204"] = {"description": "Done; there is nothing to say.", "headers": headers}
    codes = (
        codes_of(operation)
        | WIRE_CODES
        | (FILE_CODES if operation.is_file else set())
        | (BODY_CODES if _has_body(operation, http) else set())
    )
    for status in sorted({STATUS[code] for code in codes}):
        responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    return responses


def _problem(status: int) -> Schema:
    codes = [code for code, number in STATUS.items() if number == status]
    headers: Schema = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
    if status in {429, 503}:
        headers["Retry-After"] = {"$ref": "#/components/headers/RetryAfter"}
    return {
        "description": " or ".join(f"`{code}`" for code in codes),
        "headers": headers,
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }
