"""How a call ends, and how a room is looked after though nobody asks: seats given up, people put out, nobody left.

The record is written first and the room changed after it: what fails is found again at the next look.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from handlers.calls.access import (
    access_open_call,
    by_the_rules,
    everybody,
    open_room,
    peers,
    people_of,
    put,
)
from handlers.calls.recorder import without_recorder
from handlers.calls.records import CallId, dated, ended
from handlers.calls.ringing import change, close_room
from handlers.context import Context
from handlers.errors import Forbidden
from handlers.events.calls import Knocked, PeerLeft, PeerReconnecting, PeerRejoined, Removed, RoomUpdated, WhyLeft
from handlers.models import Command
from handlers.views.calls import CallView, PeerView
from handlers.visibility import tell_in_call
from signaling.seats import Looked, Peer, Refusal, Room, State
from store.calls import Call, EndReason


class EndCall(Command):
    """Which call."""

    turn_by = "session_id"

    session_id: CallId


async def end_call(command: EndCall, ctx: Context) -> CallView:
    """End a call for everybody: its host may, and either of two."""
    call = await access_open_call(command.session_id, ctx)
    with by_the_rules():
        room = await ctx.ports.rooms.read(call.id)
    me = ctx.actor.user_id
    if me != (room.host if room else call.host) and len(call.participants) > 2:
        raise Forbidden("Only the host of the call may end it for everybody; leave it.")
    reason = EndReason.ENDED_BY_HOST if len(call.participants) > 2 else EndReason.HUNG_UP
    return CallView.of(await change(ended(call, reason, ctx), ctx))


async def needs_care(session_id: str, ctx: Context) -> bool:
    """Whether there is something to do about a room; a look that writes nothing."""
    room = await ctx.ports.rooms.read(session_id)
    if room is None:
        await ctx.ports.rooms.forget(session_id)
        return False
    call = await ctx.store.calls.get(session_id)
    if call is None or call.ended_at is not None or _is_left(room, call, ctx):
        return True
    care = (*await _looked(room, ctx), await _outsiders(room, call, ctx), _unseated(call, room))
    return any(care) or room.host != call.host


async def find_room(session_id: str, ctx: Context) -> None:
    """Have an empty room where there should be one and is none: by that its call is looked after, and ends."""
    call = await ctx.store.calls.get(session_id)
    if call is not None and await ctx.ports.rooms.read(session_id) is None:
        empty = new_room(call, ctx).model_copy(update={"empty_since": ctx.now.timestamp()})
        await ctx.ports.rooms.change(session_id, lambda room: (room or empty, None))


def new_room(call: Call, ctx: Context) -> Room:
    """A room in which nobody has sat down yet."""
    return Room(
        call_id=call.id,
        host=call.host,
        capacity=ctx.ports.rules.calls.capacity,
        lobby=call.lobby,
        removed=call.removed,
    )


async def look_after(session_id: str, ctx: Context) -> None:
    """Give up the seats whose time is over, put out who is not of the people any more, and end what is empty."""
    # The record first: whoever is there by that has a seat in a room that is read later, or never again.
    call = await ctx.store.calls.get(session_id)
    room = await ctx.ports.rooms.read(session_id)
    if room is None:
        return
    if call is None or call.ended_at is not None:
        await close_room(session_id, ctx)
        return
    if _is_left(room, call, ctx):
        if call.is_ahead:
            await depart(call, {span.peer_id for span in call.attendance}, room, ctx)
            ctx.after_commit(lambda: _close_left(call, ctx))
        else:
            await change(ended(call, EndReason.EMPTY, ctx), ctx)
        return
    outsiders = await _outsiders(room, call, ctx)
    looked = await _looked(room, ctx)
    await depart(call, {peer.id for peer in (*looked.gone, *outsiders)} | _unseated(call, room), room, ctx)
    ctx.after_commit(lambda: _put_out(session_id, outsiders, ctx))
    ctx.after_commit(lambda: _see_to(session_id, looked, ctx))


async def _close_left(call: Call, ctx: Context) -> None:
    """Close the room that everybody has left, unless somebody has sat down in it since."""

    def left(room: Room | None) -> tuple[Room | None, None]:
        return (None if room is None or _is_left(room, call, ctx) else room), None

    with by_the_rules():
        await ctx.ports.rooms.change(call.id, left)


async def _put_out(session_id: str, outsiders: tuple[Peer, ...], ctx: Context) -> None:
    for peer in outsiders:
        ctx.emit(Removed(session_id=session_id, peer_id=peer.id, for_good=True), to=peers(session_id, peer))
        await give_up(session_id, peer, WhyLeft.REMOVED, ctx)


async def _see_to(session_id: str, expected: Looked, ctx: Context) -> None:
    """Do in the room what a look has shown."""
    room = await ctx.ports.rooms.read(session_id)
    processes = await ctx.ports.rooms.living([peer.process for peer in room.peers] if room else ())

    def look(now: Room | None) -> tuple[Room, tuple[Room, Room, Looked]]:
        before = open_room(now)
        after, looked = before.look(ctx.now.timestamp(), processes)
        # The record knows of those alone that were found before; others are found at the next look.
        same = {peer.id for peer in looked.gone} <= {peer.id for peer in expected.gone}
        return (after, (before, after, looked)) if same else (before, (before, before, Looked((), (), ())))

    with by_the_rules():
        before, after, looked = await ctx.ports.rooms.change(session_id, look)
    tell_led(before, after, ctx)
    for peer in looked.gone:
        if peer.state is State.WAITING:
            ctx.emit(Removed(session_id=session_id, peer_id=peer.id, for_good=False), to=peers(session_id, peer))
        tell_gone(after, peer, WhyLeft.LOST, ctx)
    for peer in looked.lost:
        tell_away(after, peer, ctx)
    for peer in looked.back:
        event = PeerRejoined(session_id=session_id, peer=PeerView.of(peer))
        ctx.emit(event, to=everybody(after, but=(peer.id,)))


async def give_up(session_id: str, peer: Peer, why: WhyLeft, ctx: Context) -> Room | None:
    """Take a seat away, and tell the others. That it is gone already is no harm."""

    def leave(room: Room | None) -> tuple[Room | None, tuple[Room | None, Room | None]]:
        try:
            after = None if room is None else room.leave(peer.id, ctx.now.timestamp())[0]
        except Refusal:
            after = room
        return after, (room, after)

    with by_the_rules():
        before, room = await ctx.ports.rooms.change(session_id, leave)
    tell_gone(room, peer, why, ctx)
    tell_led(before, room, ctx)
    return room


async def depart(call: Call, gone: Collection[str], room: Room, ctx: Context) -> Call:
    """Note in the record that these seats of the room are given up, by their peers' ids, and who leads it then."""
    led = call.model_copy(update={"host": room.led_without(gone)})
    spans = tuple(
        span.model_copy(update={"left_at": ctx.now}) if span.peer_id in gone and span.left_at is None else span
        for span in call.attendance
    )
    if call.ended_at is not None or (spans == call.attendance and led == call):
        return call
    present = tuple(dict.fromkeys(span.user_id for span in spans if span.left_at is None))
    left = led.model_copy(update={"attendance": spans, "present": present})
    if call.has_recorder and not left.has_recorder:
        left = without_recorder(left)
    # Whether it is recorded may be another matter by this, which concerns everybody; so does who leads it.
    kept = await change(left, ctx) if call.consents or led != call else await put(dated(left, ctx), ctx)
    await tell_in_call({*call.present} - {*kept.present}, ctx)
    return kept


