"""The map of events for TypeScript clients, for `Socket<ServerToClient, ClientToServer>` of socket.io-client.

It is made from the AsyncAPI document alone, so that it cannot say anything else.
"""

import json
import re
from collections.abc import Iterator

from server.contract.asyncapi import asyncapi
from server.contract.schemas import Schema

HEAD = """// Made from the running code; remake it with: python -m server.contract write
//
//   import { io, Socket } from "socket.io-client";
//   const socket: Socket<ServerToClient, ClientToServer> = io({ auth: credentials satisfies Credentials });
"""


def typescript() -> str:
    """The declarations, as text."""
    return "\n".join(_lines(asyncapi()))


def _lines(document: Schema) -> Iterator[str]:
    yield HEAD
    for name, schema in document["components"]["schemas"].items():
        if says := schema.get("description"):
            yield f"/** {says.replace('*/', '* /')} */"
        yield f"export type {_name(name)} = {_type(schema)};\n"
    messages = document["components"]["messages"]
    operations = document["operations"].values()
    for interface, action in (("ClientToServer", "receive"), ("ServerToClient", "send")):
        yield f"export interface {interface} {{"
        for operation in operations:
            if operation["action"] == action:
                message = messages[operation["messages"][0]["$ref"].rpartition("/")[2]]
                yield f"  /** {operation['summary']} */"
                yield f"  {json.dumps(message['name'])}: {_listener(message)};"
        yield "}\n"


def _listener(message: Schema) -> str:
    payload = _type(message["payload"])
    if "x-ack" in message:
        return f"(asked: {payload}, ack: (answer: {_type(message['x-ack'])}) => void) => void"
    return f"(event: {payload}) => void"


def _name(name: str) -> str:
    return re.sub(r"\W", "_", name)


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return _name(schema["$ref"].rpartition("/")[2])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return " | ".join(dict.fromkeys(_type(option) for option in schema[union]))
    match schema.get("type"):
        case "string":
            return "string"
        case "integer" | "number":
            return "number"
        case "boolean" | "null" as plain:
            return str(plain)
        case "array" if "prefixItems" in schema:
            return f"[{', '.join(map(_type, schema['prefixItems']))}]"
        case "array":
            return f"Array<{_type(schema['items'])}>" if "items" in schema else "unknown[]"
        case "object":
            return _object(schema)
    return "unknown"


def _object(schema: Schema) -> str:
    if "properties" not in schema:
        more = schema.get("additionalProperties", True)
        values = _type(more) if isinstance(more, dict) else ("never" if more is False else "unknown")
        return f"Record<string, {values}>"
    required = schema.get("required", ())
    fields = [
        f"{json.dumps(name)}{'' if name in required else '?'}: {_type(field)}"
        for name, field in schema["properties"].items()
    ]
    return "{ " + "; ".join(fields) + " }"
