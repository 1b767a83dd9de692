"""Packets: outgoing ones encoded once, incoming ones refused before they can do harm.

The protocol's own coder does the coding; here stand the checks that it leaves to its users.
"""

import json
from types import SimpleNamespace
from typing import Any

from engineio import json as engineio_json
from socketio import packet as sio

# What the library itself calls handlers by: from a client they would be forgeries.
RESERVED = frozenset({"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"})
LONGEST_NAME = 64
MOST_ARGUMENTS = 2
LONGEST_ACK_ID = 15
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


def _loads(text: str, *_: Any, **__: Any) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse, parse_int=_bounded_int)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _bounded_int(digits: str) -> int:
    if len(digits) > 20:
        raise ValueError("a number too large")
    return int(digits)


SAFE_JSON = SimpleNamespace(loads=_loads, dumps=engineio_json.dumps)


class SafePacket(sio.Packet):  # type: ignore[misc]
    """The library's packet, with JSON that knows bounds."""

    json = SAFE_JSON


def decode(text: str) -> SafePacket:
    """A Socket.IO packet from a client; raises Malformed for all that no honest client sends."""
    if not text or text[0] not in "01234":
        raise Malformed("packet type")
    if text.count("[") + text.count("{") > DEEPEST and _depth(text) > DEEPEST:
        raise Malformed("nested too deeply")
    try:
        packet = SafePacket(encoded_packet=text)
    except (ValueError, TypeError, IndexError, KeyError, RecursionError, OverflowError) as error:
        raise Malformed("not a packet") from error
    _check(packet)
    return packet


def _check(packet: SafePacket) -> None:
    data = packet.data
    match packet.packet_type:
        case sio.EVENT:
            if not (isinstance(data, list) and 1 <= len(data) <= MOST_ARGUMENTS and isinstance(data[0], str)):
                raise Malformed("event")
            if len(data[0]) > LONGEST_NAME or data[0] in RESERVED:
                raise Malformed("event name")
            if packet.id is not None and packet.id >= 10**LONGEST_ACK_ID:
                raise Malformed("ack id")
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
