"""A recording: everybody's pictures side by side and their voices together, in one file, for as long as it may be.

Nothing is kept, not even for a moment, while it may not be: what comes meanwhile is heard and forgotten. It is written
in fragments, so that what there is of it can be seen however its process ends.
"""

import asyncio
import math
import time
from array import array
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from PIL import Image

import background

PICTURES_A_SECOND = 10
WIDTH, HEIGHT = 640, 360
# With the voices four hours are below what an upload may have.
PICTURE_BITS, VOICE_BITS = 180_000, 48_000
RATE = 48_000
SAMPLES = RATE // PICTURES_A_SECOND
FRAGMENTS = {"movflags": "empty_moov+default_base_moof", "frag_duration": "1000000", "flush_packets": "1"}
# A voice that comes in bursts waits so long at most, in bytes: what is older is let go.
MOST_WAITING = RATE
# A process that was stopped for a while goes on from now.
LATE_SECONDS = 1.0


class Source:
    """One track of somebody: its last picture, or the sound that waits to be mixed."""

    def __init__(self, whose: str, track: MediaStreamTrack) -> None:
        self.whose = whose
        self.picture: Any = None
        self.sound = bytearray()
        self._track = track
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        self.task = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        while True:
            try:
                frame: Any = await self._track.recv()
            except MediaStreamError:
                self.picture = None
                return
            if self._track.kind == "video":
                self.picture = frame
                continue
            for part in self._resampler.resample(frame):
                self.sound += bytes(part.planes[0])[: part.samples * 2]
            del self.sound[:-MOST_WAITING]

    def take(self) -> "array[int]":
        """The sound of one picture's time; silence where there is less."""
        wanted = SAMPLES * 2
        taken = bytes(self.sound[:wanted]).ljust(wanted, b"\0")
        del self.sound[:wanted]
        return array("h", taken)


class Recording:
    """Writes while `allowed`; its time stands still meanwhile."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.allowed = False
        self.pictures = 0
        self.sources: list[Source] = []
        self._container = av.open(str(path), "w", format="mp4", options=FRAGMENTS)
        self._picture_stream: Any = self._container.add_stream("libx264", rate=PICTURES_A_SECOND)
        self._picture_stream.width, self._picture_stream.height = WIDTH, HEIGHT
        self._picture_stream.pix_fmt = "yuv420p"
        self._picture_stream.bit_rate = PICTURE_BITS
        self._picture_stream.options = {"preset": "veryfast", "tune": "zerolatency"}
        self._voice_stream: Any = self._container.add_stream("aac", rate=RATE, layout="mono")
        self._voice_stream.bit_rate = VOICE_BITS
        self._task = asyncio.create_task(self._run(), name="recording")

    def follow(self, whose: str, track: MediaStreamTrack) -> None:
        """Take a track of somebody in."""
        self.sources.append(Source(whose, track))

    async def forget(self, whose: str) -> None:
        """Somebody has gone, or shows themselves anew."""
        gone = [one for one in self.sources if one.whose == whose]
        self.sources = [one for one in self.sources if one.whose != whose]
        await background.end(*(one.task for one in gone))

    async def close(self) -> None:
        """Finish the file."""
        await background.end(self._task, *(one.task for one in self.sources))
        await asyncio.to_thread(self._finish)

    async def _run(self) -> None:
        due = time.monotonic()
        while True:
            due += 1 / PICTURES_A_SECOND
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if time.monotonic() - due > LATE_SECONDS:
                due = time.monotonic()
            sounds = [one.take() for one in self.sources]
            pictures = [one.picture for one in self.sources if one.picture is not None]
            if self.allowed:
                await asyncio.to_thread(self._write, pictures, sounds)

    def _write(self, pictures: list[Any], sounds: "list[array[int]]") -> None:
        frames: Any = av.VideoFrame
        picture = frames.from_image(side_by_side(pictures))
        picture.pts, picture.time_base = self.pictures, Fraction(1, PICTURES_A_SECOND)
        voice = av.AudioFrame(format="s16", layout="mono", samples=SAMPLES)
        voice.planes[0].update(together(sounds).tobytes().ljust(voice.planes[0].buffer_size, b"\0"))
        voice.pts, voice.sample_rate, voice.time_base = self.pictures * SAMPLES, RATE, Fraction(1, RATE)
        self._container.mux(self._picture_stream.encode(picture))
        self._container.mux(self._voice_stream.encode(voice))
        self.pictures += 1

    def _finish(self) -> None:
        if self.pictures:
            self._container.mux(self._picture_stream.encode(None))
            self._container.mux(self._voice_stream.encode(None))
        self._container.close()


def made_whole(fragments: Path) -> Path | None:
    """A file of these fragments in which players can seek, or None if nothing is in them."""
    whole, packets = fragments.with_name("recording.mp4"), 0
    # Where its process was killed it ends in the middle of something, which is left out.
    with (
        suppress(av.InvalidDataError),
        av.open(str(fragments)) as source,
        av.open(str(whole), "w", options={"movflags": "faststart"}) as made,
    ):
        streams = {stream.index: made.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is not None and not packet.is_corrupt:
                packet.stream = streams[packet.stream.index]
                made.mux(packet)
                packets += 1
    return whole if packets else None


def side_by_side(pictures: list[Any]) -> Image.Image:
    """All of them in one, each whole."""
    canvas = Image.new("RGB", (WIDTH, HEIGHT))
    columns = math.ceil(math.sqrt(len(pictures))) or 1
    rows = math.ceil(len(pictures) / columns) or 1
    width, height = WIDTH // columns, HEIGHT // rows
    for number, picture in enumerate(pictures):
        scale = min(width / picture.width, height / picture.height)
        # The scaler takes even sizes.
        fits = (max(2, int(picture.width * scale) // 2 * 2), max(2, int(picture.height * scale) // 2 * 2))
        small = picture.reformat(width=fits[0], height=fits[1], format="rgb24").to_image()
        left, top = number % columns * width, number // columns * height
        canvas.paste(small, (left + (width - fits[0]) // 2, top + (height - fits[1]) // 2))
    return canvas


def together(sounds: "list[array[int]]") -> "array[int]":
    """All of them at once, never louder than can be said."""
    if len(sounds) == 1:
        return sounds[0]
    return (
        array("h", (max(-32768, min(32767, sum(heard))) for heard in zip(*sounds, strict=True)))
        if sounds
        else silence()
    )


def silence() -> "array[int]":
    """One picture's time of it."""
    return array("h", bytes(SAMPLES * 2))
