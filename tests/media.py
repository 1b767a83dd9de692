"""Peers with real media engines (aiortc), which find each other by the protocol of the README and nothing else.

aiortc has no rollback and sends its candidates within the description: who is polite begins a new connection instead.
"""

import asyncio
from array import array
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiortc import (
    AudioStreamTrack,
    MediaStreamTrack,
    RTCConfiguration,
    RTCDataChannel,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.mediastreams import MediaStreamError
from aiortc.rtcconfiguration import RTCIceTransportPolicy
from av import AudioFrame, VideoFrame
from PIL import Image

import background
from tests.calling import inside, ready, says
from tests.people import Person, Refusal, key


class MediaPeer:
    """Somebody in a call with one other, to whom a data channel leads once they are connected."""

    def __init__(
        self,
        person: Person,
        call: dict[str, Any],
        seat: dict[str, Any],
        *,
        relayed: bool = False,
        shows: Callable[[], tuple[MediaStreamTrack, ...]] = tuple,
    ) -> None:
        self.person, self.call, self.seat = person, call, seat
        # What came last of each kind.
        self.seen: dict[str, Any] = {}
        self._shows = shows
        self._watchers: list[asyncio.Task[None]] = []
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
    async def join(cls, person: Person, call: dict[str, Any], **more: Any) -> "MediaPeer":
        """Sit down in a call."""
        return cls(person, call, await inside(person, call), **more)

    def meet(self, other: "MediaPeer") -> None:
        """Be ready for another peer's signals."""
        self.meets(other.seat)

    def meets(self, other: dict[str, Any]) -> None:
        """Be ready for the signals of a peer of this id."""
        self.other = other
        self._polite = other["peer_id"] in self.seat["room"]["polite_to"]
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
        await background.end(self._task, *self._watchers)
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
        self.connection.on("track", lambda track: self._watchers.append(asyncio.create_task(self._watch(track))))
        for track in self._shows():
            self.connection.addTrack(track)

    async def _watch(self, track: MediaStreamTrack) -> None:
        with suppress(MediaStreamError):
            while True:
                self.seen[track.kind] = await track.recv()

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
        # Also where the server refused the own offer before this one came: it was made here all the same.
        if self._offering or newer or self.connection.signalingState == "have-local-offer":
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


class Colour(VideoStreamTrack):
    """A picture of one colour."""

    def __init__(self, rgb: tuple[int, int, int]) -> None:
        super().__init__()
        self._picture = VideoFrame.from_image(Image.new("RGB", (160, 120), rgb))

    async def recv(self) -> VideoFrame:
        self._picture.pts, self._picture.time_base = await self.next_timestamp()
        return self._picture


class Tone(AudioStreamTrack):
    """A loud tone: a square of 500 Hz."""

    async def recv(self) -> AudioFrame:
        frame = await super().recv()
        period = frame.sample_rate // 500
        half = period // 2
        wave = array("h", [8000] * half + [-8000] * (period - half))
        frame.planes[0].update((wave * (frame.samples // period + 1))[: frame.samples].tobytes())
        return frame


def colour(frame: VideoFrame) -> tuple[int, int, int]:
    """That of a picture's middle."""
    image = frame.to_image()
    found: tuple[int, int, int] = image.getpixel((image.width // 2, image.height // 2))
    return found


def loudness(frame: AudioFrame) -> float:
    """How far it swings, on average."""
    samples = array("h", bytes(frame.planes[0])[: frame.samples * 2])
    return sum(map(abs, samples)) / len(samples)


async def talk(one: MediaPeer, other: MediaPeer) -> None:
    """AssertionError unless each hears what the other says."""
    for speaker, listener in ((one, other), (other, one)):
        words = key()
        await speaker.says(words)
        async with asyncio.timeout(30):
            while await listener.heard.get() != words:
                pass
