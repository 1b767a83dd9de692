"""What a process that died left open in the database, and how the living have it closed.

A transaction outlives its process by a minute, and nobody can write what it wrote until then: so each process keeps
a list of its database sessions and a beat beside it, and whoever sees a beat stand still, or knows that the process
is gone because it ran on the same machine, ends those sessions.
"""

import asyncio
import os
from contextlib import suppress
from contextvars import Context
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError

import background
from store.ids import new_id

BEAT_SECONDS = 1.0
# Two missed beats. One that was only paused finds its transaction aborted, and runs it again: waiting longer would
# only cost those who wait for what a dead one wrote.
SILENCE_SECONDS = 2.5
# The driver uses none again that it has not used for half an hour, and neither side remembers it.
KEPT_SECONDS = 35 * 60

log = structlog.get_logger(__name__)


@cache
def machine() -> str | None:
    """Where this process's number means something: this run of this machine, in this namespace of processes."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip() + str(
            Path("/proc/self/ns/pid").readlink()
        )
    except OSError:
        return None


def is_gone(entry: dict[str, Any]) -> bool:
    """Tell whether a process of this machine has ended; of one elsewhere only its silence tells."""
    if machine() is None or entry.get("machine") != machine():
        return False
    try:
        os.kill(entry["pid"], 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False


def is_broken(session: AsyncClientSession) -> bool:
    """Tell whether a connection broke while a session was in use, so that the database may not know that it ended."""
    # Said nowhere in public, though nobody else knows of an abort that was lost.
    dirty: bool = session._server_session.dirty
    return dirty


class Covered(NamedTuple):
    """A session as the database names it, and when it was last begun with."""

    id: Any
    at: float


class Lifeline:
    """This process's own entry, and an eye on those of the others."""

    def __init__(self, documents: AsyncDatabase[dict[str, Any]]) -> None:
        self._documents = documents
        self._entries = documents["processes"]
        self._id = new_id()
        self._sessions: dict[bytes, Covered] = {}
        self._forsaken: dict[bytes, Any] = {}
        self._seen: dict[str, tuple[int, float]] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to beat and to watch, once."""
        if self._task is None:
            # In a context of its own: whoever happens to be first may have little time left.
            self._task = asyncio.create_task(self._run(), name="lifeline", context=Context())

    async def stop(self) -> None:
        """End in order: there is nothing to clean up after us."""
        if self._task is None:
            return
        await background.end(self._task)
        with suppress(PyMongoError):
            await self._entries.delete_one({"_id": self._id})

    async def cover(self, session: AsyncClientSession) -> None:
        """Have a session on the list before it is used; the driver uses the same few over and over."""
        self.start()
        id_ = session.session_id["id"]
        is_new = bytes(id_) not in self._sessions
        self._sessions[bytes(id_)] = Covered(id_, asyncio.get_running_loop().time())
        if is_new:
            await self._beat()

    def forsake(self, session: AsyncClientSession) -> None:
        """Have what a session left open closed soon: its end could not be told to the database in time."""
        id_ = session.session_id["id"]
        # So that the driver gives it to nobody else, who would be the one to be ended.
        session._server_session.mark_dirty()
        self._forsaken[bytes(id_)] = id_

    async def _run(self) -> None:
        while True:
            # An unreachable database is told elsewhere. After it everybody looks silent: some transactions run again.
            for step in (self._beat, self._watch, self._end_forsaken):
                try:
                    await step()
                except PyMongoError:
                    pass
                except Exception:
                    # What cannot be read of one process is no reason to fall silent.
                    log.exception("lifeline_failed")
            await asyncio.sleep(BEAT_SECONDS)

    async def _beat(self) -> None:
        since = asyncio.get_running_loop().time() - KEPT_SECONDS
        self._sessions = {id_: one for id_, one in self._sessions.items() if one.at > since}
        sessions = [one.id for one in self._sessions.values()]
        itself = {"sessions": sessions, "machine": machine(), "pid": os.getpid()}
        change = {"$inc": {"beat": 1}, "$set": itself}
        await self._entries.update_one({"_id": self._id}, change, upsert=True)

    async def _watch(self) -> None:
        # By our own clock, and counting beats: no two machines need to agree on the time.
        now = asyncio.get_running_loop().time()
        seen: dict[str, tuple[int, float]] = {}
        async for entry in self._entries.find({}):
            beat, since = self._seen.get(entry["_id"], (None, now))
            seen[entry["_id"]] = (entry["beat"], since if beat == entry["beat"] else now)
            if now - seen[entry["_id"]][1] >= SILENCE_SECONDS or is_gone(entry):
                await self._end(entry)
        self._seen = seen

    async def _end_forsaken(self) -> None:
        ended = dict(self._forsaken)
        await self._kill(list(ended.values()))
        for id_ in ended:
            del self._forsaken[id_]
            self._sessions.pop(id_, None)

    async def _end(self, entry: dict[str, Any]) -> None:
        await self._kill(entry["sessions"])
        await self._entries.delete_one({"_id": entry["_id"], "beat": entry["beat"]})

    async def _kill(self, sessions: list[Any]) -> None:
        # Whoever uses one of them again meanwhile is told to run its transaction anew.
        if sessions:
            await self._documents.client.admin.command({"killSessions": [{"id": id_} for id_ in sessions]})
