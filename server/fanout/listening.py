"""The audiences that this process listens to, and how far each has got.

Every event of a feed is delivered once and in order; where that is no longer possible a reset says so.
"""

import asyncio
import random
from functools import partial
from typing import Any

import hiredis
import structlog

from server.fanout.feeds import READ, Deliver, FeedEvent, Keys, Position, Reset
from server.fanout.link import Link, Replies, pack

log = structlog.get_logger(__name__)

# Whoever begins to listen waits so long for Redis, and is served by a reset when it is back.
PATIENCE_SECONDS = 1.0
AT_ONCE = 500
# So many events are read and delivered before anybody else has a turn.
PAGE = 200


class Local:
    """An audience with listeners here. Without an epoch its place is not known yet."""

    __slots__ = ("audience", "epoch", "keys", "late", "listeners", "placed", "reading", "seq")

    def __init__(self, audience: str, keys: Keys) -> None:
        self.audience = audience
        self.keys = keys
        self.listeners = 0
        self.epoch = ""
        self.seq = 0
        # Bells that ring while the feed is being read are in what it answers.
        self.reading = False
        # Somebody went on without knowing the place: to them, whichever it is, it is a new one.
        self.late = False
        self.placed: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Listening:
    """Hears doorbells, fills what they missed, and delivers."""

    def __init__(self, deliver: Deliver, reset: Reset, *, prefix: str) -> None:
        self._prefix = prefix
        self._deliver = deliver
        self._reset = reset
        self._locals: dict[str, Local] = {}
        self._by_bell: dict[str, Local] = {}
        self._link: Link | None = None

    async def listen(self, audience: str) -> None:
        """Begin to deliver an audience's events; they come from now on, or after a reset when Redis is away."""
        local = self._locals.get(audience)
        if local is None:
            local = self._locals[audience] = Local(audience, Keys.of(audience, self._prefix))
            self._by_bell[local.keys.bell] = local
            if self._link is not None:
                self._link.send(pack("SUBSCRIBE", local.keys.bell), 0)
                self._read(local)
        # Counted before anything is awaited: whoever is cancelled here will still unlisten.
        local.listeners += 1
        if not local.epoch:
            if self._link is not None:
                await asyncio.wait((local.placed,), timeout=PATIENCE_SECONDS)
            local.late = local.late or not local.epoch

    def unlisten(self, audience: str) -> None:
        """End one listener; with the last one the process hears the audience no more."""
        local = self._locals.get(audience)
        if local is None:
            return
        local.listeners -= 1
        if local.listeners <= 0:
            del self._locals[audience], self._by_bell[local.keys.bell]
            if self._link is not None:
                self._link.send(pack("UNSUBSCRIBE", local.keys.bell), 0)

    async def begin(self, link: Link) -> None:
        """Hear everything over a new connection, and fill what was missed without one."""
        self._link = link
        everybody = list(self._locals.values())
        for start in range(0, len(everybody), AT_ONCE):
            link.send(pack("SUBSCRIBE", *(local.keys.bell for local in everybody[start : start + AT_ONCE])), 0)
            await asyncio.sleep(0)
        await self.check(link)

    def end(self) -> None:
        """The connection was lost."""
        self._link = None

    async def check(self, link: Link) -> None:
        """Compare every place with its feed's: a doorbell may have been lost."""
        everybody = list(self._locals.values())
        for start in range(0, len(everybody), AT_ONCE):
            part = everybody[start : start + AT_ONCE]
            asked = b"".join([pack("HMGET", local.keys.meta, "epoch", "seq") for local in part])
            link.send(asked, len(part), partial(self._checked, link, part))
            await asyncio.sleep(0)

    def heard(self, push: list[Any]) -> None:
        """Take what Redis pushes."""
        if push[0] != "message" or (local := self._by_bell.get(push[1])) is None:
            return
        # A line for each event: JSON has no line ends of its own.
        for line in push[2].split("\n"):
            number, epoch, type_, body = line.split(" ", 3)
            self._take(local, FeedEvent(int(number), epoch, type_, body))

    def _take(self, local: Local, event: FeedEvent) -> None:
        if event.seq == 0:
            self._hand_over(local, event)
        elif local.reading:
            return
        elif event.epoch != local.epoch or event.seq > local.seq + 1:
            self._read(local)
        elif event.seq > local.seq:
            local.seq = event.seq
            self._hand_over(local, event)

    def _checked(self, link: Link, part: list[Local], replies: Replies | None) -> None:
        # Replies and doorbells come over one connection, in order: a difference is a loss, never a race.
        for local, reply in zip(part, replies or (), strict=False):
            if isinstance(reply, hiredis.ReplyError):
                link.abort()
                return
            epoch, seq = reply
            # A restored snapshot may hold our very numbers; they are of another run all the same.
            if epoch is None or epoch != local.epoch or int(seq) != local.seq or not epoch.startswith(link.run):
                self._read(local)

    def _read(self, local: Local) -> None:
        if self._link is None or local.reading or self._locals.get(local.audience, local) is not local:
            return
        local.reading = True
        asked = pack(
            "EVALSHA", READ.digest, 2, local.keys.meta, local.keys.feed,
            new_epoch(self._link), local.epoch, local.seq, PAGE,
        )  # fmt: skip
        self._link.send(asked, 1, partial(self._have_read, self._link, local))

    def _have_read(self, link: Link, local: Local, replies: Replies | None) -> None:
        local.reading = False
        if replies is None or local.listeners <= 0:
            return
        if isinstance(replies[0], hiredis.ReplyError):
            link.abort()
            return
        epoch, seq, entries, _ = replies[0]
        if epoch == local.epoch and seq == local.seq:
            return
        if epoch == local.epoch and entries and number_of(entries[0]) == local.seq + 1:
            for entry in entries:
                if local.listeners > 0:
                    local.seq = number_of(entry)
                    self._hand_over(local, feed_event(epoch, entry))
            if local.seq < seq:
                self._read(local)
            return
        self._move(local, Position(epoch, seq))

    def _move(self, local: Local, position: Position) -> None:
        known = bool(local.epoch) or local.late
        local.epoch, local.seq, local.late = position.epoch, position.seq, False
        if not local.placed.done():
            local.placed.set_result(None)
        if known:
            try:
                self._reset(local.audience, position)
            except Exception:
                log.exception("reset_failed")

    def _hand_over(self, local: Local, event: FeedEvent) -> None:
        # One audience's trouble must not cost the others the connection.
        try:
            self._deliver(local.audience, event)
        except Exception:
            log.exception("delivery_failed", type=event.type)


def new_epoch(link: Link) -> str:
    """The epoch that a feed gets if it has none of this run of Redis."""
    # Not a secret: only never the same one again.
    return f"{link.run}-{random.getrandbits(32):08x}"


def number_of(entry: list[Any]) -> int:
    """The seq of an entry of a feed."""
    return int(entry[0].partition("-")[0])


def feed_event(epoch: str, entry: list[Any]) -> FeedEvent:
    """The event of an entry of a feed."""
    _, type_, _, body = entry[1]
    return FeedEvent(number_of(entry), epoch, type_, body)
