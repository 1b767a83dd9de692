"""The few events that every measured server takes, as the raw frames of a client.

Each delivery and each answer holds the mark exactly once, so that a client can count them without parsing.
"""

import json
import struct

# No frame, length or header of ours holds this byte elsewhere; a false count would show as one too many.
MARK = b"^"
ROOM = "bench"
# A chat message as SkillNet's own events have it; the mark is in its text.
MESSAGE = {
    "id": "01981f2e-7b6a-7c3e-9d55-0f1a2b3c4d5e",
    "type": "message:created",
    "ts": "2026-11-23T07:30:00.000Z",
    "actor_id": "01981f2e-0000-7c3e-9d55-0f1a2b3c4d5e",
    "data": {"thread_id": "01981f2e-1111-7c3e-9d55-0f1a2b3c", "seq": 4711, "text": "See you at six, bring a guitar ^"},
}  # fmt: skip


def frame(text: str) -> bytes:
    """A text frame as a client sends it: masked, here by zeroes."""
    payload = text.encode()
    size = len(payload)
    head = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else struct.pack("!BBH", 0x81, 0xFE, size)
    return head + bytes(4) + payload


def event(name: str, payload: object, *, ack: str = "") -> bytes:
    """An event with one argument; with an `ack` number it is answered."""
    return frame(f"42{ack}{json.dumps([name, payload], separators=(',', ':'))}")


SAY = event("say", MESSAGE)
# One event that has a message said several times, so that saying it is what costs.
TIMES = 8
REPEAT = event("repeat", {"times": TIMES, "message": MESSAGE})
ASK = event("ask", MESSAGE, ack="1")
COUNT = event("count", None, ack="2")
JOIN = event("join", ROOM, ack="0")
