"""AsyncAPI 3.0 of the Socket.IO door: every event taken with its acknowledgement, and every event pushed.

Made from the table, the catalogue of events and the gateway's own packets; a name that is not here is not on the wire.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, create_model

from handlers.events import EVENTS
from handlers.events.base import Event
from server.api import OPERATIONS
from server.contract.errors import codes_of
from server.contract.schemas import Schema, ref, schemas
from server.operation import Operation
from server.problems import STATUS
from server.protocol import PROTOCOL, PUSHED, TAKEN, ConnectError, Credentials, Done, Durable, Ephemeral, Failed

DESCRIPTION = """One Socket.IO connection on the namespace `/` carries everything.

Connect with `auth` (see Credentials); a refusal is a `connect_error` (see ConnectError). The first event is `hello`;
durable events that were missed since `auth.since` follow it. Every event that a client sends is acknowledged by exactly
one object: `x-ack` and the reply of its operation say which. Refusals carry a problem: see
[the error codes](/docs/errors)."""

SERVERS: Schema = {
    "here": {
        "host": "127.0.0.1:8080",
        "pathname": "/socket.io/",
        "protocol": "socketio",
        "description": "The server of this page; 127.0.0.1:8080 unless it was set otherwise.",
        "x-connect-auth": ref(Credentials.__name__),
        "x-connect-error": ref(ConnectError.__name__),
    }
}


@cache
def asyncapi() -> Schema:
    """The document of this program's Socket.IO door; not to be changed by its readers."""
    return document(OPERATIONS, EVENTS)


def document(operations: Sequence[Operation], events: Sequence[type[Event]]) -> Schema:
    """The document of any table and catalogue."""
    taken = {operation.event: operation for operation in operations if operation.event is not None}
    enveloped = {event.name: event for event in events if event.name not in PUSHED}
    components = _schemas(taken, enveloped)
    asked = {name: operation.asked.__name__ for name, operation in taken.items()}
    asked |= {name: model.__name__ for name, (model, *_) in TAKEN.items()}
    commands = {name: _command(name, asked[name], taken.get(name)) for name in asked}
    told = {name: _told(name, packet.__name__, packet, "Once") for name, packet in PUSHED.items()}
    told |= {
        event.name: _told(event.name, envelope_name(event), event, "Durable" if event.durable else "Ephemeral")
        for event in enveloped.values()
    }
    acks = {name: _ack(name) for name in commands}
    keys = {name: key(name) if name not in commands else f"{key(name)}.told" for name in told}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "SkillNet events",
            "version": str(PROTOCOL),
            "description": DESCRIPTION,
        },
        "defaultContentType": "application/json",
        "servers": SERVERS,
        "channels": _channels([*map(key, commands), *keys.values()], list(acks)),
        "operations": {
            **{f"take.{key(name)}": _receive(name, message) for name, message in commands.items()},
            **{f"tell.{key(name)}": _send(keys[name], message) for name, message in told.items()},
        },
        "components": {
            "messages": {
                **{key(name): message for name, message in commands.items()},
                # One name may be taken and told: a relay.
                **{keys[name]: message for name, message in told.items()},
                **{ack_key(name): message for name, message in acks.items()},
            },
            "schemas": components,
        },
    }


def envelope(event: type[Event]) -> type[BaseModel]:
    """The shape in which an event travels."""
    base: Any = (Durable if event.durable else Ephemeral)[event]
    fields: dict[str, Any] = {"type": (Literal[event.name], ...)}
    shape: type[BaseModel] = create_model(envelope_name(event), __base__=base, __doc__=event.__doc__, **fields)
    return shape


def envelope_name(event: type[Event]) -> str:
    """What the envelope of an event is called."""
    return f"{event.__name__}Envelope"


def key(name: str) -> str:
    """The name of an event as a key of the document, where a colon may not stand."""
    return name.replace(":", ".")


def ack_key(name: str) -> str:
    """The key of an event's acknowledgement."""
    return f"{key(name)}.ack"


def ack_name(name: str) -> str:
    """What the acknowledgement of an event is called: MessageSendAck."""
    return "".join(word.capitalize() for word in name.replace("_", ":").split(":")) + "Ack"


