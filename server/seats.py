"""What the gateway knows of each connection, and how what it tells them is put."""

import asyncio
from dataclasses import dataclass, field

from handlers.context import Actor, Caller
from server.engine import Connection, EventPacket
from server.envelope import parted
from server.fanout import FeedEvent, Position
from server.protocol import Standstill, SyncReset


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
    # What it hears beside its person's own audience.
    watched: set[str] = field(default_factory=set)
    warned: bool = False
    breaches: int = 0


def envelope(event: FeedEvent) -> str:
    """What is told, with its place in the feed if it has one."""
    _, body = parted(event.body)
    return body if event.seq == 0 else f'{{"seq":{event.seq},"epoch":"{event.epoch}",{body[1:]}'


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
