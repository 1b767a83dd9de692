"""The wire against its documents: every reply, acknowledgement and pushed event that a test client sees is checked.

What the documents do not say is a fault, even when a test did not look at it: an unknown event, a status, one more key.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote

from jsonschema_rs import Draft202012, Draft202012Validator, Registry, ValidationError

from server.contract import asyncapi, openapi

REST, SOCKET = "urn:skillnet:rest", "urn:skillnet:socket"
PROBLEM = f"{REST}#/components/schemas/Problem"

# What aiohttp itself refuses at an address or with a method that is not documented.
NOWHERE = {404: "not_found", 405: "method_not_allowed"}


class ContractBroken(AssertionError):
    """What was on the wire is not in the documents."""


def check_reply(method: str, path: str, status: int, body: object) -> None:
    """Check a REST reply; `path` is the whole path, with a query or without, and `body` None when there is none."""
    template = _template(path.partition("?")[0])
    operation = openapi()["paths"].get(template, {}).get(method.lower())
    if operation is None:
        if status not in NOWHERE:
            raise ContractBroken(f"{method} {path} answered {status}, but OpenAPI has no such operation")
        _check(PROBLEM, body, f"{method} {path} {status}")
        return
    if str(status) not in operation["responses"]:
        known = ", ".join(operation["responses"])
        raise ContractBroken(f"{method} {template} answered {status}; OpenAPI knows {known}: {body!r}")
    schema = _schema_of_reply(template, method.lower(), str(status))
    if schema is None:
        if body is not None:
            raise ContractBroken(f"{method} {template} {status} should have no body, and has {body!r}")
        return
    _check(schema, body.decode("latin-1") if isinstance(body, bytes) else body, f"{method} {template} {status}")


def check_ack(event: str, ack: object) -> None:
    """Check the acknowledgement of an event; one that is not taken may only be refused as unknown."""
    message = _messages("receive").get(event)
    if message is None:
        _check(f"{SOCKET}#/components/schemas/Failed", ack, f"the acknowledgement of {event!r}")
        if not (isinstance(ack, dict) and ack["error"]["code"] in {"unknown_operation", "rate_limited", "internal"}):
            raise ContractBroken(f"{event!r} is not in AsyncAPI, but was answered {ack!r}")
        return
    # The arms of the union are tried by what the acknowledgement says of itself: a fault is then told exactly.
    done, failed = _schemas(SOCKET)[_name(message["x-ack"]["$ref"])]["oneOf"]
    arm = done if isinstance(ack, dict) and ack.get("ok") is True else failed
    _check(SOCKET + arm["$ref"], ack, f"the acknowledgement of {event!r}")


def check_event(name: str, envelope: object) -> None:
    """Check a pushed event, whole."""
    message = _messages("send").get(name)
    if message is None:
        raise ContractBroken(f"{name!r} was pushed, and is not in AsyncAPI")
    _check(SOCKET + message["payload"]["$ref"], envelope, f"the event {name!r}")


def check_connect_error(data: object) -> None:
    """Check the `data` of a refused connection."""
    _check(f"{SOCKET}#/components/schemas/Problem", data, "connect_error")


def _check(schema: str, instance: object, what: str) -> None:
    faults = sorted(_validator(schema).iter_errors(instance), key=_place)
    if faults:
        raise ContractBroken(f"{what} is not as documented:\n" + "\n".join(_lines(faults)) + f"\n  in {instance!r}")


def _lines(faults: Iterable[ValidationError]) -> Iterable[str]:
    return (f"  {_place(fault)}: {fault.message}" for fault in faults)


def _place(fault: ValidationError) -> str:
    return ".".join(["$", *map(str, fault.instance_path)])


@cache
def _validator(schema: str) -> Draft202012Validator:
    formats = {"date-time": _is_moment}
    return Draft202012Validator({"$ref": schema}, registry=_registry(), formats=formats, validate_formats=True)


@cache
def _registry() -> Registry:
    return Registry([(REST, openapi()), (SOCKET, asyncapi())], draft=Draft202012)


def _is_moment(text: str) -> bool:
    # A moment without an offset means another one to each reader.
    try:
        return datetime.fromisoformat(text).utcoffset() is not None
    except ValueError:
        return False


@cache
def _messages(action: str) -> dict[str, Any]:
    """The messages that the server takes, or those that it sends, by name; a relay is both."""
    document = asyncapi()
    messages = document["components"]["messages"]
    names = [one["messages"][0]["$ref"] for one in document["operations"].values() if one["action"] == action]
    found = [messages[_name(name)] for name in names]
    return {message["name"]: message for message in found}


def _schemas(urn: str) -> dict[str, Any]:
    document = openapi() if urn == REST else asyncapi()
    schemas: dict[str, Any] = document["components"]["schemas"]
    return schemas


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    paths = sorted(openapi()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"{\w+}", "[^/]+", path.rstrip("/")) + "/?"), path) for path in paths]


def _template(path: str) -> str:
    """The documented path that an address is one of; the fewest holes win, as in the router."""
    return next((path_ for pattern, path_ in _patterns() if pattern.fullmatch(path)), path)


@cache
def _schema_of_reply(template: str, method: str, status: str) -> str | None:
    pointer = f"/paths/{template.replace('~', '~0').replace('/', '~1')}/{method}/responses/{status}"
    response = openapi()["paths"][template][method]["responses"][status]
    if "$ref" in response:
        pointer = response["$ref"].removeprefix("#")
        response = openapi()["components"]["responses"][_name(pointer)]
    for content_type in response.get("content", {}):
        return f"{REST}#{quote(pointer)}/content/{content_type.replace('/', '~1')}/schema"
    return None
