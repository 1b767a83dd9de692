"""Does what was asked to be done later: takes jobs by a lease, and again after a failure, on whichever worker.

A job is done at least once. What it writes is one transaction; its letter goes after that, each time under one id.
"""

import asyncio
import random
import typing
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

import background
from handlers import deletion, letters
from handlers.context import Context
from handlers.errands import Errand
from handlers.letters import Letter
from server.dispatch import Dispatcher
from server.mail import Mailer, Undeliverable
from store.database import is_unavailable
from store.jobs import Job, Jobs

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.3
AT_ONCE = 10
LEASE = timedelta(seconds=60)
WORK_SECONDS = 45.0
MOST_ATTEMPTS = 12
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)
# What is being done when the process is asked to stop gets so long to end.
STOP_SECONDS = 5.0

Run = Callable[[Any, Context], Awaitable[Letter | None]]


def _kinds(*runs: Run) -> dict[str, tuple[type[Errand], Run]]:
    kinds = {}
    for run in runs:
        errand: type[Errand] = next(iter(typing.get_type_hints(run).values()))
        kinds[errand.__name__] = (errand, run)
    return kinds


# A new kind of job is one word here.
KINDS = _kinds(letters.confirm_address, letters.reset_password, letters.notice, deletion.erase_account)


class Worker:
    """Looks for what is due, and does it. Any number of them may work beside each other."""

    def __init__(self, jobs: Jobs, dispatch: Dispatcher, mailer: Mailer, *, clock: Callable[[], datetime]) -> None:
        self._jobs = jobs
        self._dispatch = dispatch
        self._mailer = mailer
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()

    def start(self) -> None:
        """Begin to work."""
        self._task = asyncio.create_task(self._work_forever(), name="jobs")

    async def stop(self) -> None:
        """Finish what is being done, for a few seconds at most, and end."""
        self._stopping.set()
        if self._task is not None:
            await asyncio.wait((self._task,), timeout=STOP_SECONDS)
        await background.end(self._task)

    async def round(self) -> int:
        """Do what is due now; answers how many were."""
        due = await self._jobs.due(at=self._clock(), limit=AT_ONCE)
        await asyncio.gather(*(self._do(job) for job in due))
        return len(due)

    async def _work_forever(self) -> None:
        while not self._stopping.is_set():
            found = 0
            try:
                found = await self.round()
            except Exception as error:
                if not is_unavailable(error):
                    log.exception("jobs_failed")
            if not found:
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await self._stopping.wait()

    async def _do(self, job: Job) -> None:
        if not await self._jobs.take(job, until=self._clock() + LEASE):
            return
        try:
            async with asyncio.timeout(WORK_SECONDS):
                errand_type, run = KINDS[job.kind]
                errand = errand_type.model_validate({**job.errand, "job": job.id})
                letter = await self._dispatch.work(partial(run, errand))
                if letter is not None:
                    await self._mailer.send(letter, id_=job.id, at=job.created_at)
        except Undeliverable as error:
            log.warning("job_refused", kind=job.kind, job=job.id, error=str(error))
            await self._jobs.end(job, at=self._clock(), error=str(error))
        except Exception as error:
            await self._try_again(job, error)
        else:
            await self._jobs.end(job, at=self._clock())

    async def _try_again(self, job: Job, error: Exception) -> None:
        # Its name alone: a message may hold an address, or what a server said of a password.
        name = type(error).__name__
        attempts = job.attempts + 1
        if attempts >= MOST_ATTEMPTS:
            log.error("job_given_up", kind=job.kind, job=job.id, error=name)
            await self._jobs.end(job, at=self._clock(), error=name)
            return
        pause = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311
        log.warning("job_put_back", kind=job.kind, job=job.id, error=name, seconds=round(pause.total_seconds()))
        await self._jobs.put_back(job, due_at=self._clock() + pause, error=name)
