"""Sitting down in a room and leaving it: join, then ready; resume, then ready; leave, or be lost.

The seat is in Redis, what is left of it in the record: it is taken before that is written, and given up after.
"""

import hashlib
import secrets
from typing import Annotated

from pydantic import Field, StringConstraints

from handlers.calls.access import (
    access_call,
    access_callable,
    access_open_call,
    by_the_rules,
    everybody,
    open_room,
    peers,
)
from handlers.calls.endings import depart, give_up, new_room, tell_away, tell_gone, tell_host
from handlers.calls.ice import ice_for
from handlers.calls.recorder import is_recorder
from handlers.calls.records import CallId, ended
from handlers.calls.ringing import answered, change
from handlers.calls.tokens import require_token
from handlers.context import Context
from handlers.errors import NotAllowedNow
from handlers.events.calls import (
    CallReplaced,
    PeerJoined,
    PeerRejoined,
    WhyLeft,
)
from handlers.models import Command, Id, Signal
from handlers.views.calls import PeerView, RoomView, SeatView, SignalView
from handlers.visibility import tell_in_call
from signaling.seats import Peer, Refusal, Room, State, Why
from store.calls import HELPER, Answer, Call, EndReason, Span

# Of one call; who comes and goes more often is not noted from the beginning any more.
MOST_SPANS = 1000

PeerId = Annotated[Id, Field(description="The id of a peer: one seat in one call.")]


class JoinCall(Signal):
    """Which call, and what its details gave you for it."""

    session_id: CallId
    token: Annotated[str, StringConstraints(max_length=300)]


class ResumeCall(Signal):
    """Which seat, and what the answer to `call:join` gave you for it."""

    session_id: CallId
    peer_id: PeerId
    resume_secret: Annotated[str, StringConstraints(max_length=100)]


class ReadyForCall(Command):
    """In which call this connection has a seat."""

    turn_by = "session_id"

    session_id: CallId


class LeaveCall(Command):
    """Which call."""

    turn_by = "session_id"

    session_id: CallId


async def join_call(signal: JoinCall, ctx: Context) -> SeatView:
    """Take a seat in a call by a token; then send `call:ready`. Your newest connection replaces an older one."""
    require_token(signal.token, signal.session_id, ctx)
    call = await access_callable(signal.session_id, ctx)
    if call.opens_at is not None and call.opens_at > ctx.now and ctx.actor.user_id != call.host:
        raise NotAllowedNow(f"This call opens at {call.opens_at.isoformat()}.")
    secret, now = secrets.token_urlsafe(24), ctx.now.timestamp()
    newcomer = Peer(
        id=secrets.token_hex(12),
        user_id=ctx.actor.user_id,
        connection=ctx.caller.connection_id,
        process=ctx.ports.rooms.process,
        secret=_digest(secret),
        serves=ctx.actor.user_id == HELPER,
    )

    def sit(room: Room | None) -> tuple[Room, tuple[Room, Peer, Peer | None]]:
        taken = (room or new_room(call, ctx)).sit(newcomer, now)
        return taken[0], taken

    with by_the_rules():
        room, seat, replaced = await ctx.ports.rooms.change(call.id, sit)
    if replaced is not None:
        tell_replaced(call.id, replaced, ctx)
        tell_gone(room, replaced, WhyLeft.REPLACED, ctx)
    if seat.state is State.WAITING:
        tell_host(room, seat, seat.state, ctx)
    return _seated(call.id, seat, secret, ctx)


async def resume_call(signal: ResumeCall, ctx: Context) -> SeatView:
    """Take your seat over to this connection, after the line was lost; then send `call:ready`. Nobody is rung."""
    now, digest, connection = ctx.now.timestamp(), _digest(signal.resume_secret), ctx.caller.connection_id

    def resume(room: Room | None) -> tuple[Room, tuple[Peer, Peer]]:
        room = open_room(room)
        before = room.peer(signal.peer_id)
        if before.user_id != ctx.actor.user_id:
            raise Refusal(Why.NO_SUCH_PEER)
        after, seat = room.resume(before.id, digest, connection, ctx.ports.rooms.process, now)
        return after, (before, seat)

    with by_the_rules():
        before, seat = await ctx.ports.rooms.change(signal.session_id, resume)
    if before.connection != connection:
        tell_replaced(signal.session_id, before, ctx)
    return _seated(signal.session_id, seat, signal.resume_secret, ctx)


