"""Peers with real media engines (aiortc), which find each other by the protocol of the README and nothing else.

aiortc has no rollback and sends its candidates within the description: who is polite begins a new connection instead.
"""

import asyncio
from contextlib import suppress
from typing import Any

from aiortc import RTCConfiguration, RTCDataChannel, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.rtcconfiguration import RTCIceTransportPolicy

import background
from tests.calling import inside, ready, says
from tests.people import Person, Refusal, key


class MediaPeer:
    """Somebody in a call with one other, to whom a data channel leads once they are connected."""

    def __init__(self, person: Person, call: dict[str, Any], seat: dict[str, Any], *, relayed: bool = False) -> None:
        self.person, self.call, self.seat = person, call, seat
        self.generation = 0
        self.heard: asyncio.Queue[str] = asyncio.Queue()
        self.other: dict[str, Any] = {}
        self.collisions = 0
        self._relayed = relayed
        self._polite = False
        self._offering = False
        self._task: asyncio.Task[None] | None = None
        self._begin()

    @classmethod
    async def join(cls, person: Person, call: dict[str, Any], *, relayed: bool = False) -> "MediaPeer":
        """Sit down in a call."""
        return cls(person, call, await inside(person, call), relayed=relayed)

    def meet(self, other: "MediaPeer") -> None:
        """Be ready for another peer's signals."""
        self.other = other.seat
        self._polite = other.seat["peer_id"] in self.seat["room"]["polite_to"]
        self._task = asyncio.create_task(self._listen())

    async def offer(self, *, restart: bool = False) -> None:
        """Offer, as whoever has something to show; with an ICE restart in a new generation."""
        if restart:
            await self._anew()
        self.generation = self.generation + 1 if restart else max(1, self.generation)
        self._offering = True
        await self.connection.setLocalDescription(await self.connection.createOffer())
        try:
            await self._say()
        except Refusal as refusal:
            # The other's offer stands: ours was not made.
            assert refusal.code == "conflict"
            self._offering = False

    async def says(self, text: str) -> None:
        """Send over the data channel, once it is open."""
        async with asyncio.timeout(30):
            while self.channel is None or self.channel.readyState != "open":
                await asyncio.sleep(0.02)
        self.channel.send(text)

    def candidates(self) -> list[str]:
        """Of the own description: the kinds of ways that were found."""
        lines = self.connection.localDescription.sdp.splitlines()
        return [line.split(" typ ")[1].split()[0] for line in lines if line.startswith("a=candidate:")]

    async def close(self) -> None:
        """End everything but the call."""
        await background.end(self._task)
        await self.connection.close()

    async def resume(self, url: str) -> None:
        """Come back by another connection to the same seat."""
        await self.person.connect(url=url)
        where = {"session_id": self.call["session_id"], "peer_id": self.seat["peer_id"]}
        await self.person.asks("call:resume", {**where, "resume_secret": self.seat["resume_secret"]})
        await ready(self.person, self.call)

    def _begin(self) -> None:
        servers = [RTCIceServer(**{**one, "urls": list(one["urls"])}) for one in self.seat["ice"]["ice_servers"]]
        policy = RTCIceTransportPolicy.RELAY if self._relayed else RTCIceTransportPolicy.ALL
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=servers, iceTransportPolicy=policy))
        # Of a number that both know: whoever offers, and whoever gives way, it is the same one.
        self.channel: RTCDataChannel | None = self.connection.createDataChannel("talk", negotiated=True, id=0)
        self.channel.on("message", self.heard.put_nowait)

    async def _anew(self) -> None:
        before, self._offering = self.connection, False
        self._begin()
        await before.close()

    async def _listen(self) -> None:
        while True:
            with suppress(TimeoutError):
                signal = (await self.person.hears("call:signal", within=600))["signal"]
                await self._take(signal)

    async def _take(self, signal: dict[str, Any]) -> None:
        description = signal["description"]
        if signal["generation"] < self.generation or description is None:
            return
        if description["type"] == "answer":
            if self._offering:
                self._offering = False
                await self.connection.setRemoteDescription(RTCSessionDescription(**description))
            return
        newer = signal["generation"] > self.generation > 0
        if self._offering and not newer:
            self.collisions += 1
            if not self._polite:
                return
        if self._offering or newer:
            await self._anew()
        self.generation = signal["generation"]
        await self.connection.setRemoteDescription(RTCSessionDescription(**description))
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        with suppress(Refusal):
            await self._say()

    async def _say(self) -> None:
        own = self.connection.localDescription
        description = {"type": own.type, "sdp": own.sdp}
        await says(self.person, self.call, self.other, description=description, generation=self.generation)


async def talk(one: MediaPeer, other: MediaPeer) -> None:
    """AssertionError unless each hears what the other says."""
    for speaker, listener in ((one, other), (other, one)):
        words = key()
        await speaker.says(words)
        async with asyncio.timeout(30):
            while await listener.heard.get() != words:
                pass
