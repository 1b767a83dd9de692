"""Who hears what on this process, and a broadcast that writes the same bytes to all of them."""

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from server.engine.packets import EventPacket
from server.engine.session import Session

if TYPE_CHECKING:
    from server.engine.server import Connection


class _Ways(NamedTuple):
    """How the members of an audience are reached: the transports of those on WebSocket, and the other sessions."""

    wires: list[asyncio.Transport]
    others: list[Session]


class Audiences:
    """An index of connections by what they hear. A connection knows its audiences too."""

    def __init__(self, queue_bytes: int) -> None:
        self._queue_bytes = queue_bytes
        self._members: dict[str, dict[Connection, None]] = {}
        # Made anew after a change. A loop over it touches nothing but the transports, which with a thousand members
        # takes a twentieth less than going through connections and sessions.
        self._ways: dict[str, _Ways] = {}
        self._pending: dict[str, list[EventPacket]] = {}

    def members(self, audience: str) -> Collection["Connection"]:
        """Who hears an audience."""
        return self._members.get(audience, {}).keys()

    def join(self, connection: "Connection", audience: str) -> None:
        """Let a connection hear an audience from now on."""
        self.flush()
        self._members.setdefault(audience, {})[connection] = None
        connection.audiences.add(audience)
        self._ways.pop(audience, None)

    def leave(self, connection: "Connection", audience: str) -> None:
        """Let a connection hear an audience no longer."""
        self.flush()
        connection.audiences.discard(audience)
        self._ways.pop(audience, None)
        members = self._members.get(audience)
        if members is not None:
            members.pop(connection, None)
            if not members:
                del self._members[audience]

    def moved(self, connection: "Connection") -> None:
        """A connection's session went over to another transport."""
        for audience in connection.audiences:
            self._ways.pop(audience, None)

    def broadcast(self, audience: str, packet: EventPacket) -> None:
        """Send to everybody in an audience. What one tick of the loop brings is written at once, at its end."""
        if audience in self._members:
            if not self._pending:
                asyncio.get_running_loop().call_soon(self.flush)
            self._pending.setdefault(audience, []).append(packet)

    def flush(self) -> None:
        """Write what was broadcast and not written yet; before anything else that has to come after it."""
        if not self._pending:
            return
        pending, self._pending = self._pending, {}
        for audience, packets in pending.items():
            frame = packets[0].frame if len(packets) == 1 else b"".join([packet.frame for packet in packets])
            bound, behind = self._queue_bytes, False
            wires, others = self._ways.get(audience) or self._find_ways(audience)
            # The hottest loop of the program: what `Session.write_frame` does, without its calls.
            for wire in wires:
                try:
                    wire.write(frame)
                except RuntimeError:
                    continue  # as in `Session.write_frame`
                if wire.get_write_buffer_size() > bound:
                    behind = True
            for session in others:
                for packet in packets:
                    session.write(packet)
            if behind:
                self._strain(audience)

    def _find_ways(self, audience: str) -> _Ways:
        sessions = [connection.session for connection in self.members(audience)]
        ways = _Ways(
            [session.wire for session in sessions if session.wire is not None],
            [session for session in sessions if session.wire is None],
        )
        if sessions:
            self._ways[audience] = ways
        return ways

    def _strain(self, audience: str) -> None:
        for connection in list(self.members(audience)):
            if connection.session.waiting_bytes > self._queue_bytes:
                connection.session.strain()