def tell_gone(room: Room | None, peer: Peer, why: WhyLeft, ctx: Context) -> None:
    """Tell those in the room of who is not, if they knew of them."""
    if room is not None and peer.state is State.WAITING:
        tell_host(room, peer, None, ctx)
    elif room is not None and peer.arrived:
        ctx.emit(PeerLeft(session_id=room.call_id, peer_id=peer.id, reason=why), to=everybody(room))


def tell_led(before: Room | None, room: Room | None, ctx: Context) -> None:
    """Tell those in the room who leads it, if that is somebody else now; and that one, who waits in the lobby."""
    if room is not None and before is not None and room.host != before.host:
        tell_room(room, ctx)
        for peer in room.waiting:
            tell_host(room, peer, peer.state, ctx)


def tell_room(room: Room, ctx: Context) -> None:
    """Tell those in the room by what rules it is led."""
    ctx.emit(RoomUpdated(session_id=room.call_id, host=room.host, locked=room.locked), to=everybody(room))


def tell_away(room: Room, seat: Peer, ctx: Context) -> None:
    """Tell the others of a peer without a line."""
    until = datetime.fromtimestamp(seat.until, UTC)
    event = PeerReconnecting(session_id=room.call_id, peer_id=seat.id, until=until)
    ctx.emit(event, to=everybody(room, but=(seat.id,)))


def tell_host(room: Room, peer: Peer, state: State | None, ctx: Context) -> None:
    hosts = [one for one in room.seated if one.user_id == room.host and one.arrived]
    ctx.emit(
        Knocked(session_id=room.call_id, peer_id=peer.id, user_id=peer.user_id, state=state),
        to=peers(room.call_id, *hosts),
    )


def _is_left(room: Room, call: Call, ctx: Context) -> bool:
    """Whether everybody has left for good; who waits in the lobby of what is still ahead waits for its host."""
    since = room.empty_since
    if call.is_ahead and room.waiting:
        return False
    return since is not None and since + ctx.ports.rules.calls.empty.total_seconds() <= ctx.now.timestamp()


async def _looked(room: Room, ctx: Context) -> Looked:
    processes = await ctx.ports.rooms.living([peer.process for peer in room.peers])
    return room.look(ctx.now.timestamp(), processes)[1]


def _unseated(call: Call, room: Room) -> set[str]:
    """Who is there by the record and has no seat: it was taken over by a connection that never came, or was lost."""
    return {span.peer_id for span in call.attendance if span.left_at is None} - {peer.id for peer in room.peers}


async def _outsiders(room: Room, call: Call, ctx: Context) -> tuple[Peer, ...]:
    """Who has a seat and is not of the people any more, was put out by the host, or muted by staff."""
    inside = await people_of(call, ctx)
    silent = {one.user_id for one in room.peers if (await ctx.ports.restraints.of(one.user_id)).is_muted(ctx.now)}
    out = silent.union(call.removed)
    return tuple(peer for peer in room.peers if peer.user_id not in inside or peer.user_id in out)
