"""A live room and the rules of its seats: who may sit down, who waits, who is away for a moment, who leads. Pure.

Every rule answers the room as it is afterwards, and is handed the time; signaling/rooms.py makes it so in Redis.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

# Whoever has sat down says within this that they hear; whoever loses the line comes back within that.
ARRIVES_SECONDS = 20.0
GRACE_SECONDS = 30.0
WAITS_SECONDS = 900.0
MOST_WAITING = 20


class Why(StrEnum):
    """Why somebody cannot sit down, or do what they ask for."""

    NOT_SEATED = "not_seated"
    NO_SUCH_PEER = "no_such_peer"
    FULL = "full"
    LOCKED = "locked"
    REMOVED = "removed"
    NOT_HOST = "not_host"


class Refusal(Exception):
    """It is against the rules of the room."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class State(StrEnum):
    WAITING = "waiting"
    ARRIVING = "arriving"
    IN = "in"
    RECONNECTING = "reconnecting"


class Peer(BaseModel):
    """A seat: one connection of one person. `number` counts the seats of the room."""

    model_config = ConfigDict(frozen=True)

    id: str
    user_id: str
    connection: str
    process: str
    # The digest of what its client resumes it with.
    secret: str
    number: int = 0
    state: State = State.ARRIVING
    # When an arriving, waiting or reconnecting seat is given up.
    until: float = 0.0
    # Whether it was in the call before: then it comes back, and does not come.
    arrived: bool = False
    # Its process was silent, not its connection: both may be back.
    orphaned: bool = False
    # The server's own: it takes nobody's place, passes every door, and is nobody's company.
    serves: bool = False
    mic: bool = False
    camera: bool = False
    screen: str | None = None
    hand: bool = False


class Looked(NamedTuple):
    """What a look at the clock changed."""

    gone: tuple[Peer, ...]
    lost: tuple[Peer, ...]
    back: tuple[Peer, ...]