async def ready_for_call(command: ReadyForCall, ctx: Context) -> RoomView:
    """Say that you hear: the others are told of you, and you are told who is there and what was said to you.

    In the lobby it answers `waiting`; send it again after `call:admitted`. Of what you hear meanwhile take first what
    is in the answer.
    """
    session_id, connection = command.session_id, ctx.caller.connection_id
    with by_the_rules():
        room = open_room(await ctx.ports.rooms.read(session_id))
        me = room.at(connection)
    call = await access_open_call(session_id, ctx)
    if me.state is State.WAITING:
        return RoomView.of(room, me, call, ())
    call = await _attend(call, me, ctx)

    def hear(room: Room | None) -> tuple[Room, tuple[Room, Peer, Peer]]:
        after, before, seat = open_room(room).hear(connection)
        return after, (after, before, seat)

    with by_the_rules():
        room, before, me = await ctx.ports.rooms.change(session_id, hear)
        said = [await ctx.ports.rooms.heard(session_id, me.id, peer.id) for peer in room.seated if peer.id != me.id]
    # Told again if this is asked again: whoever knows of it already takes it for the same.
    coming = PeerRejoined if before.arrived else PeerJoined
    ctx.emit(coming(session_id=session_id, peer=PeerView.of(me)), to=everybody(room, but=(me.id,)))
    waited = [word for pair in said for word in pair.waiting.get(me.id, ())]
    return RoomView.of(room, me, call, tuple(SignalView.of(session_id, word) for word in waited))


async def leave_call(command: LeaveCall, ctx: Context) -> None:
    """Leave a call. Of two people who called each other the one who leaves hangs up; else others stay in it.

    By the socket it is the seat of this connection, by REST whichever you have.
    """
    connection = ctx.caller.connection_id
    with by_the_rules():
        room = open_room(await ctx.ports.rooms.read(command.session_id))
        me = room.at(connection) if connection else room.of(ctx.actor.user_id)
    ctx.unwatch(*peers(command.session_id, me))
    call = await access_call(command.session_id, ctx)
    hangs_up = len(call.participants) == 2 and me.user_id in call.participants
    if call.ended_at is None and me.arrived and hangs_up and call.opens_at is None:
        reason = EndReason.HUNG_UP if call.started_at else EndReason.CANCELLED
        await change(ended(call, reason, ctx), ctx)
        return
    await depart(call, {me.id}, room, ctx)
    ctx.after_commit(lambda: give_up(call.id, me, WhyLeft.LEFT, ctx))
    if me.connection != connection:
        tell_replaced(call.id, me, ctx)


async def lose_connection(connection_id: str, session_id: str, ctx: Context) -> None:
    """A connection with a seat has ended; said by the gateway and not by a client."""
    now = ctx.now.timestamp()

    def lose(room: Room | None) -> tuple[Room, tuple[Room, Peer]]:
        after, seat = open_room(room).lose(connection_id, now)
        return after, (after, seat)

    try:
        room, seat = await ctx.ports.rooms.change(session_id, lose)
    except Refusal:
        # It left before, or somebody else sits there now.
        return
    if seat.state is State.WAITING:
        tell_host(room, seat, None, ctx)
    elif seat.arrived:
        tell_away(room, seat, ctx)


def tell_replaced(session_id: str, peer: Peer, ctx: Context) -> None:
    """Tell the connection that had a seat that it has it no more."""
    event = CallReplaced(session_id=session_id, peer_id=peer.id, connection_id=peer.connection)
    ctx.emit(event, to=peers(session_id, peer))


async def _attend(call: Call, me: Peer, ctx: Context) -> Call:
    """The call, in whose record it stands that this peer is there; by that its person has answered."""
    if any(span.peer_id == me.id for span in call.attendance):
        return call
    ring = call.ring_of(me.user_id)
    if ring is not None and ring.answer is Answer.RINGING:
        call = answered(call, ring, Answer.ACCEPTED)
    span = Span(peer_id=me.id, user_id=me.user_id, joined_at=ctx.now)
    # The older seat of the same person is given up by now.
    spans = tuple(
        one.model_copy(update={"left_at": ctx.now}) if one.user_id == me.user_id and one.left_at is None else one
        for one in call.attendance[-MOST_SPANS:]
    )
    more = () if is_recorder(call, me.user_id) else (me.user_id,)
    fields = {
        "attendance": (*spans, span),
        "present": tuple(dict.fromkeys((*call.present, me.user_id))),
        "participants": tuple(dict.fromkeys((*call.participants, *more))),
    }
    call = call.model_copy(update=fields)
    started = call.started_at or (ctx.now if len(call.people_present) > 1 else None)
    call = await change(call.model_copy(update={"started_at": started}), ctx)
    await tell_in_call([me.user_id], ctx)
    return call


def _seated(session_id: str, seat: Peer, secret: str, ctx: Context) -> SeatView:
    ctx.watch(*peers(session_id, seat))
    return SeatView(
        session_id=session_id,
        peer_id=seat.id,
        state=seat.state,
        resume_secret=secret,
        ice=ice_for(seat, ctx),
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
