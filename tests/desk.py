"""Where tests take people's time, by the real dispatcher over the real database; as a program, in another process.

Each line that the program reads is a request, and each that it writes its answer.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from handlers import booking
from handlers.context import Context
from handlers.errors import DomainError
from handlers.models import Access, Command
from handlers.times import Span
from server.config import Settings
from server.core import make_core
from server.dispatch import NOBODY, Dispatcher
from server.embedded import Endpoints
from server.operation import Operation
from store import Store
from tests.backstage import patiently

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


class Take(Command):
    """Some people's time, for good or until a moment."""

    people: tuple[str, ...]
    spans: tuple[Span, ...]
    ref: str
    until: datetime | None = None


class Release(Command):
    """What was taken for something."""

    ref: str


async def take(command: Take, ctx: Context) -> None:
    if command.until is None:
        await booking.book(command.people, command.spans, command.ref, ctx)
    else:
        await booking.hold(command.people, command.spans, command.ref, ctx, until=command.until)


async def give_back(command: Release, ctx: Context) -> None:
    await booking.release(command.ref, ctx)


TAKE, GIVE_BACK = [Operation(run, access=Access.PUBLIC) for run in (take, give_back)]


class Desk:
    """One client of the database."""

    def __init__(self, dispatch: Dispatcher, store: Store, clock: list[datetime]) -> None:
        self._dispatch = dispatch
        self._clock = clock
        self.store = store

    def goes_to(self, now: datetime) -> None:
        """Have it be another time."""
        self._clock[0] = now

    async def takes(
        self, people: Sequence[str], spans: Sequence[tuple[datetime, datetime]], ref: str, until: datetime | None = None
    ) -> dict[str, Any] | None:
        """Take it; if somebody is busy, what is said of that."""
        asked = {"people": list(people), "spans": [list(span) for span in spans], "ref": ref, "until": until}
        try:
            payload = json.loads(json.dumps(asked, default=datetime.isoformat))
            await patiently(lambda: self._dispatch(TAKE, payload, NOBODY))
        except DomainError as error:
            current = getattr(error.current, "model_dump", dict)()
            return {"code": error.code, **current}
        return None

    async def gives_back(self, ref: str) -> None:
        await patiently(lambda: self._dispatch(GIVE_BACK, {"ref": ref}, NOBODY))

    async def busy(self, person: str, start: datetime, end: datetime) -> list[Span]:
        ctx = self._dispatch._context(self.store, NOBODY)
        return await booking.busy(person, Span(start, end), ctx)


@asynccontextmanager
async def desk(mongodb_url: str, database: str) -> AsyncIterator[Desk]:
    """A dispatcher over a database; it publishes nothing."""
    settings = Settings(
        mongodb_database=database, jwt_secret=SecretStr("s" * 32), data_keys=(SecretStr("d" * 32),), confirm_email=False
    )
    clock = [NOW]
    core = make_core(settings, Endpoints(mongodb_url, "redis://127.0.0.1:1"), clock=lambda: clock[0])
    await core.store.create_indexes()
    try:
        yield Desk(core.dispatch, core.store, clock)
    finally:
        core.passwords.close()
        await core.store.database.close()


async def _serve(mongodb_url: str, database: str) -> None:
    async with desk(mongodb_url, database) as one:
        print(json.dumps("ready"), flush=True)
        for line in iter(sys.stdin.readline, ""):
            wanted = json.loads(line)
            answers = await asyncio.gather(*(one.takes(**request) for request in wanted))
            print(json.dumps(answers, default=str), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(os.environ["DESK_MONGODB_URL"], os.environ["DESK_DATABASE"]))
