"""Calls and rooms, as their people see them."""

from datetime import datetime
from enum import StrEnum

from pydantic import ConfigDict, Field

from handlers.models import View
from signaling.ice import IceServer
from signaling.messages import Candidate, Description, Relayed
from signaling.seats import Peer, Room, State
from store.calls import HELPER, Answer, Call, EndReason


class CallStatus(StrEnum):
    OPEN = "open"
    RINGING = "ringing"
    LIVE = "live"
    ENDED = "ended"


class TokenView(View):
    """What one joins with. It is yours alone, names the call, you and what you may, and is good for a minute."""

    token: str
    permissions: str
    expires_at: datetime


class RingView(View):
    """Somebody who was rung. A device rings while its person's `answer` is `ringing` and `until` has not come."""

    user_id: str
    answer: Answer
    until: datetime


class SpanView(View):
    """A time that somebody was there."""

    user_id: str
    joined_at: datetime
    left_at: datetime | None


class RecordingState(StrEnum):
    """`asked` until all who are there allow it and the recorder has come; `paused` while somebody does not."""

    OFF = "off"
    ASKED = "asked"
    ON = "on"
    PAUSED = "paused"


class RecordingView(View):
    """Whether it is recorded, who allows it, and what was recorded: uploads, for the people of the call."""

    state: RecordingState
    consents: tuple[str, ...]
    files: tuple[str, ...]

    @classmethod
    def of(cls, call: Call) -> "RecordingView":
        return cls(state=_recording(call), consents=call.consents, files=call.recordings)


class CallTimesView(View):
    """When it was made and last changed, when there were two in it, and when it was over."""

    created: datetime
    updated: datetime
    started: datetime | None
    ended: datetime | None


class CallView(View):
    """A call. Of two copies the one with the higher `version` is the later."""

    session_id: str
    thread_id: str | None
    swap: str | None
    participants: tuple[str, ...] = Field(description="Who may be in it.")
    host: str
    status: CallStatus
    token_details: TokenView | None = Field(description="Your own; null in events, and where you cannot join.")
    session_duration: int | None = Field(description="Seconds: as planned, and as it was once it is over.")
    timestamps: CallTimesView
    rings: tuple[RingView, ...]
    attendance: tuple[SpanView, ...]
    recording: RecordingView
    helper: str | None = Field(description="The server's own peer, by its user id, where it was called or asked.")
    lobby: bool
    opens_at: datetime | None
    closes_at: datetime
    end_reason: EndReason | None
    version: int

    @classmethod
    def of(cls, call: Call, token: TokenView | None = None) -> "CallView":
        return cls(
            session_id=call.id,
            thread_id=call.thread_id,
            swap=call.swap,
            participants=call.participants,
            host=call.host,
            status=_status(call),
            token_details=token,
            session_duration=_duration(call),
            timestamps=CallTimesView(
                created=call.created_at, updated=call.updated_at, started=call.started_at, ended=call.ended_at
            ),
            rings=tuple(RingView(user_id=one.user_id, answer=one.answer, until=one.until) for one in call.all_rings),
            attendance=tuple(
                SpanView(user_id=one.user_id, joined_at=one.joined_at, left_at=one.left_at)
                for one in call.attendance
                if one.user_id in call.participants
            ),
            recording=RecordingView.of(call),
            helper=HELPER if call.recorder is not None or HELPER in call.participants else None,
            lobby=call.lobby,
            opens_at=call.opens_at,
            closes_at=call.closes_at,
            end_reason=call.end_reason,
            version=call.version,
        )


def _status(call: Call) -> CallStatus:
    if call.ended_at is not None:
        return CallStatus.ENDED
    if call.started_at is not None:
        return CallStatus.LIVE
    return CallStatus.RINGING if any(ring.answer is Answer.RINGING for ring in call.rings) else CallStatus.OPEN


def _recording(call: Call) -> RecordingState:
    if not call.consents:
        return RecordingState.OFF
    if not call.has_recorder:
        return RecordingState.ASKED
    return RecordingState.ON if call.all_consent else RecordingState.PAUSED


def _duration(call: Call) -> int | None:
    if call.ended_at is None:
        return call.planned_seconds
    return 0 if call.started_at is None else round((call.ended_at - call.started_at).total_seconds())


class PeerView(View):
    """One in the room. `screen` is the id of the media stream that shows its screen; null if none does."""

    peer_id: str
    user_id: str
    number: int = Field(description="Of two peers the one with the higher number came later, and is the polite one.")
    state: State
    mic: bool
    camera: bool
    screen: str | None
    hand: bool

    @classmethod
    def of(cls, peer: Peer) -> "PeerView":
        return cls(
            peer_id=peer.id,
            user_id=peer.user_id,
            number=peer.number,
            state=peer.state,
            mic=peer.mic,
            camera=peer.camera,
            screen=peer.screen,
            hand=peer.hand,
        )


class IceView(View):
    """What goes into `RTCPeerConnection({iceServers})`; made for this peer, and good until a moment."""

    ice_servers: tuple[IceServer, ...]
    expires_at: datetime | None


class SeatView(View):
    """Your seat. Keep `resume_secret` in memory: with it another connection takes the seat over."""

    session_id: str
    peer_id: str
    state: State
    resume_secret: str
    ice: IceView


class SignalView(View):
    """What a peer says to you. `n` counts what it has said to you, from 1: one that is not higher is a repeat."""

    model_config = ConfigDict(serialize_by_alias=True)

    session_id: str
    sender: str = Field(serialization_alias="from", description="The peer; stamped by the server.")
    generation: int
    n: int
    description: Description | None
    candidates: tuple[Candidate, ...]
    end_of_candidates: bool

    @classmethod
    def of(cls, session_id: str, word: Relayed) -> "SignalView":
        return cls(
            session_id=session_id,
            sender=word.sender,
            generation=word.generation,
            n=word.n,
            description=word.description,
            candidates=word.candidates,
            end_of_candidates=word.end_of_candidates,
        )


class RoomView(View):
    """The room as you see it from your seat. In the lobby nobody is seen."""

    session_id: str
    peer_id: str
    state: State
    host: str
    locked: bool
    lobby: bool
    capacity: int
    started_at: datetime | None
    closes_at: datetime
    peers: tuple[PeerView, ...] = Field(description="The others.")
    polite_to: tuple[str, ...] = Field(description="The peers to whom you are the polite one.")
    waiting: tuple[PeerView, ...] = Field(description="Who waits in the lobby; for the host.")
    signals: tuple[SignalView, ...] = Field(description="What was said to you before you could hear it, in order.")

    @classmethod
    def of(cls, room: Room, me: Peer, call: Call, signals: tuple[SignalView, ...]) -> "RoomView":
        inside = me.state is not State.WAITING
        others = [peer for peer in room.seated if peer.id != me.id and peer.arrived] if inside else []
        return cls(
            session_id=room.call_id,
            peer_id=me.id,
            state=me.state,
            host=room.host,
            locked=room.locked,
            lobby=room.lobby,
            capacity=room.capacity,
            started_at=call.started_at,
            closes_at=call.closes_at,
            peers=tuple(PeerView.of(peer) for peer in others),
            polite_to=tuple(peer.id for peer in others if me.number > peer.number),
            waiting=tuple(PeerView.of(peer) for peer in room.waiting) if inside and me.user_id == room.host else (),
            signals=signals,
        )
