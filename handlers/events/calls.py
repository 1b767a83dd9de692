"""What happens to calls, told to their people and kept for them; and what happens in a room, told to who is in it."""

from datetime import datetime
from enum import StrEnum

from handlers.events.base import Event
from handlers.views.calls import CallView, PeerView, SignalView
from signaling.seats import State


class CallCreated(Event):
    """Somebody called. Ring while your own entry of `rings` is `ringing` and its `until` has not come."""

    name = "call:created"
    call: CallView


class CallUpdated(Event):
    """A call has begun, or somebody was rung, answered, or cannot be reached: perhaps you, on another device."""

    name = "call:updated"
    call: CallView


class CallMissed(Event):
    """Somebody did not answer. Told once, to them and to who called; never for what another device answered."""

    name = "call:missed"
    session_id: str
    user_id: str
    caller_id: str
    at: datetime


class CallEnded(Event):
    """A call is over; `end_reason` says why."""

    name = "call:ended"
    call: CallView


class _InRoom(Event):
    durable = False
    session_id: str


class PeerJoined(_InRoom):
    """Somebody is in the room, and hears. Towards you they are the polite one."""

    name = "call:peer_joined"
    peer: PeerView


class WhyLeft(StrEnum):
    """Why a peer is not in the room any more."""

    LEFT = "left"
    LOST = "lost"
    REPLACED = "replaced"
    REMOVED = "removed"


class PeerLeft(_InRoom):
    """A peer has left the room, or did not come back within half a minute."""

    name = "call:peer_left"
    peer_id: str
    reason: WhyLeft


class PeerUpdated(_InRoom):
    """A peer shows something else of itself: its microphone, camera, screen or hand."""

    name = "call:peer_updated"
    peer: PeerView


class PeerReconnecting(_InRoom):
    """A peer has lost its line to the server, and its seat is kept until then. Media may go on."""

    name = "call:peer_reconnecting"
    peer_id: str
    until: datetime


class PeerRejoined(_InRoom):
    """A peer is back in its seat, under the same id."""

    name = "call:peer_rejoined"
    peer: PeerView


class CallReplaced(_InRoom):
    """The seat of this connection is gone: the same person joined anew, resumed or left by another. Close everything.

    Nothing to do for whose `connection_id`, as `hello` told it, is another one.
    """

    name = "call:replaced"
    peer_id: str
    connection_id: str


class SignalSent(_InRoom):
    """A peer says something to you: a description, candidates, or that there are no more."""

    name = "call:signal"
    signal: SignalView


class RoomUpdated(_InRoom):
    """The room has another host, or was locked or opened."""

    name = "call:room_updated"
    host: str
    locked: bool


class Knocked(_InRoom):
    """Somebody waits in the lobby; told to the host. By `state` also that they wait no more."""

    name = "call:knocked"
    peer_id: str
    user_id: str
    state: State | None


class Admitted(_InRoom):
    """You may come in from the lobby: send `call:ready` again."""

    name = "call:admitted"
    peer_id: str


class Removed(_InRoom):
    """The host does not let you in, or has put you out. Close everything; `for_good` says that you may not return."""

    name = "call:removed"
    peer_id: str
    for_good: bool


class MuteRequested(_InRoom):
    """The host asks you to be silent. Nobody but you can do it, or undo it."""

    name = "call:mute_requested"
    peer_id: str


class CallReacted(_InRoom):
    """A peer reacts."""

    name = "call:reacted"
    peer_id: str
    emoji: str


class QualityReported(_InRoom):
    """How well a peer is connected, as its browser measures it."""

    name = "call:quality"
    peer_id: str
    round_trip_ms: int | None
    lost_share: float | None
    kilobits_per_second: int | None


EVENTS: tuple[type[Event], ...] = (
    CallCreated,
    CallUpdated,
    CallMissed,
    CallEnded,
    PeerJoined,
    PeerLeft,
    PeerUpdated,
    PeerReconnecting,
    PeerRejoined,
    CallReplaced,
    SignalSent,
    RoomUpdated,
    Knocked,
    Admitted,
    Removed,
    MuteRequested,
    CallReacted,
    QualityReported,
)
