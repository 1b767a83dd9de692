"""The Socket.IO shell: one ear for all events, and an acknowledgement for each of them.

A connection joins the audience of its person, is told what it missed, and then hears what happens, in order.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from pydantic import ValidationError

import background
from handlers.context import PERSON, Caller, people
from handlers.errors import DomainError, Invalid, RateLimited, Unauthenticated, Unavailable, UnknownOperation
from handlers.searches import superseded
from server.dispatch import Asker, Dispatcher, Limiter
from server.engine import Connection, EventPacket, RawJson, Refused, SocketServer
from server.envelope import parted
from server.fanout import Fanout, FanoutUnavailable, FeedEvent, Position
from server.greeting import Greeter
from server.logs import SERVED, Served
from server.meter import Meter
from server.nudges import Nudges
from server.operation import Operation
from server.problems import Problem, invalid, new_request_id, problem
from server.protocol import (
    TAKEN,
    AuthExpiring,
    Credentials,
    Ended,
    Packet,
    Renewal,
    Renewed,
    Since,
)
from server.retelling import retell
from server.seats import MOST_SYNCED, Seat, discard, missed, packet, reset_packet, standing_packet
from server.security import Doorkeeper
from server.tracing import Trace
from signaling.registry import PresenceRegistry

log = structlog.get_logger(__name__)

EXPIRY_WARNING = timedelta(seconds=60)
WATCH_EVERY = timedelta(seconds=5)
# So many refusals in a row for asking too often, by somebody who was told, end the connection.
MOST_BREACHES = 20
# So many things beside its person's own may one connection watch at a time.
MOST_WATCHED = 50

P = TypeVar("P", bound=Packet)


class Gateway:
    """Hears every connection and tells it what its person's audience hears."""

    def __init__(
        self,
        dispatch: Dispatcher,
        doorkeeper: Doorkeeper,
        presence: PresenceRegistry,
        operations: tuple[Operation, ...],
        *,
        clock: Callable[[], datetime],
        most_connections: int,
        limits: Mapping[str, int],
        meter: Meter,
        trace: Trace,
        departed: Callable[[str, Collection[str]], Awaitable[None]],
        vacated: Callable[[str, Collection[str]], Awaitable[Collection[str]]],
        limiter: Limiter,
    ) -> None:
        self._dispatch = dispatch
        self._doorkeeper = doorkeeper
        self._presence = presence
        self._greeter = Greeter(presence, clock=clock, limits=limits, meter=meter)
        self._operations = {operation.event: operation for operation in operations if operation.event}
        self._own: dict[str, Callable[[Connection, dict[str, object]], Awaitable[str]]] = {
            "auth:refresh": self._renew,
            "sync:since": self._sync,
        }
        self._clock = clock
        self._most_connections = most_connections
        self._meter = meter
        self._trace = trace
        # By a connection's id, and what it watched: that it has ended; and in what of it it has no part any more.
        self._departed, self._vacated = departed, vacated
        self._limiter = limiter
        self._sessions: dict[str, set[Connection]] = {}
        self._minding: asyncio.Task[None] | None = None

    def start(self, server: SocketServer, fanout: Fanout) -> None:
        """Begin to serve connections."""
        self._server = server
        self._fanout = fanout
        self._greeter.start(server, fanout)
        self._nudges = Nudges(server.audiences.members, self._tell, clock=self._clock)
        self._minding = asyncio.create_task(self._watch_tokens(), name="token watch")

    async def stop(self) -> None:
        """End what runs beside the connections."""
        self._nudges.stop()
        await background.end(self._minding)

    # What the engine calls

    async def on_connect(self, connection: Connection, auth: object) -> None:
        """Admit a connection; its first event will be `hello`."""
        try:
            credentials = _parse(Credentials, auth)
            token = credentials.token.get_secret_value()
            elsewhere = await self._presence.elsewhere((await self._doorkeeper.admit(token)).user_id)
            # Its session may have ended meanwhile; of one that is alive this is known without waiting.
            actor = await self._doorkeeper.admit(token)
            (audience,) = people(actor.user_id)
            self._require_room(audience, elsewhere=elsewhere)
        except Exception as error:
            refusal = _refusal(error)
            self._meter.errors["connect", str(refusal["code"])] += 1
            raise Refused(refusal) from error
        device = credentials.client or connection.user_agent
        seat = Seat(actor, Caller(connection.address, device, connection.id), audience)
        connection.state = seat
        self._sessions.setdefault(actor.session_id, set()).add(connection)
        self._greeter.greet(connection, seat, credentials.since)

    async def on_event(self, connection: Connection, name: str, payload: object) -> RawJson:
        """Run what a client asks for; answers always, whatever happened."""
        seat: Seat = connection.state
        request_id = new_request_id()
        bound = SERVED.set(Served(request_id, connection.id, seat.actor.user_id))
        start = time.perf_counter()
        # Clients make up names, too.
        known = name if name in self._operations or name in self._own else "unknown"
        ids = {"request_id": request_id, "connection_id": connection.id, "user_id": seat.actor.user_id}
        try:
            with self._trace.span(f"event {known}", ids, is_entry=True) as span:
                try:
                    answer = await self._answer(connection, seat, name, payload)
                except Exception as error:
                    found = self._refuse(connection, seat, error, request_id)
                    span.note({"error.type": found.code})
                    return RawJson(f'{{"ok":false,"error":{found.text()}}}')
            seat.breaches = seat.untold = 0
            return RawJson(answer)
        finally:
            SERVED.reset(bound)
            self._meter.acknowledged[known].add(time.perf_counter() - start)

    def _refuse(self, connection: Connection, seat: Seat, error: Exception, request_id: str) -> Problem:
        self._count_breach(connection, seat, error)
        found = problem(error, request_id)
        self._meter.errors["socket", found.code] += 1
        return found

    async def on_disconnect(self, connection: Connection, reason: str) -> None:
        """Forget a connection."""
        log.debug("disconnected", connection_id=connection.id, reason=reason)
        seat: Seat = connection.state
        await self._greeter.leave(connection, seat)
        discard(self._sessions, seat.actor.session_id, connection)
        if seat.listening:
            await self._fanout.unlisten(seat.audience)
        # What it still asks for finds nothing to unwatch: each audience is unlistened once.
        watched, seat.watched = seat.watched, {}
        for audience in watched:
            await self._fanout.unlisten(audience)
        await self._presence.left(seat.actor.user_id, connection.id)
        if watched:
            await self._departed(connection.id, watched)

    # What the fan-out calls

    def deliver(self, audience: str, event: FeedEvent) -> None:
        """Send an event to every connection of an audience."""
        if self._trace.on and (cause := parted(event.body)[0]) is not None:
            facts = {"event": event.type, "audience": audience}
            with self._trace.span("deliver", facts, cause=cause):
                self._deliver(audience, event)
        else:
            self._deliver(audience, event)

    def _deliver(self, audience: str, event: FeedEvent) -> None:
        if self._nudges.lets_pass(audience, event.type):
            self._tell(audience, event)

    def _tell(self, audience: str, event: FeedEvent) -> None:
        self._greeter.hold(audience, event)
        self._meter.told[event.type] += len(self._server.audiences.members(audience))
        self._server.audiences.broadcast(audience, packet(event))

    def reset(self, audience: str, position: Position) -> None:
        """Tell a person that the numbering starts anew: what they missed is to be fetched by REST.

        Of what is watched only events of the moment are told, which have no numbers.
        """
        if not audience.startswith(PERSON):
            return
        self._greeter.restart(audience, position)
        self._server.audiences.broadcast(audience, reset_packet(position))

    def stand(self, words: str | None) -> None:
        """Tell everybody that changes are refused from now on, or no longer (None)."""
        self._greeter.words = words
        for connection in list(self._server.connections.values()):
            # Who is still being greeted is told by that.
            if isinstance(connection.state, Seat) and connection.state.held is None:
                connection.send(standing_packet(words))

    def end_session(self, session_id: str, code: str) -> None:
        """Close every socket of a session."""
        for connection in list(self._sessions.get(session_id, ())):
            self._end(connection, code, reconnect=False)

    # How they are served

    def _require_room(self, audience: str, *, elsewhere: int) -> None:
        # Nothing is awaited between this look and the seat that is taken after it.
        here = len(self._server.audiences.members(audience)) + self._greeter.count(audience)
        if here + elsewhere >= self._most_connections:
            raise RateLimited(f"At most {self._most_connections} connections for one person.")

    async def _answer(self, connection: Connection, seat: Seat, name: str, payload: object) -> str:
        arguments = {} if payload is None else payload
        if not isinstance(arguments, dict):
            raise Invalid("Send one object.")
        asker = Asker(seat.caller, seat.actor)
        if (own := self._own.get(name)) is not None:
            await self._limiter.check(name, TAKEN[name].limits, asker)
            return f'{{"ok":true,"data":{await own(connection, arguments)}}}'
        operation = self._operations.get(name)
        if operation is None:
            raise UnknownOperation("No event of this name is taken; /docs/events/ lists them.")
        if self._clock() >= seat.actor.expires_at:
            raise Unauthenticated("The access token has expired; send auth:refresh with a new one.")
        answer = await self._dispatch(operation, arguments, asker)
        for audience, wanted in answer.watched.items():
            await (self._watch if wanted else self._unwatch)(connection, seat, audience)
        duplicate = ',"duplicate":true' if answer.duplicate else ""
        return f'{{"ok":true,"data":{answer.text}{duplicate}}}'

    async def _watch(self, connection: Connection, seat: Seat, audience: str) -> None:
        if len(seat.watched) >= MOST_WATCHED:
            # Nobody has to leave what is over; else a line that lasts has no room for what begins one day.
            others = [one for one in seat.watched if one != audience]
            for over in superseded(others) + list(await self._vacated(connection.id, others)):
                await self._unwatch(connection, seat, over)
        # It may have ended meanwhile; nothing is awaited between this look and the note by which it will unlisten.
        if connection.id not in self._server.connections:
            return
        if audience in seat.watched:
            seat.watched[audience] = seat.watched.pop(audience)
            return
        if len(seat.watched) >= MOST_WATCHED:
            raise RateLimited(f"One connection watches {MOST_WATCHED} things at most; unwatch some.")
        seat.watched[audience] = None
        await self._fanout.listen(audience)
        self._server.join(connection, audience)

    async def _unwatch(self, connection: Connection, seat: Seat, audience: str) -> None:
        if audience in seat.watched:
            del seat.watched[audience]
            self._server.audiences.leave(connection, audience)
            await self._fanout.unlisten(audience)

    async def _renew(self, connection: Connection, payload: dict[str, object]) -> str:
        seat: Seat = connection.state
        actor = await self._doorkeeper.admit(_parse(Renewal, payload).token.get_secret_value())
        if (actor.user_id, actor.session_id) != (seat.actor.user_id, seat.actor.session_id):
            raise Unauthenticated("That token is of another session; connect anew with it.")
        seat.actor, seat.warned = actor, False
        return Renewed(expires_at=actor.expires_at).model_dump_json()

    async def _sync(self, connection: Connection, payload: dict[str, object]) -> str:
        since = _parse(Since, payload)
        # What was answered before is taken first: nobody is cut for asking on.
        await connection.drained()
        try:
            position = Position(since.epoch, since.seq)
            replay = await retell(self._fanout, connection.state.audience, position, most=MOST_SYNCED)
        except FanoutUnavailable as error:
            raise Unavailable("What you missed cannot be read now; ask again, or fetch by REST.") from error
        return missed(replay)

    def _count_breach(self, connection: Connection, seat: Seat, error: Exception) -> None:
        if not isinstance(error, RateLimited):
            return
        # Who sends much in one go, such as what was kept while offline, does not know yet; who goes on does.
        if seat.untold > 0:
            seat.untold -= 1
        else:
            seat.untold = len(connection.inbox)
            seat.breaches += 1
            if seat.breaches >= MOST_BREACHES:
                self._end(connection, "rate_limited", reconnect=True)

    def _end(self, connection: Connection, code: str, *, reconnect: bool) -> None:
        seat: Seat = connection.state
        data = Ended(session_id=seat.actor.session_id, code=code, reconnect=reconnect)
        connection.kick(EventPacket.of("session:ended", data.model_dump_json()))

    async def _watch_tokens(self) -> None:
        while True:
            await asyncio.sleep(WATCH_EVERY.total_seconds())
            now = self._clock()
            for connection in list(self._server.connections.values()):
                if isinstance(connection.state, Seat):
                    self._mind_expiry(connection, connection.state, now)

    def _mind_expiry(self, connection: Connection, seat: Seat, now: datetime) -> None:
        if now >= seat.actor.expires_at:
            self._end(connection, "token_expired", reconnect=True)
        elif not seat.warned and seat.actor.expires_at - now <= EXPIRY_WARNING:
            seat.warned = True
            data = AuthExpiring(expires_at=seat.actor.expires_at)
            connection.send(EventPacket.of("auth:expiring", data.model_dump_json()))


def _parse(model: type[P], payload: object) -> P:
    try:
        return model.model_validate({} if payload is None else payload)
    except ValidationError as error:
        raise invalid(error) from error


def _refusal(error: Exception) -> dict[str, object]:
    found = problem(error, new_request_id())
    if not isinstance(error, DomainError) and found.code == "internal":
        log.error("connect_failed", request_id=found.request_id)
    return found.model_dump(exclude_none=True)
