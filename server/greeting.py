"""What a connection is told first: where it stands, and what it missed; only then does it hear what happens.

What comes meanwhile is held for it, so that nothing is told twice, left out, or out of order.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

import background
from server.engine import Connection, EventPacket, SocketServer
from server.fanout import Fanout, FanoutUnavailable, FeedEvent, Position, Replay
from server.meter import Meter
from server.protocol import PROTOCOL, Hello, Since
from server.retelling import retell
from server.seats import Seat, discard, packet, reset_packet, standing_packet
from signaling.registry import PresenceRegistry

log = structlog.get_logger(__name__)

# So many events are kept for a connection while it is told what it missed.
MOST_HELD = 1000

NOWHERE = Position("", 0)


class Greeter:
    """Takes care of connections from when they are admitted until they hear for themselves."""

    def __init__(
        self, presence: PresenceRegistry, *, clock: Callable[[], datetime], limits: Mapping[str, int], meter: Meter
    ) -> None:
        self._presence = presence
        self._clock = clock
        self._limits = dict(limits)
        self._meter = meter
        self._arriving: dict[str, set[Connection]] = {}
        # That changes are refused, if they are.
        self.words: str | None = None

    def start(self, server: SocketServer, fanout: Fanout) -> None:
        """Begin to greet."""
        self._server = server
        self._fanout = fanout

    def count(self, audience: str) -> int:
        """How many of an audience are being greeted."""
        return len(self._arriving.get(audience, ()))

    def greet(self, connection: Connection, seat: Seat, since: Since | None) -> None:
        """Begin to tell a connection what it missed."""
        self._arriving.setdefault(seat.audience, set()).add(connection)
        seat.welcome = asyncio.create_task(self._welcome(connection, seat, since))

    async def leave(self, connection: Connection, seat: Seat) -> None:
        """It has ended, greeted or not."""
        await background.end(seat.welcome)
        discard(self._arriving, seat.audience, connection)

    def hold(self, audience: str, event: FeedEvent) -> None:
        """Keep an event for those of an audience who are being greeted."""
        for connection in self._arriving.get(audience, ()):
            connection.state.held.append(event)
            if len(connection.state.held) > MOST_HELD:
                # It takes what it missed more slowly than new things come: it may begin again where it got to.
                connection.session.cut("slow")

    def restart(self, audience: str, position: Position) -> None:
        """The numbering begins anew: what was held before is to be fetched."""
        for connection in self._arriving.get(audience, ()):
            connection.state.restarted, connection.state.held = position, []

    async def _welcome(self, connection: Connection, seat: Seat, since: Since | None) -> None:
        try:
            await self._tell_what_was_missed(connection, seat, since)
        except Exception:
            # A connection that was never told where it stands would be silent for ever: it may try again.
            log.exception("welcome_failed")
            connection.kick()
            return
        await self._presence.arrived(seat.actor.user_id, connection.id)

    async def _tell_what_was_missed(self, connection: Connection, seat: Seat, since: Since | None) -> None:
        seat.listening = True
        await self._fanout.listen(seat.audience)
        position = None if since is None else Position(since.epoch, since.seq)
        replay = await self._missed(seat.audience, position)
        if position is not None:
            self._meter.recoveries[replay.recovered] += 1
        connection.send(EventPacket.of("hello", self._hello(connection, seat, replay)))
        for event in replay.events:
            connection.send(packet(event))
            # Much at once, and perhaps for a slow reader: it is given time, and not cut for what we send.
            await connection.drained()
        # Nothing is awaited from here on, so that no event can come between what was held and what is heard.
        if seat.restarted is not None and seat.restarted.epoch != replay.position.epoch:
            connection.send(reset_packet(seat.restarted))
        for event in seat.held or ():
            if event.seq == 0 or event.epoch != replay.position.epoch or event.seq > replay.position.seq:
                connection.send(packet(event))
        seat.held = None
        if self.words is not None:
            connection.send(standing_packet(self.words))
        discard(self._arriving, seat.audience, connection)
        self._server.join(connection, seat.audience)

    async def _missed(self, audience: str, position: Position | None) -> Replay:
        try:
            return await retell(self._fanout, audience, position)
        except FanoutUnavailable:
            return Replay(recovered=False, events=[], position=NOWHERE, beyond=[])

    def _hello(self, connection: Connection, seat: Seat, replay: Replay) -> str:
        return Hello(
            user_id=seat.actor.user_id,
            session_id=seat.actor.session_id,
            connection_id=connection.id,
            server_time=self._clock(),
            protocol=PROTOCOL,
            epoch=replay.position.epoch,
            seq=replay.position.seq,
            recovered=replay.recovered,
            replayed=len(replay.events),
            limits=self._limits,
        ).model_dump_json()
