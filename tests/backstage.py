"""What no client can do: for tests that need what a letter, a worker or the command line would have brought."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pymongo
from pymongo.errors import PyMongoError

from handlers.context import Context
from handlers.errors import Unavailable
from handlers.notifying import notify
from server.config import Settings
from server.core import Core, make_core, utc_now
from server.embedded import Endpoints
from server.security import AccessTokens
from store import Database, Store
from store.blobs import DatabaseBlobs
from store.calendar_watches import CalendarWatch, Channel, hash_of
from store.database import is_unavailable
from store.exports import Export, ExportPiece, piece_id
from store.jobs import Job, Queue, State
from store.notifications import Topic
from store.repository import order_of
from store.scores import Reason, Score, score_id
from store.swaps import Outcome, Status
from store.tickets import Purpose, Ticket
from store.uploads import Upload
from store.users import Role, User
from tests.processes import Servers

T = TypeVar("T")

HOUR = timedelta(hours=1)
PATIENCE = 60.0


@dataclass(frozen=True)
class Backstage:
    """The database of a server, by the server's own repositories."""

    settings: Settings
    servers: Servers

    async def link(self, purpose: Purpose, user_id: str, email: str) -> str:
        """What would stand behind the # of a link, had a worker written the letter."""
        now = utc_now()
        ticket = Ticket(purpose=purpose, user_id=user_id, email=email, created_at=now, expires_at=now + HOUR)
        async with self._store() as store:
            await store.tickets.insert(ticket)
        tokens = AccessTokens(self.settings.jwt_secret.get_secret_value().encode(), lifetime=HOUR)
        return f"{ticket.id}.{tokens.prove(f'ticket.{purpose}.{ticket.id}')}"

    async def promote(self, user_id: str, role: Role) -> None:
        """Make somebody staff."""
        async with self._store() as store:
            await store.users.update(user_id, {"role": role})

    async def swapped(self, user_id: str) -> None:
        """Points of a swap that is long over; nobody is told of the badge that they earn."""
        now, cause = utc_now(), "swap:" + "0" * 24
        score = Score(
            id=score_id(user_id, cause, 1), user_id=user_id, cause=cause, n=1, reason=Reason.SWAP, sign=1, points=20,
            partner="0" * 24, minutes=60, at=now, day=now.date().isoformat(), noted_at=now, order=order_of(now, cause),
        )  # fmt: skip
        async with self._store() as store:
            if await store.scores.get(score.id) is None:
                await store.scores.insert(score)

    async def unawarded(self, user_id: str) -> None:
        """Take somebody's badges away, and what told them."""
        async with self._store() as store:
            for kept in (store.awards, store.notifications):
                while await kept.delete_owned(user_id, most=100):
                    pass

    async def user(self, user_id: str) -> User:
        """Somebody as kept."""
        async with self._store() as store:
            user = await store.users.get(user_id)
        assert user is not None
        return user

    async def dispute(self, swap_id: str) -> None:
        """Have a swap be disputed, as it may be once it has begun."""
        async with self._store() as store:
            swap = await store.swaps.get(swap_id)
            assert swap is not None
            disputed = {"status": Status.DISPUTED, "turn": None, "proposals": (), "expires_at": None}
            await store.swaps.replace(swap.model_copy(update=disputed), version=swap.version)

    async def hold(self, swap_id: str) -> None:
        """Have a swap be completed, as both may say once it has begun; nobody is told."""
        async with self._store() as store:
            swap = await store.swaps.get(swap_id)
            assert swap is not None
            now = utc_now()
            said = {"outcomes": dict.fromkeys(swap.people, Outcome.HAPPENED), "closed_at": now, "scheduled_time": now}
            held = {
                "status": Status.COMPLETED,
                "turn": None,
                "proposals": (),
                "expires_at": None,
                "kept_by": swap.people,
            }
            await store.swaps.replace(swap.model_copy(update=held | said), version=swap.version)

    async def watches(self, user_id: str) -> tuple[str, str]:
        """A channel by which Google tells of somebody's calendar, and its secret."""
        id_, token = secrets.token_hex(16), secrets.token_urlsafe(32)
        channel = Channel(id=id_, token_hash=hash_of(token), resource_id="a", ends_at=utc_now() + HOUR)
        async with self._store() as store:
            await store.calendar_watches.put_whole(CalendarWatch(id=user_id, channel=channel))
        return id_, token

    async def half_an_upload(self, user_id: str) -> None:
        """What is left of a process that was killed while it took in a file."""
        now, id_ = utc_now(), secrets.token_hex(12)
        async with self._store() as store:
            job = Job(kind="DropUpload", errand={"upload_id": id_}, due_at=now + HOUR, created_at=now)
            await store.jobs.insert(job)
            await store.uploads.insert(
                Upload(id=id_, owner=user_id, name="half", created_at=now, order=order_of(now, id_))
            )
            blobs = DatabaseBlobs(store.blob_files, store.blob_chunks, clock=utc_now)
            await blobs.put(f"{id_}/original", Path(__file__))

    async def failed_job(self) -> str:
        """A job that was given up."""
        now = utc_now()
        job = Job(kind="DropUpload", errand={"upload_id": "0" * 24}, due_at=now, created_at=now)
        async with self._store() as store:
            await store.jobs.insert(job)
            await store.jobs.give_up(job, at=now, error="OSError")
        return job.id

    async def has_done(self, kind: str) -> bool:
        """Whether a job of a kind was done."""
        async with self._store() as store:
            return bool(await store.jobs.page(State.DONE, kind, before=None, limit=1))

    async def late_job(self, late: timedelta) -> None:
        """A job that has been due for so long, and that only a later version knows."""
        due = utc_now() - late
        async with self._store() as store:
            await store.jobs.insert(Job(kind="OfTomorrow", errand={}, due_at=due, created_at=due))

    async def waiting(self, kind: str) -> list[Job]:
        """The jobs of a kind that nobody has done."""
        async with self._store() as store:
            return await store.jobs.page(State.WAITING, kind, before=None, limit=1000)

    async def has_due(self, ahead: timedelta) -> bool:
        """Whether a job is due by then, or is being done: one that is taken waits for the end of its lease."""
        async with self._store() as store:
            waiting = await store.jobs.page(State.WAITING, None, before=None, limit=1000)
            due = utc_now() + ahead
            return any(job.attempts or (job.due_at <= due and job.queue is not Queue.LETTERS) for job in waiting)

    async def notify(self, user_id: str, topic: Topic, **said: Any) -> str:
        """Notify somebody, as a worker does; the id of their newest."""
        await self.does(lambda ctx: notify([user_id], topic, ctx, **said))
        async with self._store() as store:
            (newest,) = await store.notifications.page(user_id, before=None, limit=1)
        return newest.id

    async def does(self, work: Callable[[Context], Awaitable[None]]) -> None:
        """Have something done, as a worker does it."""
        async with self.core() as core:
            await worked(core, work)

    @asynccontextmanager
    async def core(self, *, ahead: timedelta = timedelta(0)) -> AsyncIterator[Core]:
        """What a worker is made of, and hears nothing; its clock perhaps ahead."""
        endpoints = Endpoints(self.servers.mongodb_url, self.servers.redis_url)
        core = make_core(self.settings, endpoints, clock=lambda: utc_now() + ahead)
        await core.start(lambda _audience, _event: None, lambda _audience, _position: None)
        try:
            yield core
        finally:
            await core.stop()

    async def export(self, user_id: str) -> str:
        """A copy that can be fetched; its id."""
        now = utc_now()
        export = Export(
            user_id=user_id, created_at=now, expires_at=now + HOUR, ready_at=now, size=len(b"a zip"), pieces=1
        )
        piece = ExportPiece(
            id=piece_id(export.id, 0), export_id=export.id, user_id=user_id, expires_at=now + HOUR, data=b"a zip"
        )
        async with self._store() as store:
            await store.exports.insert(export)
            await store.export_pieces.insert(piece)
        return export.id

    @asynccontextmanager
    async def _store(self) -> AsyncIterator[Store]:
        database = Database(self.servers.mongodb_url, self.settings.mongodb_database)
        # Nobody here is told that it takes long.
        with pymongo.timeout(PATIENCE):
            yield Store(database)
        await database.close()


async def worked(core: Core, work: Callable[[Context], Awaitable[None]]) -> None:
    """Have something done, in a transaction of its own."""
    await patiently(partial(core.dispatch.work, work))


async def patiently(do: Callable[[], Awaitable[T]]) -> T:
    """Do something, and again where the database had no time for it, as clients and workers do."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await do()
            except (Unavailable, PyMongoError) as error:
                if isinstance(error, PyMongoError) and not is_unavailable(error):
                    raise
                await asyncio.sleep(0.1)
