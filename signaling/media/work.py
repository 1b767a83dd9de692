"""What the server's own peer does in a call: sends everything back, or records."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from aiortc import MediaStreamTrack, RTCPeerConnection

from signaling.media.line import AWAY, Line, Refused
from signaling.media.recording import Recording

# A recording waits for its server for a minute.
TRIES, AGAIN_SECONDS = 20, 3.0
PASSES = {"unavailable", "maintenance", "rate_limited", "conflict"}


class Seen(NamedTuple):
    """A track of somebody, and the connection by which it comes."""

    peer_id: str
    connection: RTCPeerConnection
    track: MediaStreamTrack


class Work:
    """What is done with those who are there; nothing by itself."""

    # Whether everybody is told how they come through.
    reports = False
    is_done = False

    def saw(self, seen: Seen) -> None:
        """Somebody shows something."""

    async def gone(self, peer_id: str) -> None:
        """Somebody has left, or begins anew."""

    def look(self, call: dict[str, Any], people: set[str]) -> None:
        """The call is this now, and these are there."""

    def stop(self) -> None:
        """It is over from this moment."""

    async def close(self) -> None:
        """Hand in what there is."""


class Echo(Work):
    """Whoever is there hears and sees themselves, and is told how they come through."""

    reports = True

    def saw(self, seen: Seen) -> None:
        """Send it back by the way on which it came."""
        seen.connection.addTrack(seen.track)


class Recorder(Work):
    """Records while everybody who is there allows it, and keeps that with the call once somebody does not any more."""

    def __init__(self, line: Line, session_id: str) -> None:
        self._line = line
        self._session_id = session_id
        self._folder = tempfile.TemporaryDirectory(prefix="skillnet-recording-")
        self.recording = Recording(Path(self._folder.name) / "call.mp4")

    def saw(self, seen: Seen) -> None:
        """Take it in."""
        self.recording.follow(seen.peer_id, seen.track)

    async def gone(self, peer_id: str) -> None:
        """Take in no more of them."""
        await self.recording.forget(peer_id)

    def look(self, call: dict[str, Any], people: set[str]) -> None:
        """By the server's word and by who is seen here: whichever is later to allow it, or sooner to forbid it."""
        recording = call["recording"]
        self.recording.allowed = recording["state"] == "on" and people <= set(recording["consents"])
        self.is_done = recording["state"] == "off"

    def stop(self) -> None:
        """Not a picture more."""
        self.recording.allowed = False

    async def close(self) -> None:
        """Hand in what was recorded."""
        try:
            if await self.recording.close():
                await self._hand_in()
        finally:
            self._folder.cleanup()

    async def _hand_in(self) -> None:
        """Also to a server that is started anew at this moment."""
        for left in reversed(range(TRIES)):
            try:
                upload_id = await self._line.upload(self.recording.path, "recording.mp4")
                await self._line.post(f"/video-calls/{self._session_id}/recordings/", {"upload_id": upload_id})
            except (Refused, *AWAY) as error:
                if left == 0 or (isinstance(error, Refused) and error.code not in PASSES):
                    raise
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                return
