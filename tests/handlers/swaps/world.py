"""A world whose time a test turns: people ask by the real dispatcher, and workers do what is due on the way.

Nothing is published, so that every event that was ever committed is still in the outbox to be counted.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr
from pymongo.errors import PyMongoError

from handlers.context import Actor, Caller, Context
from handlers.letters import Letter
from server.api import OPERATIONS
from server.config import Settings
from server.core import Core, make_core
from server.dispatch import Asker
from server.embedded import Endpoints
from server.jobs import Worker
from server.mail import DevelopmentOutbox, Mailer
from server.work import Work
from store import Store
from store.database import is_unavailable
from store.ids import new_id
from store.jobs import Job, Queue
from store.repository import order_of
from store.swaps import Mode, Status, Swap, pair_of
from store.users import Role, User
from tests.backstage import patiently, worked

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
ROWS = {row.name: replace(row, limits=()) for row in OPERATIONS}


class World:
    """One database, as many processes as are wanted, and a clock for all."""

    def __init__(self, cores: list[Core], clock: list[datetime]) -> None:
        self._cores = cores
        self._clock = clock
        self._mailers = [DevelopmentOutbox() for _ in cores]
        self._workers = [_worker(core, mailer) for core, mailer in zip(cores, self._mailers, strict=True)]

    @property
    def now(self) -> datetime:
        return self._clock[0]

    @property
    def store(self) -> Store:
        return self._cores[0].store

    def after(self, **time: float) -> str:
        """A moment so much later."""
        return (self.now + timedelta(**time)).isoformat()

    async def somebody(self, name: str, *, role: Role = Role.USER) -> str:
        """A person who joined just now; their id."""
        user = User(
            id=new_id(), name=name, email="", email_key="", owned_email=new_id(), password_hash=None, role=role,
            created_at=self.now, updated_at=self.now,
        )  # fmt: skip
        await self.store.users.insert(user)
        return user.id

    async def asks(self, person: str, event: str, **payload: Any) -> Any:
        """Have somebody ask for something, on one of the processes."""
        actor = Actor(person, session_id=new_id(), expires_at=self.now + timedelta(hours=1))
        core = self._cores[hash(person) % len(self._cores)]
        asker = Asker(Caller(address=""), actor)
        answer = await patiently(lambda: core.dispatch(ROWS[event], payload, asker))
        return json.loads(answer.text)

    async def requests(self, one: str, other: str, **more: Any) -> Any:
        """Have one ask another for a swap, three days ahead."""
        asked = {"responder": other, "offered_skill": "Guitar", "desired_skill": "French", "time_zone": "Europe/Berlin"}
        return await self.asks(one, "swap:request", **(asked | {"scheduled_time": self.after(days=3)} | more))

    async def agrees(self, one: str, other: str, **more: Any) -> Any:
        """Have them agree on one."""
        swap = await self.requests(one, other, **more)
        return await self.does(other, swap, "accept")

    async def have_swapped(self, one: str, other: str) -> None:
        """Have them have had one, a moment after whatever anybody had before."""
        await self.passes(working=False, seconds=1)
        id_, people = new_id(), (one, other)
        swap = Swap(
            id=id_, requestor=one, responder=other, people=people, pair=pair_of(one, other), status=Status.COMPLETED,
            turn=None, offered_skill="Guitar", desired_skill="French", scheduled_time=self.now, duration_minutes=60,
            time_zone="Europe/Berlin", mode=Mode.ONLINE, thread_id=new_id(), history=(), kept_by=people,
            expires_at=None, closed_at=self.now, created_at=self.now, updated_at=self.now,
            order=order_of(self.now, id_),
        )  # fmt: skip
        await self.store.swaps.insert(swap)

    async def does(self, person: str, swap: Any, action: str, **more: Any) -> Any:
        return await self.asks(person, "swap:update", swap_id=swap["id"], action=action, **more)

    async def has_done(self, work: Callable[[Context], Awaitable[None]]) -> None:
        """Have something done as a part of a job."""
        await worked(self._cores[0], work)

    async def looks(self, look: Callable[[Context], Awaitable[None]]) -> None:
        """Have a worker look for what nobody asked for."""
        await self._cores[0].dispatch.survey(look)

    async def is_there(self, person: str, *, there: bool = True) -> None:
        """Have somebody come, or be known to be gone."""
        registry = self._cores[0].presence
        await (registry.arrived if there else registry.left)(person, f"connection of {person}")

    async def letters(self) -> list[Letter]:
        """What was written to people until now, in its order."""
        await asyncio.gather(*(_work(worker) for worker in self._workers))
        return [sent.letter for mailer in self._mailers for sent in reversed(mailer.sent)]

    async def swap(self, swap: Any) -> Any:
        """A swap as it is now."""
        return await self.asks(swap["requestor"], "swap:get", swap_id=swap["id"])

    async def passes(self, *, working: bool = True, **time: float) -> None:
        """Let time pass; all workers try to do what is due, when it is, unless they are down."""
        until = self.now + timedelta(**time)
        while working and (due := await patiently(lambda: self.store.jobs.due(Queue.WORK, at=until, limit=1))):
            self._clock[0] = max(self.now, due[0].due_at)
            await asyncio.gather(*(_work(worker) for worker in self._workers))
        self._clock[0] = until

    async def told(self, person: str, type_: str) -> list[dict[str, Any]]:
        """The data of the events of a type that somebody hears, in their order."""
        return [envelope["data"] for envelope in await self.envelopes(person, type_)]

    async def envelopes(self, person: str, type_: str) -> list[dict[str, Any]]:
        """The same with what is around them."""
        end = datetime.max.replace(tzinfo=UTC)
        rows = await patiently(lambda: self.store.outbox.due(before=end, limit=100_000))
        mine = [row for row in rows if row.type == type_ and f"user:{person}" in row.audiences]
        return [json.loads(row.body) for row in sorted(mine, key=lambda row: (row.order_n or 0, row.id))]


class PatientWorker(Worker):
    """One for whom a moment without the database takes none of the world's time."""

    async def _begin(self, job: Job) -> bool:
        try:
            return await super()._begin(job)
        except PyMongoError as error:
            # Perhaps it is taken, and nobody knows by whom.
            await self._again_now(job, error)
            return False

    async def _try_again(self, job: Job, work: Work, error: Exception) -> None:
        if is_unavailable(error):
            await self._again_now(job, error)
        else:
            await super()._try_again(job, work, error)

    async def _again_now(self, job: Job, error: Exception) -> None:
        if not is_unavailable(error):
            raise error
        await patiently(lambda: self._jobs.put_back(job, due_at=self._clock(), error=type(error).__name__))


def _worker(core: Core, mailer: Mailer) -> Worker:
    return PatientWorker(core.store.jobs, core.dispatch, mailer, clock=core.clock, trace=core.trace)


async def _work(worker: Worker) -> None:
    await patiently(worker._begin_what_is_due)
    await asyncio.gather(*worker._doing)


@asynccontextmanager
async def world(mongodb_url: str, database: str, *, processes: int = 1, **more: Any) -> AsyncIterator[World]:
    """A world over a database of its own."""
    settings = Settings(
        mongodb_database=database,
        jwt_secret=SecretStr("s" * 32),
        data_keys=(SecretStr("d" * 32),),
        **({"open_swaps": 1000, "first_contacts": 1000} | more),
    )
    clock = [NOW]
    endpoints = Endpoints(mongodb_url, "redis://127.0.0.1:1")
    cores = [make_core(settings, endpoints, clock=lambda: clock[0]) for _ in range(processes)]
    await cores[0].store.create_indexes()
    try:
        yield World(cores, clock)
    finally:
        for core in cores:
            core.passwords.close()
            await core.store.database.close()
