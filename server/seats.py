"""What the gateway knows of each connection, and how what it tells them is put."""

import asyncio
import json
from dataclasses import dataclass, field

from handlers.context import Actor, Caller
from server.engine import Connection, EventPacket
from server.envelope import parted
from server.fanout import FeedEvent, Position, Replay
from server.protocol import Standstill, SyncReset

# Of what was missed no answer holds more; one event may be as long as it is.
MOST_SYNCED = 100
SYNCED_BYTES = 256 * 1024


@dataclass(slots=True)
class Seat:
    """What the gateway knows of one connection."""

    actor: Actor
    caller: Caller
    audience: str
    # Events that arrive while the connection is being told what it missed; None once it hears them directly.
    held: list[FeedEvent] | None = field(default_factory=list)
    # The numbering began anew in that time: what was held before is to be fetched.
    restarted: Position | None = None
    welcome: asyncio.Task[None] | None = None
    # A welcome that was cancelled before its first step has no listening to end.
    listening: bool = False
    # What it hears beside its person's own audience, the newest last.
    watched: dict[str, None] = field(default_factory=dict)
    warned: bool = False
    # Refusals in a row for asking too often, and how many more events had been sent before the last one was told.
    breaches: int = 0
    untold: int = 0


def envelope(event: FeedEvent) -> str:
    """What is told, with its place in the feed if it has one."""
    _, body = parted(event.body)
    return body if event.seq == 0 else f'{{"seq":{event.seq},"epoch":"{event.epoch}",{body[1:]}'


def missed(replay: Replay) -> str:
    """The answer of what was missed: as much of it as travels well at once."""
    told: list[str] = []
    size, end = 0, replay.position
    seq = end.seq
    for event in replay.events:
        text = envelope(event)
        size += len(text.encode())
        if told and size > SYNCED_BYTES:
            break
        told.append(text)
        seq = event.seq
    head = {"recovered": replay.recovered, "epoch": end.epoch, "seq": seq, "more": seq < end.seq}
    return f'{json.dumps(head)[:-1]},"events":[{",".join(told)}]}}'


def standing_packet(words: str | None) -> EventPacket:
    """That changes are refused from now on, or no longer (None)."""
    data = Standstill(on=words is not None, words=words or "")
    return EventPacket.of("server:maintenance", data.model_dump_json())


def reset_packet(position: Position) -> EventPacket:
    """That the numbering begins anew."""
    data = SyncReset(epoch=position.epoch, seq=position.seq)
    return EventPacket.of("sync:reset", data.model_dump_json())


def packet(event: FeedEvent) -> EventPacket:
    """The same as it travels."""
    return EventPacket.of(event.type, envelope(event))


def discard(index: dict[str, set[Connection]], key: str, connection: Connection) -> None:
    """Take a connection out of an index, and its key with the last one."""
    members = index.get(key)
    if members is not None:
        members.discard(connection)
        if not members:
            del index[key]
