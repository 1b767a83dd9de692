"""Packets: outgoing ones encoded once, incoming ones refused before they can do harm.

What is read here is the Socket.IO protocol, revision 5, without attachments: files travel by HTTP.
"""

import json
import re
from typing import Any, NamedTuple

from pydantic_core import from_json
from socketio import packet as sio

# What the library itself calls handlers by: from a client they would be forgeries.
RESERVED = frozenset({"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"})
LONGEST_NAME = 64
MOST_ARGUMENTS = 2
LONGEST_NUMBER = 20
DEEPEST = 32


class Malformed(Exception):
    """What came is not what the protocol allows; the transport that brought it is cut."""


class RawJson(str):
    """JSON text that is sent as it is."""

    __slots__ = ()


class EventPacket:
    """An event for any number of connections: its text and its WebSocket frame are made once."""

    __slots__ = ("_frame", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._frame: bytes | None = None

    @classmethod
    def of(cls, name: str, data_json: str) -> "EventPacket":
        """An event with one argument, given as JSON text."""
        return cls(f"42[{json.dumps(name)},{data_json}]")

    @property
    def frame(self) -> bytes:
        if self._frame is None:
            self._frame = text_frame(self.text)
        return self._frame


def text_frame(text: str) -> bytes:
    """A whole, unmasked, uncompressed WebSocket text frame (RFC 6455, 5.2)."""
    # A lone surrogate, which JSON may smuggle in, must not keep an event from everybody else.
    payload = text.encode(errors="replace")
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2) + payload
    return b"\x81\x7f" + size.to_bytes(8) + payload


def ack_text(packet_id: int, answer_json: str) -> str:
    """An acknowledgement with one argument."""
    return f"43{packet_id}[{answer_json}]"


class ClientPacket(NamedTuple):
    """A packet from a client: its type, its namespace if it names one, the id it wants answered, and its data."""

    kind: int
    namespace: str | None
    id: int | None
    data: Any


# Type, namespace without its query, id. What is left is JSON, or refused as such: an id too long, attachments.
_HEAD = re.compile(r"([0-4])(?:(/[^,?]*)(?:\?[^,]*)?(?:,|$))?(\d{0,15})", re.ASCII)


def decode(text: str) -> ClientPacket:
    """A Socket.IO packet from a client; raises Malformed for all that no honest client sends."""
    head = _HEAD.match(text)
    if head is None:
        raise Malformed("packet type")
    if text.count("[") + text.count("{") > DEEPEST and _depth(text) > DEEPEST:
        raise Malformed("nested too deeply")
    kind, namespace, id_ = head.groups()
    rest = text[head.end() :]
    packet = ClientPacket(int(kind), namespace, int(id_) if id_ else None, _parse(rest) if rest else None)
    _check(packet)
    return packet


def _parse(text: str) -> Any:
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError:
        # JavaScript cuts a text in the middle of a character, which the quick parser refuses.
        return _parse_slowly(text)


def _parse_slowly(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _bounded_int(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("a number too large")
    return int(digits)


_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_int=_bounded_int)


def _check(packet: ClientPacket) -> None:
    data = packet.data
    match packet.kind:
        case sio.EVENT:
            if not (isinstance(data, list) and 1 <= len(data) <= MOST_ARGUMENTS and isinstance(data[0], str)):
                raise Malformed("event")
            if len(data[0]) > LONGEST_NAME or data[0] in RESERVED:
                raise Malformed("event name")
        case sio.CONNECT:
            if data is not None and not isinstance(data, dict):
                raise Malformed("auth")
        case sio.ACK:
            if packet.id is None or not isinstance(data, list):
                raise Malformed("ack")
        case sio.CONNECT_ERROR:
            raise Malformed("connect_error")


def _depth(text: str) -> int:
    # Brackets inside strings count too: that can only refuse what is already strange.
    deepest = depth = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest
