"""What peers say to each other and show of themselves: relayed to who is in the room, kept nowhere.

From whom it comes stamps the server, by the seat of the connection; to whom it goes is looked for in the same room.
"""

from typing import Annotated

from pydantic import Field, StrictBool, StringConstraints, model_validator

from handlers.calls.access import by_the_rules, everybody, open_room, peers
from handlers.calls.joining import PeerId
from handlers.calls.records import CallId
from handlers.context import Context
from handlers.emoji import Emoji
from handlers.errors import Conflict, NotAllowedNow, RateLimited
from handlers.events.calls import CallReacted, PeerUpdated, QualityReported, SignalSent
from handlers.models import Clean, Signal, Whole
from handlers.views.calls import PeerView, SignalView
from signaling.messages import MOST_AT_ONCE, Candidate, Description, Relayed
from signaling.negotiation import CannotFollow, Pair, Stale, TooMuch, is_polite
from signaling.seats import Peer, Room, State


class SendSignal(Signal):
    """To whom, and one of: a description, candidates, that there are no more of them."""

    session_id: CallId
    to: PeerId
    generation: Annotated[
        Whole, Field(ge=1, le=2**31, description="Begins at 1, with the first offer; one more for an ICE restart.")
    ]
    description: Description | None = None
    candidates: Annotated[tuple[Candidate, ...], Field(max_length=MOST_AT_ONCE)] = ()
    end_of_candidates: StrictBool = False

    @model_validator(mode="after")
    def says_something(self) -> "SendSignal":
        """Candidates of a description come after it."""
        says_more = bool(self.candidates) or self.end_of_candidates
        if (self.description is None) is not says_more:
            raise ValueError("Send a description, or candidates, or that they have ended.")
        return self


class ShowMedia(Signal):
    """What of you can be heard and seen."""

    session_id: CallId
    mic: StrictBool
    camera: StrictBool
    screen: Annotated[str, StringConstraints(min_length=1, max_length=128), Clean] | None = Field(
        default=None, description="The id of the media stream that shows your screen."
    )


class RaiseHand(Signal):
    """Up, or down."""

    session_id: CallId
    raised: StrictBool


class ReactInCall(Signal):
    """With which emoji."""

    session_id: CallId
    emoji: Emoji


class ReportQuality(Signal):
    """What `getStats()` of your browser says."""

    session_id: CallId
    round_trip_ms: Annotated[Whole, Field(ge=0, le=600_000)] | None = None
    lost_share: Annotated[float, Field(ge=0, le=1)] | None = None
    kilobits_per_second: Annotated[Whole, Field(ge=0, le=10_000_000)] | None = None


async def send_signal(signal: SendSignal, ctx: Context) -> None:
    """Say something to one peer of the room that you are in: the relay of perfect negotiation.

    What is of an older generation, answers no offer, or offers against the impolite peer's offer is `conflict`.
    """
    rooms, session_id = ctx.ports.rooms, signal.session_id
    with by_the_rules():
        room = open_room(await rooms.read(session_id))
        me = _inside(room, ctx)
        other = room.other(signal.to, me)
    word = Relayed(
        sender=me.id,
        generation=signal.generation,
        description=signal.description,
        candidates=signal.candidates,
        end_of_candidates=signal.end_of_candidates,
    )

    def follow(pair: Pair) -> tuple[Pair, tuple[Relayed, ...]]:
        after, heard = pair.heard(me.id).follow(word, polite=is_polite(me.number, other.number))
        return (after.heard(other.id), heard) if other.state is State.IN else (after.keep(heard, other.id), heard)

    try:
        with by_the_rules():
            heard = await rooms.converse(session_id, me.id, other.id, follow)
            if other.state is not State.IN:
                heard = await _what_waits(session_id, me, other, ctx)
    except TooMuch as error:
        raise RateLimited(str(error)) from error
    except CannotFollow as error:
        raise Conflict(str(error), current={"stale": isinstance(error, Stale)}) from error
    for said in heard:
        ctx.emit(SignalSent(session_id=session_id, signal=SignalView.of(session_id, said)), to=peers(session_id, other))


async def show_media(signal: ShowMedia, ctx: Context) -> None:
    """Say whether your microphone and camera are on, and which stream is your screen."""
    await _show(signal.session_id, ctx, mic=signal.mic, camera=signal.camera, screen=signal.screen)


async def raise_hand(signal: RaiseHand, ctx: Context) -> None:
    """Raise your hand, or take it down."""
    await _show(signal.session_id, ctx, hand=signal.raised)


async def react_in_call(signal: ReactInCall, ctx: Context) -> None:
    """React with an emoji; the others see it for the moment, and nothing keeps it."""
    room, me = await _here(signal.session_id, ctx)
    event = CallReacted(session_id=room.call_id, peer_id=me.id, emoji=signal.emoji)
    ctx.emit(event, to=everybody(room, but=(me.id,)))


async def report_quality(signal: ReportQuality, ctx: Context) -> None:
    """Tell the others how well you are connected."""
    room, me = await _here(signal.session_id, ctx)
    event = QualityReported(
        session_id=room.call_id,
        peer_id=me.id,
        round_trip_ms=signal.round_trip_ms,
        lost_share=signal.lost_share,
        kilobits_per_second=signal.kilobits_per_second,
    )
    ctx.emit(event, to=everybody(room, but=(me.id,)))


async def _what_waits(session_id: str, me: Peer, other: Peer, ctx: Context) -> tuple[Relayed, ...]:
    """What waits for a peer that was away, if it hears by now: it may have asked just before this was kept."""
    room = open_room(await ctx.ports.rooms.read(session_id))
    if room.other(other.id, me).state is not State.IN:
        return ()
    return (await ctx.ports.rooms.heard(session_id, me.id, other.id)).waiting.get(other.id, ())


async def _show(session_id: str, ctx: Context, **shown: object) -> None:
    def show(room: Room | None) -> tuple[Room, tuple[Room, Peer]]:
        me = _inside(open_room(room), ctx)
        after, seat = open_room(room).show(me.id, **shown)
        return after, (after, seat)

    with by_the_rules():
        room, me = await ctx.ports.rooms.change(session_id, show)
    ctx.emit(PeerUpdated(session_id=session_id, peer=PeerView.of(me)), to=everybody(room, but=(me.id,)))


async def _here(session_id: str, ctx: Context) -> tuple[Room, Peer]:
    with by_the_rules():
        room = open_room(await ctx.ports.rooms.read(session_id))
        return room, _inside(room, ctx)


def _inside(room: Room, ctx: Context) -> Peer:
    """The actor's seat, once its client hears."""
    me = room.at(ctx.caller.connection_id)
    if me.state is not State.IN:
        raise NotAllowedNow("Send call:ready first.")
    return me
