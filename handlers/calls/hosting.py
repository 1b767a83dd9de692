"""What the host of a room may do: let in, keep out, lock, ask for silence, put out, hand over."""

from pydantic import StrictBool

from handlers.calls.access import access_open_call, by_the_rules, open_room, peers, put
from handlers.calls.endings import depart, give_up, tell_gone, tell_led, tell_room
from handlers.calls.joining import PeerId
from handlers.calls.records import CallId, dated
from handlers.calls.ringing import change
from handlers.context import Context
from handlers.errors import Invalid
from handlers.events.calls import Admitted, MuteRequested, Removed, WhyLeft
from handlers.models import Command, Signal
from signaling.seats import Peer, Refusal, Room, State, Why


class AdmitPeer(Signal):
    """Whom of the lobby."""

    session_id: CallId
    peer_id: PeerId


class DenyPeer(Signal):
    """Whom of the lobby."""

    session_id: CallId
    peer_id: PeerId


class LockCall(Signal):
    """Shut, or open again."""

    session_id: CallId
    locked: StrictBool


class MutePeer(Signal):
    """Whom."""

    session_id: CallId
    peer_id: PeerId


class RemovePeer(Command):
    """Whom."""

    turn_by = "session_id"

    session_id: CallId
    peer_id: PeerId


class TransferCall(Command):
    """To whom."""

    turn_by = "session_id"

    session_id: CallId
    peer_id: PeerId


async def admit_peer(signal: AdmitPeer, ctx: Context) -> None:
    """Let somebody in from the lobby."""

    def admit(room: Room | None) -> tuple[Room, Peer]:
        room = open_room(room)
        room.led_by(ctx.caller.connection_id)
        return room.admit(signal.peer_id, ctx.now.timestamp())

    with by_the_rules():
        seat = await ctx.ports.rooms.change(signal.session_id, admit)
    ctx.emit(Admitted(session_id=signal.session_id, peer_id=seat.id), to=peers(signal.session_id, seat))


async def deny_peer(signal: DenyPeer, ctx: Context) -> None:
    """Send somebody away from the lobby; they may knock again."""
    room, _ = await _led(signal.session_id, ctx)
    with by_the_rules():
        peer = room.peer(signal.peer_id)
        if peer.state is not State.WAITING:
            raise Refusal(Why.NO_SUCH_PEER)
    await give_up(signal.session_id, peer, WhyLeft.REMOVED, ctx)
    ctx.emit(Removed(session_id=signal.session_id, peer_id=peer.id, for_good=False), to=peers(signal.session_id, peer))


async def lock_call(signal: LockCall, ctx: Context) -> None:
    """Let nobody new in, or anybody again. Who was in the call may come back to it."""

    def lock(room: Room | None) -> tuple[Room, Room]:
        room = open_room(room)
        room.led_by(ctx.caller.connection_id)
        after = room.model_copy(update={"locked": signal.locked})
        return after, after

    with by_the_rules():
        tell_room(await ctx.ports.rooms.change(signal.session_id, lock), ctx)


async def mute_peer(signal: MutePeer, ctx: Context) -> None:
    """Ask somebody to be silent. Nobody is ever asked, or made, to be heard again."""
    room, me = await _led(signal.session_id, ctx)
    with by_the_rules():
        other = room.other(signal.peer_id, me)
    ctx.emit(MuteRequested(session_id=room.call_id, peer_id=other.id), to=peers(room.call_id, other))


async def remove_peer(command: RemovePeer, ctx: Context) -> None:
    """Put somebody out of the call, for good."""
    room, me = await _led(command.session_id, ctx)
    with by_the_rules():
        other = room.peer(command.peer_id)
    if other.user_id == me.user_id:
        raise Invalid.field("peer_id", "Leave the call, or hand it over first.")
    if other.serves:
        raise Invalid.field("peer_id", "Take your consent to the recording back.")
    call = await access_open_call(command.session_id, ctx)
    call = await depart(call, {other.id}, room, ctx)
    removed = tuple(dict.fromkeys((*call.removed, other.user_id)))
    await put(dated(call.model_copy(update={"removed": removed}), ctx), ctx)

    def remove(room: Room | None) -> tuple[Room, tuple[Room, tuple[Peer, ...]]]:
        after, theirs = open_room(room).remove(other.user_id, ctx.now.timestamp())
        return after, (after, theirs)

    async def put_out() -> None:
        with by_the_rules():
            room, theirs = await ctx.ports.rooms.change(command.session_id, remove)
        for peer in theirs:
            ctx.emit(Removed(session_id=call.id, peer_id=peer.id, for_good=True), to=peers(call.id, peer))
            tell_gone(room, peer, WhyLeft.REMOVED, ctx)

    ctx.after_commit(put_out)


async def transfer_call(command: TransferCall, ctx: Context) -> None:
    """Hand the call over: somebody else in it leads it from now on."""
    room, me = await _led(command.session_id, ctx)
    with by_the_rules():
        other = room.other(command.peer_id, me)
    if other.serves:
        raise Invalid.field("peer_id", "The server's own peer leads nobody.")
    call = await access_open_call(command.session_id, ctx)
    await change(call.model_copy(update={"host": other.user_id}), ctx)

    def transfer(room: Room | None) -> tuple[Room, tuple[Room, Room]]:
        after = open_room(room).model_copy(update={"host": other.user_id})
        return after, (open_room(room), after)

    async def hand_over() -> None:
        with by_the_rules():
            tell_led(*await ctx.ports.rooms.change(command.session_id, transfer), ctx)

    ctx.after_commit(hand_over)


async def _led(session_id: str, ctx: Context) -> tuple[Room, Peer]:
    """A room that the actor leads, and their seat in it."""
    with by_the_rules():
        room = open_room(await ctx.ports.rooms.read(session_id))
        return room, room.led_by(ctx.caller.connection_id)
