"""Answers what rings for the server's own peer. Any number of processes do: a ring is answered by one of them."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import structlog

import background
from signaling.media.line import AWAY, Line, Refused
from signaling.media.shelf import Shelf
from signaling.media.visit import Visit
from signaling.media.work import Echo, Recorder, hand_in

log = structlog.get_logger(__name__)


class Answering:
    """Sits in so many calls at once, and leaves what rings beyond that to other processes."""

    def __init__(self, line: Line, shelf: Shelf, *, most_calls: int) -> None:
        self.line = line
        self._shelf = shelf
        self._clearing: asyncio.Task[None] | None = None
        self._most_calls = most_calls
        self._me = ""
        self.visits: dict[asyncio.Task[None], Visit] = {}

    @property
    def is_ready(self) -> bool:
        """Whether there was a line."""
        return bool(self._me)

    async def run(self) -> None:
        """Hear and answer, for ever."""
        while True:
            name, said = await self.line.heard.get()
            if name == "hello":
                self._me = said["user_id"]
            session_id = said.get("session_id") or said.get("call", {}).get("session_id")
            for visit in self.visits.values():
                # A new line concerns all of them.
                if name == "hello" or visit.session_id == session_id:
                    visit.heard.put_nowait((name, said))
            if name == "hello":
                if self._clearing is None or self._clearing.done():
                    self._clearing = asyncio.create_task(self._clear())
                await self._look_around()
            elif name in {"call:created", "call:updated"}:
                self._consider(said["call"])

    async def leave(self) -> None:
        """Leave every call, with what was recorded handed in."""
        for visit in self.visits.values():
            visit.leaves.set()
        await asyncio.gather(*self.visits, return_exceptions=True)
        await background.end(self._clearing)

    async def _clear(self) -> None:
        """Hand in what processes have left that are not there any more."""
        for film in self._shelf.left():
            log.info("recording_found", session_id=film.session_id)
            try:
                await hand_in(film, self.line)
            except (Refused, OSError, *AWAY):
                log.exception("recording_waits", session_id=film.session_id)

    async def _look_around(self) -> None:
        """What rings already in calls of its own; that it shall record, the line is told after it is back."""
        try:
            for call in (await self.line.ask("call:list", {}))["items"]:
                self._consider(call)
        except Refused as refusal:
            log.warning("calls_not_listed", why=str(refusal))

    def _consider(self, call: dict[str, Any]) -> None:
        rings = any(
            (ring["user_id"], ring["answer"]) == (self._me, "ringing")
            and datetime.fromisoformat(ring["until"]) > datetime.now(UTC)
            for ring in call["rings"]
        )
        if not rings or call["status"] == "ended" or len(self.visits) >= self._most_calls:
            return
        if any(visit.session_id == call["session_id"] and not visit.is_over for visit in self.visits.values()):
            return
        work = Echo() if self._me in call["participants"] else self._recorder(call["session_id"])
        visit = Visit(self.line, call, work)
        task = asyncio.create_task(visit.run(), name=f"visit {call['session_id']}")
        self.visits[task] = visit
        task.add_done_callback(self._done)

    def _recorder(self, session_id: str) -> Recorder:
        return Recorder(self.line, self._shelf.begin(session_id))

    def _done(self, task: asyncio.Task[None]) -> None:
        del self.visits[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("visit_failed", exc_info=error)