def _channels(keys: Sequence[str], acks: Sequence[str]) -> Schema:
    return {
        "socket": {
            "address": "/",
            "description": "The namespace. An event's name is that of its message.",
            "messages": {one: _message_ref(one) for one in keys},
        },
        "acks": {
            "address": None,
            "description": "The callback of the event that is acknowledged.",
            "messages": {ack_key(name): _message_ref(ack_key(name)) for name in acks},
        },
    }


def _schemas(taken: Mapping[str, Operation], enveloped: Mapping[str, type[Event]]) -> dict[str, Schema]:
    asked: dict[str, Any] = {operation.asked.__name__: operation.asked for operation in taken.values()}
    asked |= {model.__name__: model for model, *_ in TAKEN.values()} | {Credentials.__name__: Credentials}
    answers: dict[str, Any] = {name: operation.answer for name, operation in taken.items()}
    answers |= {name: own.answer for name, own in TAKEN.items()}
    done: dict[str, Any] = {name: Done[answer] for name, answer in answers.items()}  # type: ignore[valid-type]
    packets: tuple[type[BaseModel], ...] = (*PUSHED.values(), Failed, ConnectError)
    answered: dict[str, Any] = {packet.__name__: packet for packet in packets}
    answered |= {envelope_name(event): envelope(event) for event in enveloped.values()}
    found, components = schemas(asked, answered | {f"done {name}": type_ for name, type_ in done.items()})
    for name in done:
        components[ack_name(name)] = {"oneOf": [found[f"done {name}"], ref(Failed.__name__)]}
    # What was missed is any of the durable events, not just anything.
    lasting = [ref(envelope_name(event)) for event in enveloped.values() if event.durable]
    components["Missed"]["properties"]["events"]["items"] = {"oneOf": lasting}
    return {name: schema for name, schema in components.items() if not name.startswith("Durable_")}


def _message_ref(name: str) -> Schema:
    return {"$ref": f"#/components/messages/{name}"}


def _command(name: str, asked: str, operation: Operation | None) -> Schema:
    if operation is None:
        own = TAKEN[name]
        summary, codes = own.summary, {"invalid", "unauthenticated", "unavailable", "internal"}
        codes |= {"rate_limited"} if own.limits else set()
    else:
        summary, codes = " ".join(operation.summary.split()), codes_of(operation)
    return {
        "name": name,
        "title": name,
        "summary": summary,
        "payload": ref(asked),
        "x-ack": ref(ack_name(name)),
        "x-errors": [code for code in STATUS if code in codes],
    }


def _told(name: str, schema: str, model: type[BaseModel], lasts: Literal["Durable", "Ephemeral", "Once"]) -> Schema:
    return {
        "name": name,
        "title": name,
        "summary": " ".join((model.__doc__ or "").split()),
        "payload": ref(schema),
        "x-delivery": {
            "Durable": "durable: numbered, and replayed to who was away",
            "Ephemeral": "ephemeral: for who is there now",
            "Once": "to this connection, outside the feed",
        }[lasts],
    }


def _ack(name: str) -> Schema:
    return {
        "name": f"{name}.ack",
        "title": f"Acknowledgement of {name}",
        "payload": ref(ack_name(name)),
    }


def _receive(name: str, message: Schema) -> Schema:
    return {
        "action": "receive",
        "title": name,
        "channel": {"$ref": "#/channels/socket"},
        "summary": message["summary"],
        "messages": [{"$ref": f"#/channels/socket/messages/{key(name)}"}],
        "reply": {
            "address": {
                "location": "$message.header#/ack_id",
                "description": "Socket.IO's own number of the acknowledgement; its client libraries match it.",
            },
            "channel": {"$ref": "#/channels/acks"},
            "messages": [{"$ref": f"#/channels/acks/messages/{ack_key(name)}"}],
        },
    }


def _send(key_: str, message: Schema) -> Schema:
    return {
        "action": "send",
        "title": message["title"],
        "channel": {"$ref": "#/channels/socket"},
        "summary": message["summary"],
        "messages": [{"$ref": f"#/channels/socket/messages/{key_}"}],
    }