class Room(BaseModel):
    """Who is in a call, and its rules."""

    model_config = ConfigDict(frozen=True)

    call_id: str
    host: str
    capacity: int
    lobby: bool = False
    locked: bool = False
    seats: int = 0
    removed: tuple[str, ...] = ()
    peers: tuple[Peer, ...] = ()
    empty_since: float | None = None

    @property
    def seated(self) -> tuple[Peer, ...]:
        """Everybody but those who wait in the lobby."""
        return tuple(peer for peer in self.peers if peer.state is not State.WAITING)

    @property
    def is_empty(self) -> bool:
        """Whether nobody has sat down but the server's own peer."""
        return all(peer.serves for peer in self.seated)

    @property
    def is_full(self) -> bool:
        """Whether as many people have sat down as may."""
        return sum(not peer.serves for peer in self.seated) >= self.capacity

    @property
    def waiting(self) -> tuple[Peer, ...]:
        return tuple(peer for peer in self.peers if peer.state is State.WAITING)

    def at(self, connection: str) -> Peer:
        """The seat of a connection."""
        found = next((peer for peer in self.peers if peer.connection == connection), None)
        if found is None or not connection:
            raise Refusal(Why.NOT_SEATED)
        return found

    def of(self, user_id: str) -> Peer:
        """The seat of a person, by whichever connection."""
        found = next((peer for peer in self.peers if peer.user_id == user_id), None)
        if found is None:
            raise Refusal(Why.NOT_SEATED)
        return found

    def peer(self, peer_id: str) -> Peer:
        """A seat by its id, also one in the lobby."""
        found = next((peer for peer in self.peers if peer.id == peer_id), None)
        if found is None:
            raise Refusal(Why.NO_SUCH_PEER)
        return found

    def other(self, peer_id: str, me: Peer) -> Peer:
        """A peer that somebody in the call may speak to: another one who is in it, too."""
        found = self.peer(peer_id)
        if found.state is State.WAITING or found.id == me.id:
            raise Refusal(Why.NO_SUCH_PEER)
        return found

    def led_by(self, connection: str) -> Peer:
        """The seat of a connection, if it is the host's."""
        me = self.at(connection)
        if me.user_id != self.host or me.state is State.WAITING:
            raise Refusal(Why.NOT_HOST)
        return me

    def sit(self, newcomer: Peer, now: float) -> tuple["Room", Peer, Peer | None]:
        """Take a seat, or wait for one. A person's newest connection replaces the older, which is answered, too."""
        if newcomer.user_id in self.removed:
            raise Refusal(Why.REMOVED)
        earlier = next((peer for peer in self.peers if peer.user_id == newcomer.user_id), None)
        if earlier is not None and earlier.connection == newcomer.connection:
            again = self._dated(earlier.model_copy(update={"secret": newcomer.secret}), now)
            return self._with(again), again, None
        room = self if earlier is None else self._without(earlier, now)
        is_back = earlier is not None and earlier.state is not State.WAITING
        is_known = newcomer.user_id == self.host or newcomer.serves or is_back
        if self.locked and not is_known:
            raise Refusal(Why.LOCKED)
        waits = self.lobby and not is_known
        if len(room.waiting) >= MOST_WAITING if waits else room.is_full and not newcomer.serves:
            raise Refusal(Why.FULL)
        state = State.WAITING if waits else State.ARRIVING
        seat = self._dated(newcomer.model_copy(update={"number": self.seats + 1, "state": state}), now)
        # The server's own peer alone is no company: a room with nobody else is as empty as before.
        since = (room.empty_since or now) if newcomer.serves and room.is_empty else None
        taken = room.model_copy(update={"seats": self.seats + 1, "empty_since": since, "peers": (*room.peers, seat)})
        return taken, seat, earlier

    def resume(self, peer_id: str, secret: str, connection: str, process: str, now: float) -> tuple["Room", Peer]:
        """Take a seat over to another connection."""
        peer = self.peer(peer_id)
        if peer.secret != secret:
            raise Refusal(Why.NO_SUCH_PEER)
        state = State.WAITING if peer.state is State.WAITING else State.ARRIVING
        moved = {"connection": connection, "process": process, "state": state, "orphaned": False}
        seat = self._dated(peer.model_copy(update=moved), now)
        return self._with(seat), seat

    def hear(self, connection: str) -> tuple["Room", Peer, Peer]:
        """The client of a seat says that it hears: the seat before, and now."""
        before = self.at(connection)
        if before.state is State.WAITING:
            return self, before, before
        # Its connection has ended while this was under way: nobody would hear, and nobody end it once more.
        if before.state is State.RECONNECTING and not before.orphaned:
            raise Refusal(Why.NOT_SEATED)
        seat = before.model_copy(update={"state": State.IN, "until": 0.0, "arrived": True, "orphaned": False})
        return self._with(seat), before, seat

    def lose(self, connection: str, now: float) -> tuple["Room", Peer]:
        """A connection has ended; its seat is kept for a while, unless it only waited for one."""
        return self._lose(self.at(connection), now, orphaned=False)

    def look(self, now: float, processes: Collection[str]) -> tuple["Room", Looked]:
        """What time has done: seats given up, those whose process is silent, those whose process is back."""
        room: Room = self
        gone, lost, back = [], [], []
        for peer in self.peers:
            lives = peer.process in processes
            if peer.state is State.RECONNECTING and peer.orphaned and lives:
                seat = peer.model_copy(update={"state": State.IN, "until": 0.0, "orphaned": False})
                room = room._with(seat)
                back.append(seat)
            elif peer.state is not State.IN and peer.until <= now:
                room = room._without(peer, now)
                gone.append(peer)
            elif peer.state is State.IN and not lives:
                room, seat = room._lose(peer, now, orphaned=True)
                lost.append(seat)
        return room._led(), Looked(tuple(gone), tuple(lost), tuple(back))

    def leave(self, peer_id: str, now: float) -> tuple["Room", Peer]:
        """Give up a seat."""
        peer = self.peer(peer_id)
        return self._without(peer, now)._led(), peer

    def admit(self, peer_id: str, now: float) -> tuple["Room", Peer]:
        """Let somebody in from the lobby."""
        peer = self.peer(peer_id)
        if peer.state is not State.WAITING:
            return self, peer
        if self.is_full:
            raise Refusal(Why.FULL)
        seat = self._dated(peer.model_copy(update={"state": State.ARRIVING}), now)
        return self._with(seat).model_copy(update={"empty_since": None}), seat

    def remove(self, user_id: str, now: float) -> tuple["Room", tuple[Peer, ...]]:
        """Put somebody out, for good."""
        theirs = tuple(peer for peer in self.peers if peer.user_id == user_id)
        room = self.model_copy(update={"removed": (*{*self.removed, user_id},)})
        for peer in theirs:
            room = room._without(peer, now)
        return room, theirs

    def led_without(self, gone: Collection[str]) -> str:
        """Who leads once these peers have left."""
        return self.model_copy(update={"peers": tuple(one for one in self.peers if one.id not in gone)})._led().host

    def show(self, peer_id: str, **shown: Any) -> tuple["Room", Peer]:
        """What a peer shows of itself: its media, its hand."""
        seat = self.peer(peer_id).model_copy(update=shown)
        return self._with(seat), seat

    def _lose(self, peer: Peer, now: float, *, orphaned: bool) -> tuple["Room", Peer]:
        if peer.state is State.WAITING:
            return self._without(peer, now), peer
        if peer.state is State.RECONNECTING:
            seat = peer.model_copy(update={"orphaned": orphaned})
        else:
            away = {"state": State.RECONNECTING, "until": now + GRACE_SECONDS, "orphaned": orphaned}
            seat = peer.model_copy(update=away)
        return self._with(seat), seat

    @staticmethod
    def _dated(peer: Peer, now: float) -> Peer:
        lasts = WAITS_SECONDS if peer.state is State.WAITING else ARRIVES_SECONDS
        return peer if peer.state is State.IN else peer.model_copy(update={"until": now + lasts})

    def _with(self, seat: Peer) -> "Room":
        return self.model_copy(update={"peers": tuple(seat if peer.id == seat.id else peer for peer in self.peers)})

    def _without(self, gone: Peer, now: float) -> "Room":
        room = self.model_copy(update={"peers": tuple(peer for peer in self.peers if peer.id != gone.id)})
        since = (self.empty_since or now) if room.is_empty else None
        return room.model_copy(update={"empty_since": since})

    def _led(self) -> "Room":
        """Somebody who is there leads: when the host is gone, whoever has been there longest."""
        seated = [peer for peer in self.seated if not peer.serves]
        if not seated or any(peer.user_id == self.host for peer in seated):
            return self
        return self.model_copy(update={"host": min(seated, key=lambda peer: peer.number).user_id})
