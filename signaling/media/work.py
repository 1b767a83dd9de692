"""What the server's own peer does in a call: sends everything back, or records."""

import asyncio
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from aiortc import MediaStreamTrack, RTCPeerConnection

from signaling.media.line import AWAY, Line, Refused
from signaling.media.recording import Recording, made_whole
from signaling.media.shelf import Film

log = structlog.get_logger(__name__)

# A recording waits for its server for a minute.
TRIES, AGAIN_SECONDS = 20, 3.0
# The call takes none: somebody had everything deleted, or it is no film. Whatever else is said may pass.
FOR_GOOD = {"not_found", "invalid", "too_large"}


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

    def __init__(self, line: Line, film: Film) -> None:
        self._line = line
        self._film = film
        self.recording = Recording(film.path)

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
        await self.recording.close()
        await hand_in(self._film, self._line)


async def hand_in(film: Film, line: Line) -> None:
    """Have a recording be kept with its call, and not on this disk; raises, and leaves it, if that cannot be now."""
    try:
        if (whole := await asyncio.to_thread(made_whole, film.path)) is not None:
            await _keep(whole, film, line)
        film.drop()
    finally:
        film.let_go()


async def _keep(whole: Path, film: Film, line: Line) -> None:
    """Once, also where an answer is lost; and also by a server that is started anew at this moment."""
    # By a process that did not live to hear that the call has it.
    sent_before = film.upload_id
    for left in reversed(range(TRIES)):
        try:
            if not film.upload_id:
                film.upload_id = await line.upload(whole, "recording.mp4")
            await line.post(f"/video-calls/{film.session_id}/recordings/", {"upload_id": film.upload_id})
        except (Refused, *AWAY) as error:
            code = error.code if isinstance(error, Refused) else ""
            if code == "invalid" and sent_before and film.upload_id == sent_before:
                # The call never got it, and what nothing shows is kept for a day.
                film.upload_id = ""
            elif code in FOR_GOOD:
                log.warning("recording_refused", session_id=film.session_id, why=str(error))
                return
            if left == 0:
                raise
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return
