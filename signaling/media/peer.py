"""One other peer, and the connection to it: always answers, never offers, so that nothing collides."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import structlog
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.sdp import candidate_from_sdp

from signaling.media.line import Refused

log = structlog.get_logger(__name__)

# To answer one description with all its ways; and to end a connection.
PATIENCE_SECONDS = 20.0
END_SECONDS = 5.0

Say = Callable[[dict[str, Any]], Awaitable[Any]]


class OtherPeer:
    """Somebody in the call. `saw` is told of each track of theirs, with the connection it came by."""

    def __init__(self, ice_servers: list[dict[str, Any]], say: Say, saw: Callable[..., None]) -> None:
        self.ice_servers = ice_servers
        self._say = say
        self._saw = saw
        self._generation = 0
        self._heard = 0
        self._before = (0, 0, 0)
        self._connection: RTCPeerConnection | None = None

    def begins_anew(self, signal: dict[str, Any]) -> bool:
        """Whether by this another connection takes the place of the one that was."""
        return self._connection is not None and signal["generation"] > self._generation

    async def take(self, signal: dict[str, Any]) -> None:
        """What this peer says; what is a repeat or of an older generation is passed over."""
        if signal["n"] <= self._heard or signal["generation"] < self._generation:
            return
        self._heard = signal["n"]
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                if (description := signal["description"]) is not None and description["type"] == "offer":
                    await self._answer(description, signal["generation"])
                for one in signal["candidates"]:
                    await self._add(one)
        except Refused:
            raise
        except Exception as error:
            # The engine parses what a stranger wrote; whatever it makes of that, the others' calls go on.
            log.info("not_understood", why=repr(error))

    async def report(self) -> dict[str, Any] | None:
        """What came of this peer since the last look: loss, delay and amount; None before there is a way."""
        if self._connection is None or self._connection.connectionState != "connected":
            return None
        stats = list((await self._connection.getStats()).values())
        received = sum(one.packetsReceived for one in stats if one.type == "inbound-rtp")
        lost = sum(max(0, one.packetsLost) for one in stats if one.type == "inbound-rtp")
        # By one transport, but told for each track.
        amount = max((one.bytesReceived for one in stats if one.type == "transport"), default=0)
        trips = [
            one.roundTripTime for one in stats if one.type == "remote-inbound-rtp" and one.roundTripTime is not None
        ]
        came, missed, more = (now - before for now, before in zip((received, lost, amount), self._before, strict=True))
        self._before = received, lost, amount
        share = max(0, missed) / (came + max(0, missed)) if came + max(0, missed) > 0 else None
        return {
            "round_trip_ms": round(max(trips) * 1000) if trips else None,
            "lost_share": share,
            "bytes": max(0, more),
        }

    async def close(self) -> None:
        """End the connection."""
        before, self._connection = self._connection, None
        if before is not None:
            await _end(before)

    async def _answer(self, description: dict[str, str], generation: int) -> None:
        if self._connection is not None and generation > self._generation:
            # aiortc has no ICE restart: another connection answers, which the other side takes for the same.
            await self.close()
        self._generation = generation
        if self._connection is None:
            self._connection = self._begin()
        await self._connection.setRemoteDescription(RTCSessionDescription(**description))
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        own = self._connection.localDescription
        await self._say({"generation": generation, "description": {"type": own.type, "sdp": own.sdp}})

    def _begin(self) -> RTCPeerConnection:
        servers = [RTCIceServer(**{**one, "urls": list(one["urls"])}) for one in self.ice_servers]
        connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))

        @connection.on("track")
        def _(track: MediaStreamTrack) -> None:
            self._saw(connection, track)

        self._before = (0, 0, 0)
        return connection

    async def _add(self, one: dict[str, Any]) -> None:
        _, _, text = one["candidate"].partition(":")
        if text and self._connection is not None:
            candidate = candidate_from_sdp(text)
            candidate.sdpMid, candidate.sdpMLineIndex = one["sdpMid"], one["sdpMLineIndex"]
            await self._connection.addIceCandidate(candidate)


async def _end(connection: RTCPeerConnection) -> None:
    """Once: what has failed to close would never say that it is closed. What it leaves open then is closed singly."""
    try:
        async with asyncio.timeout(END_SECONDS):
            await connection.close()
    except Exception as error:
        log.info("not_closed", why=repr(error))
        ends: tuple[Any, ...] = (*(found.receiver for found in connection.getTransceivers()), connection.sctp)
        for one in ends:
            with suppress(Exception):
                async with asyncio.timeout(END_SECONDS):
                    await one.transport.transport.stop()
