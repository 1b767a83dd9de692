"""A seat in one call, by the protocol of the README: join, ready, signals; resume after a cut; leave."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog

import background
from signaling.media.line import AWAY, Line, Refused
from signaling.media.peer import OtherPeer
from signaling.media.work import Seen, Work

log = structlog.get_logger(__name__)

REPORT_SECONDS = 2.0
# So long a seat is kept; whoever has none yet is waited for as long.
KEPT_SECONDS = 30.0
AGAIN_SECONDS = 1.0
RENEW_EARLY_SECONDS = 60.0


class Over(Exception):
    """There is nothing left to do in this call."""


class Visit:
    """What is heard of the call waits in `heard`."""

    def __init__(self, line: Line, call: dict[str, Any], work: Work) -> None:
        self.heard: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()
        self.leaves = asyncio.Event()
        self.session_id: str = call["session_id"]
        self.is_over = False
        self._line = line
        self._call = call
        self.work = work
        self._seat: dict[str, Any] = {}
        self._peers: dict[str, OtherPeer] = {}
        self._whose: dict[str, str] = {}
        self._connection_id = ""

    async def run(self) -> None:
        """From the ring to the end, which may be that another process answered first."""
        try:
            accepted = await self._patiently(partial(self._ask, "call:accept"))
            log.info("visit_begun", session_id=self.session_id)
            await self._sit("call:join", {"token": accepted["token_details"]["token"]})
            await self._until_over()
        except (Over, Refused) as why:
            log.info("visit_over", session_id=self.session_id, why=str(why))
        finally:
            await self._close()

    async def _until_over(self) -> None:
        tasks = [
            asyncio.create_task(one) for one in (self._listen(), self._report(), self._renew(), self.leaves.wait())
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        finally:
            await background.end(*tasks)

    async def _listen(self) -> None:
        while True:
            name, said = await self.heard.get()
            await self._take(name, said)

    async def _take(self, name: str, said: dict[str, Any]) -> None:
        match name:
            case "hello":
                self._connection_id = said["connection_id"]
                await self._resume()
            case "call:peer_joined" | "call:peer_rejoined":
                self._meet(said["peer"])
            case "call:peer_left":
                await self._forget(said["peer_id"])
            case "call:signal":
                await self._hear(said["signal"])
            case "call:created" | "call:updated":
                if said["call"]["version"] > self._call["version"]:
                    self._call = said["call"]
            case "call:ended" | "call:removed":
                raise Over(name)
            case "call:replaced" if said["connection_id"] == self._connection_id:
                raise Over(name)
        self._look()

    def _look(self) -> None:
        self.work.look(self._call, set(self._whose.values()))
        if self.work.is_done:
            raise Over("nothing left to do")

    async def _sit(self, verb: str, proof: dict[str, Any]) -> None:
        room = await self._patiently(partial(self._take_seat, verb, proof))
        present = {peer["peer_id"] for peer in room["peers"]}
        for peer_id in set(self._peers) - present:
            await self._forget(peer_id)
        for peer in room["peers"]:
            self._meet(peer)
        for signal in room["signals"]:
            await self._hear(signal)
        self._look()

    async def _take_seat(self, verb: str, proof: dict[str, Any]) -> Any:
        self._seat = await self._ask(verb, proof)
        return await self._ask("call:ready")

    async def _patiently(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        """Ask again what cannot be now: a person would not stay away for that either."""
        late = time.monotonic() + KEPT_SECONDS
        while True:
            async with self._line.turn:
                try:
                    return await ask()
                except Refused as refusal:
                    if not refusal.passes or self.leaves.is_set() or time.monotonic() > late:
                        raise
                    log.info("asked_again", session_id=self.session_id, why=str(refusal))
                    await asyncio.sleep(AGAIN_SECONDS)

    async def _resume(self) -> None:
        if self._seat:
            proof = {name: self._seat[name] for name in ("peer_id", "resume_secret")}
            await self._sit("call:resume", proof)

    def _meet(self, peer: dict[str, Any]) -> None:
        peer_id, user_id = peer["peer_id"], peer["user_id"]
        if peer_id in self._peers:
            return
        self._whose[peer_id] = user_id
        self._peers[peer_id] = OtherPeer(
            self._seat["ice"]["ice_servers"],
            lambda words: self._ask("call:signal", {"to": peer_id, **words}),
            lambda connection, track: self.work.saw(Seen(peer_id, connection, track)),
        )

    async def _hear(self, signal: dict[str, Any]) -> None:
        if (peer := self._peers.get(signal["from"])) is None:
            return
        try:
            if signal["description"] is not None and peer.begins_anew(signal):
                await self.work.gone(signal["from"])
            await peer.take(signal)
        except Refused as refusal:
            # They began anew meanwhile, or the line is cut: what follows says how it goes on.
            log.info("not_answered", why=str(refusal))

    async def _forget(self, peer_id: str) -> None:
        self._whose.pop(peer_id, None)
        if (peer := self._peers.pop(peer_id, None)) is not None:
            await self.work.gone(peer_id)
            await peer.close()

    async def _report(self) -> None:
        while self.work.reports:
            await asyncio.sleep(REPORT_SECONDS)
            for peer in list(self._peers.values()):
                if (found := await peer.report()) is not None:
                    amount = round(found.pop("bytes") * 8 / 1000 / REPORT_SECONDS)
                    try:
                        await self._ask("call:report", {**found, "kilobits_per_second": amount})
                    except Refused:
                        # Of the moment: the next one comes soon.
                        continue
        await asyncio.Event().wait()

    async def _renew(self) -> None:
        """New credentials for relays, for whoever comes later."""
        while True:
            until = self._seat["ice"]["expires_at"]
            wait = 600.0 if until is None else (datetime.fromisoformat(until) - datetime.now(UTC)).total_seconds()
            await asyncio.sleep(max(5.0, wait - RENEW_EARLY_SECONDS))
            try:
                self._seat["ice"] = await self._ask("call:ice")
            except Refused:
                continue
            for peer in self._peers.values():
                peer.ice_servers = self._seat["ice"]["ice_servers"]

    async def _close(self) -> None:
        # Left before what was recorded is handed in, which takes a while: nobody shall think that it goes on.
        self.is_over = True
        self.work.stop()
        if self._seat:
            try:
                await self._ask("call:leave")
            except Refused as refusal:
                # Of a call that is over nobody has a seat.
                log.info("not_left", session_id=self.session_id, why=str(refusal))
        for peer_id in list(self._peers):
            await self._forget(peer_id)
        try:
            await self.work.close()
        except (Refused, OSError, *AWAY):
            log.exception("recording_waits", session_id=self.session_id)

    async def _ask(self, verb: str, more: dict[str, Any] | None = None) -> Any:
        return await self._line.ask(verb, {"session_id": self.session_id, **(more or {})})
