"""Counts who sees which gig: gathered here, and written in batches beside the requests that saw them.

A look is no promise: what a process has gathered and not written when it dies is not counted.
"""

import asyncio
import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

import structlog

import background
from handlers.ports import Tokens
from server.limits import network_of
from store import Store
from store.database import Duplicate, Session, is_unavailable
from store.sightings import KEPT, How, Sighting

log = structlog.get_logger(__name__)

FLUSH_SECONDS = 2.0
AT_ONCE = 200
MOST_TRIES = 3
# More than this in a flush, or within the hour, and it is enough to count the first ones.
MOST_WAITING = 10_000
MOST_REMEMBERED = 50_000


class SightingCounter:
    """Gathers looks, and counts those that are new within the hour on any process."""

    def __init__(self, store: Store, tokens: Tokens, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._tokens = tokens
        self._clock = clock
        self._waiting: dict[str, Sighting] = {}
        # What this process has counted lately, so that a list that is looked at again asks the database nothing.
        self._counted: dict[str, float] = {}
        self._task: asyncio.Task[None] | None = None

    def see(self, gig_ids: Sequence[str], how: How, viewer: str) -> None:
        """Note that somebody saw these gigs; by person, or by address: no row says by which."""
        # Of the server's key: who reads the database cannot try out whom it stands for.
        whose = self._tokens.prove(f"viewer.{network_of(viewer)}")
        now = time.monotonic()
        for gig_id in gig_ids:
            id_ = hashlib.sha256(f"{how}.{gig_id}.{whose}".encode()).hexdigest()
            if self._counted.get(id_, 0) <= now and len(self._waiting) < MOST_WAITING:
                self._waiting.setdefault(id_, Sighting(id=id_, gig_id=gig_id, how=how, at=self._clock()))

    def start(self) -> None:
        """Begin to write."""
        self._task = asyncio.create_task(self._write_forever(), name="sightings")

    async def stop(self) -> None:
        """Write what waits, and end."""
        await background.end(self._task)
        await self._write_quietly()

    async def _write_forever(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self._write_quietly()

    async def _write_quietly(self) -> None:
        try:
            while self._waiting:
                await self._write([self._waiting.pop(id_) for id_ in list(self._waiting)[:AT_ONCE]])
        except Exception as error:
            if not is_unavailable(error):
                log.exception("sightings_failed")

    async def _write(self, batch: Sequence[Sighting]) -> None:
        async def run(session: Session) -> None:
            store = self._store.within(session)
            known = await store.sightings.known([one.id for one in batch], now=self._clock())
            new = [one for one in batch if one.id not in known]
            await store.sightings.insert_all(new)
            for amounts, gig_ids in _amounts(new).items():
                await store.gigs.count(gig_ids, dict(amounts))

        # Another process may have been told of the same look at the same moment: the next try knows it.
        for _ in range(MOST_TRIES):
            with suppress(Duplicate):
                await self._store.database.transaction(run)
                break
        if len(self._counted) > MOST_REMEMBERED:
            self._counted.clear()
        self._counted.update(dict.fromkeys((one.id for one in batch), time.monotonic() + KEPT.total_seconds()))


def _amounts(sightings: Sequence[Sighting]) -> dict[tuple[tuple[How, int], ...], list[str]]:
    """The gigs by what is to be added to their counts: most have the same, and are one write."""
    by_gig: dict[str, dict[How, int]] = defaultdict(lambda: defaultdict(int))
    for one in sightings:
        by_gig[one.gig_id][one.how] += 1
    grouped: dict[tuple[tuple[How, int], ...], list[str]] = defaultdict(list)
    for gig_id, amounts in by_gig.items():
        grouped[tuple(sorted(amounts.items()))].append(gig_id)
    return grouped
