"""The one way from a request to a use case: limit, parse, run, commit, publish.

Both shells come through here, so that whatever holds for one door holds for the other.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID
from weakref import WeakValueDictionary

from pydantic import ValidationError

from handlers.account import (
    STAFF,
    require_human,
    require_no_maintenance,
    require_role,
    require_terms,
    require_unrestrained,
    require_voice,
)
from handlers.context import Actor, Caller, Context
from handlers.errors import Conflict, DomainError, KeyReused, Unauthenticated, Unavailable
from handlers.models import Access, Asked, ByPeople, Command, Creating, View
from handlers.ports import Ports
from handlers.views.files import File
from server.envelope import ephemeral, outbox_rows
from server.operation import Limit, Operation
from server.problems import invalid
from server.room import Room
from server.tracing import Trace
from store import Store
from store.database import PATIENCE_SECONDS, Duplicate, Session
from store.outbox import OutboxRow
from store.requests import Request

T = TypeVar("T")

# Whoever loses a race on a unique index runs again, and then sees what was first.
MOST_RUNS = 3

# Whoever waited almost too long for their turn still gets this long.
LEAST_SECONDS = 0.5
LONGEST_WAIT = PATIENCE_SECONDS - LEAST_SECONDS


class Asker(NamedTuple):
    """Who asks, and from where."""

    caller: Caller
    actor: Actor | None = None


NOBODY = Asker(Caller(address=""))


class Answer(NamedTuple):
    """The view as JSON text; `duplicate` when it is that of an earlier request with the same key."""

    text: str
    duplicate: bool = False
    file: File | None = None
    # What the connection that asked hears from now on, or no longer.
    watched: Mapping[str, bool] = MappingProxyType({})


class Limiter(Protocol):
    async def check(self, name: str, limits: Sequence[Limit], asker: Asker, asked: Asked | None = None) -> None:
        """Count a request of a name; raises `RateLimited`."""
        ...


class Announcer(Protocol):
    def announce(self, rows: Sequence[OutboxRow]) -> None:
        """Publish committed rows, soon and off this path."""
        ...

    def whisper(self, audience: str, type_: str, body: str) -> None:
        """Tell those who are there now, and nobody later."""
        ...


class Dispatcher:
    """Runs operations."""

    def __init__(
        self,
        store: Store,
        ports: Ports,
        limiter: Limiter,
        announcer: Announcer,
        *,
        clock: Callable[[], datetime],
        trace: Trace,
        at_once: int,
    ) -> None:
        self._store = store
        self._ports = ports
        self._limiter = limiter
        self._announcer = announcer
        self._clock = clock
        self._trace = trace
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._room = Room(at_once)

    async def __call__(self, operation: Operation, payload: Mapping[str, object], asker: Asker) -> Answer:
        """Run an operation; raises the reason why not."""
        with self._trace.span(operation.name):
            return await self._run(operation, payload, asker)

    async def _run(self, operation: Operation, payload: Mapping[str, object], asker: Asker) -> Answer:
        if asker.actor is None and operation.access is not Access.PUBLIC:
            raise Unauthenticated("Sign in first: send an access token.")
        ctx = self._context(self._store, asker)
        if asker.actor is not None:
            require_terms(operation.access, ctx)
            await require_unrestrained(operation.access, ctx)
        if operation.access in STAFF:
            await require_role(operation.access, ctx)
        if operation.is_command:
            await require_no_maintenance(operation.access, ctx)
        asked = (None if payload else operation.bare) or _parse(operation, payload)
        if operation.speaks_partly:
            await require_voice(asked, ctx)
        if operation.limits:
            await self._limiter.check(operation.name, operation.limits, asker, asked)
        if isinstance(asked, ByPeople):
            await require_human(asked, ctx)
        if not operation.is_command or operation.is_outward:
            return await self._look(operation, asked, ctx)
        async with self._turn(asked) as turn:
            # A caller who hangs up must not stop a commit, or what follows it, half-way.
            return await asyncio.shield(self._commit(operation, asked, asker, turn))

    async def tell(self, say: Callable[[Context], Awaitable[None]]) -> None:
        """Run what nobody asked for and that only tells: somebody came, or went."""
        ctx = self._context(self._store, NOBODY)
        await say(ctx)
        for audience, type_, body in ephemeral(ctx, None):
            self._announcer.whisper(audience, type_, body)

    async def survey(self, do: Callable[[Context], Awaitable[T]]) -> T:
        """Run a part of a job that reads more than one transaction may take; what it writes stands by itself."""
        return await do(self._context(self._store, NOBODY))

    async def work(self, do: Callable[[Context], Awaitable[T]]) -> T:
        """Run a part of a job, in one transaction with the events that it notes."""

        async def run(session: Session) -> tuple[T, Context, list[OutboxRow]]:
            ctx = self._context(self._store.within(session), NOBODY)
            done = await do(ctx)
            rows = outbox_rows(ctx, None)
            await ctx.store.outbox.insert_all(rows)
            return done, ctx, rows

        done, ctx, rows = await self._store.database.transaction(run)
        await self._follow_up(rows, ctx, None)
        return done

    async def _look(self, operation: Operation, asked: Asked, ctx: Context) -> Answer:
        view = await operation.run(asked, ctx)
        if ctx.noted:
            for audience, type_, body in ephemeral(ctx, None):
                self._announcer.whisper(audience, type_, body)
        return _answer(view)._replace(watched=ctx.watched) if ctx.watched else _answer(view)

    async def _commit(self, operation: Operation, asked: Asked, asker: Asker, turn: "_Turn") -> Answer:
        key = _key(operation, asked, asker)
        if turn.is_later and key is not None and (earlier := await self._earlier(key, asked)):
            return earlier
        for _ in range(MOST_RUNS):
            run = _Run(operation, asked, key, lambda session: self._context(self._store.within(session), asker))
            try:
                answer = await self._store.database.transaction(run, within=turn.seconds)
            except (Duplicate, DomainError) as error:
                # Looked up only now: a first request, the rule, should not pay for those that are repeated.
                if key is not None and (earlier := await self._earlier(key, asked)):
                    return earlier
                if isinstance(error, DomainError):
                    raise
                continue
            client_id = asked.client_id if isinstance(asked, Creating) else None
            await self._follow_up(run.rows, run.ctx, client_id)
            if run.refusal is not None:
                raise run.refusal
            return answer._replace(watched=run.ctx.watched) if run.ctx.watched else answer
        raise Conflict("Somebody made the same thing at the same moment; ask again.")

    async def _follow_up(self, rows: Sequence[OutboxRow], ctx: Context, client_id: UUID | None) -> None:
        """What comes after a commit: its events, what it has to do elsewhere, and the events of the moment."""
        self._announcer.announce(rows)
        try:
            for do in ctx.afterwards:
                await do()
        finally:
            for audience, type_, body in ephemeral(ctx, client_id):
                self._announcer.whisper(audience, type_, body)

    async def _earlier(self, key: str, asked: Asked) -> Answer | None:
        earlier = await self._store.requests.get(key)
        if earlier is None:
            return None
        if earlier.fingerprint != _fingerprint(asked):
            raise KeyReused("This client_id was used for another request; make a new one for each new thing.")
        return Answer(earlier.answer, duplicate=True)

    def _context(self, store: Store, asker: Asker) -> Context:
        return Context(store, self._clock(), self._ports, asker.caller, asker.actor, cause=self._trace.cause)

    @asynccontextmanager
    async def _turn(self, asked: Asked) -> AsyncIterator["_Turn"]:
        """Wait for those who asked before about the same thing, or the very same; then for a place at the database.

        Waiting counts: behind a database that answers nobody, the last in the queue is told as soon as the first.
        """
        name = _name_of_turn(asked)
        turn = asyncio.Lock() if name is None else self._turns.setdefault(name, asyncio.Lock())
        is_later = turn.locked()
        clock = asyncio.get_running_loop().time
        start = clock()
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await turn.acquire()
        except TimeoutError:
            raise Unavailable("Too many are waiting for the same thing; ask again.") from None
        try:
            async with self._room.place(within=max(0.0, LONGEST_WAIT - (clock() - start))):
                yield _Turn(max(LEAST_SECONDS, PATIENCE_SECONDS - (clock() - start)), is_later)
        finally:
            turn.release()


class _Turn(NamedTuple):
    """The seconds that are left for the work itself, and whether somebody was before."""

    seconds: float
    is_later: bool = False


class _Run:
    """One try at a command, inside one transaction; begun anew whenever the database asks for it."""

    def __init__(
        self, operation: Operation, asked: Asked, key: str | None, context: Callable[[Session], Context]
    ) -> None:
        self._operation = operation
        self._asked = asked
        self._key = key
        self._context = context
        self.ctx: Context
        self.rows: list[OutboxRow] = []
        self.refusal: DomainError | None = None

    async def __call__(self, session: Session) -> Answer:
        ctx = self.ctx = self._context(session)
        self.refusal = None
        answer = await self._ask(ctx)
        client_id = self._asked.client_id if isinstance(self._asked, Creating) else None
        self.rows = outbox_rows(ctx, client_id)
        await ctx.store.outbox.insert_all(self.rows)
        if self._key is not None:
            fingerprint = _fingerprint(self._asked)
            await ctx.store.requests.insert(
                Request(id=self._key, fingerprint=fingerprint, answer=answer.text, created_at=ctx.now)
            )
        return answer

    async def _ask(self, ctx: Context) -> Answer:
        try:
            return _answer(await self._operation.run(self._asked, ctx))
        except DomainError as error:
            if not error.keeps_effects:
                raise
            self.refusal = error
            return _answer(None)


def _parse(operation: Operation, payload: Mapping[str, object]) -> Asked:
    try:
        return operation.asked.model_validate(payload)
    except ValidationError as error:
        raise invalid(error) from error


def _answer(view: View | File | None) -> Answer:
    if isinstance(view, File):
        return Answer("null", file=view)
    # As `model_dump_json` does it, without its dozen options.
    return Answer("null" if view is None else view.__pydantic_serializer__.to_json(view).decode())


def _name_of_turn(asked: Asked) -> str | None:
    if isinstance(asked, Command) and asked.turn_by is not None:
        return f"{asked.turn_by}:{getattr(asked, asked.turn_by)}"
    return f"client_id:{asked.client_id}" if isinstance(asked, Creating) and asked.client_id is not None else None


def _key(operation: Operation, asked: Asked, asker: Asker) -> str | None:
    if not isinstance(asked, Creating) or asked.client_id is None or asker.actor is None:
        return None
    return f"{asker.actor.user_id}:{operation.name}:{asked.client_id}"


def _fingerprint(asked: Asked) -> str:
    return hashlib.sha256(asked.model_dump_json(exclude={"client_id"}).encode()).hexdigest()
