"""Does what was asked to be done later: takes jobs by a lease, and again after a failure, on whichever worker.

A job is done at least once. What it writes is one transaction, with its own end: that much is done once. Its letter
goes after that, each time under one id; who asks somebody outside may do so again.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import structlog

import background
from handlers.context import Context
from handlers.errors import DomainError
from handlers.letters import Letter
from server.dispatch import Dispatcher
from server.mail import Mailer, Undeliverable
from server.tracing import Facts, Trace
from server.work import KINDS, LOOK_SECONDS, LOOKS, Work
from store.database import is_unavailable
from store.jobs import Job, Jobs, Queue

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.3
# Of each queue: none has to wait for what another waits for.
AT_ONCE = 10
# Of its lease a job gets this much to work in: it has to be over before another worker takes it.
WORKS = 0.8
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=15)
# For a day, as these pauses go: whoever is asked outside may be away for a night.
MOST_ATTEMPTS = 105
# What is being done when the process is asked to stop gets so long to end.
STOP_SECONDS = 5.0


class _Ended(Exception):
    """Who took it meanwhile was first; what was written here is undone."""


async def _whole(job: Job, do: Callable[[Context], Awaitable[Letter | None]], ctx: Context) -> Letter | None:
    """What a job writes, and its end with it, unless a letter is to go first."""
    letter = await do(ctx)
    if letter is None and not await ctx.store.jobs.end(job, at=ctx.now):
        raise _Ended
    return letter


def pause_after(attempts: int) -> timedelta:
    """For how long a job waits that failed so often, before chance moves it a little."""
    doubled = FIRST_PAUSE.total_seconds() * 2.0 ** (attempts - 1)
    return timedelta(seconds=min(doubled, LONGEST_PAUSE.total_seconds()))


class Worker:
    """Looks for what is due, and does it. Any number of them may work beside each other."""

    def __init__(
        self, jobs: Jobs, dispatch: Dispatcher, mailer: Mailer, *, clock: Callable[[], datetime], trace: Trace
    ) -> None:
        self._jobs = jobs
        self._dispatch = dispatch
        self._mailer = mailer
        self._clock = clock
        self._trace = trace
        self._tasks: list[asyncio.Task[None]] = []
        self._doing: dict[asyncio.Task[None], Queue] = {}
        self._stopping = asyncio.Event()

    def start(self) -> None:
        """Begin to work."""
        self._tasks = [asyncio.create_task(self._work_forever(), name="jobs")]
        self._tasks += [asyncio.create_task(self._look_forever(look), name=look.__name__) for look in LOOKS]

    async def stop(self) -> None:
        """Finish what is being done, for a few seconds at most, and end."""
        self._stopping.set()
        if self._doing:
            await asyncio.wait(self._doing, timeout=STOP_SECONDS)
        await background.end(*self._tasks, *self._doing)

    async def _work_forever(self) -> None:
        while not self._stopping.is_set():
            begun = 0
            try:
                begun = await self._begin_what_is_due()
            except Exception as error:
                if not is_unavailable(error):
                    log.exception("jobs_failed")
            if not begun:
                await self._pause(POLL_SECONDS)

    async def _look_forever(self, look: Callable[[Context], Awaitable[None]]) -> None:
        if LOOKS[look] > LOOK_SECONDS:
            # Nothing that is done seldom is done by everybody who starts.
            await self._pause(LOOKS[look])
        while not self._stopping.is_set():
            try:
                await self._dispatch.survey(look)
            except Exception as error:
                if not is_unavailable(error):
                    log.exception("look_failed", look=look.__name__)
            await self._pause(LOOKS[look])

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _begin_what_is_due(self) -> int:
        """Take what is due, as much as there is room for beside what is being done; answers how much."""
        begun = 0
        for queue in Queue:
            room = AT_ONCE - sum(one is queue for one in self._doing.values())
            if room and (self._mailer.sends or queue is not Queue.LETTERS):
                for job in await self._jobs.due(queue, at=self._clock(), limit=room):
                    begun += await self._begin(job)
        return begun

    async def _begin(self, job: Job) -> bool:
        work = KINDS.get(job.kind)
        if work is None:
            # Asked for by a later version of the program, whose workers know it.
            await self._jobs.put_back(job, due_at=self._clock() + FIRST_PAUSE, error="unknown kind")
            return False
        if not await self._jobs.take(job, until=self._clock() + work.lease):
            return False
        task = asyncio.create_task(self._do(job, work), name=f"job {job.id}")
        self._doing[task] = job.queue
        task.add_done_callback(self._doing.pop)
        return True

    async def _do(self, job: Job, work: Work) -> None:
        try:
            async with asyncio.timeout(work.lease.total_seconds() * WORKS):
                facts: Facts = {"job_id": job.id, "attempt": job.attempts + 1}
                with self._trace.span(f"job {job.kind}", facts, cause=job.cause, is_entry=True):
                    await self._run(job, work)
        except _Ended:
            log.info("job_ended_elsewhere", kind=job.kind, job=job.id)
        except Undeliverable as error:
            log.warning("job_refused", kind=job.kind, job=job.id, error=str(error))
            await self._jobs.give_up(job, at=self._clock(), error=str(error))
        except Exception as error:
            if work.refused is not None and isinstance(error, DomainError) and not error.retryable:
                why = " ".join([error.detail, *(field["message"] for field in error.fields)])
                refused = partial(work.refused, work.errand.model_validate(job.errand), why)
                with suppress(_Ended):
                    await self._dispatch.work(partial(_whole, job, refused))
            else:
                await self._try_again(job, work, error)

    async def _run(self, job: Job, work: Work) -> None:
        run = partial(work.run, work.errand.model_validate({**job.errand, "job": job.id}))
        if work.is_long or work.is_outward:
            letter = await self._dispatch.survey(run)
        elif (letter := await self._dispatch.work(partial(_whole, job, run))) is None:
            return
        if letter is not None:
            await self._mailer.send(letter, id_=job.id, at=job.created_at)
        await self._jobs.end(job, at=self._clock())

    async def _try_again(self, job: Job, work: Work, error: Exception) -> None:
        # Its name alone: a message may hold an address, or what a server said of a password.
        name = type(error).__name__
        attempts = job.attempts + 1
        if attempts >= MOST_ATTEMPTS:
            log.error("job_given_up", kind=job.kind, job=job.id, error=name)
            if work.in_vain is not None:
                await self._dispatch.work(partial(work.in_vain, work.errand.model_validate(job.errand)))
            await self._jobs.give_up(job, at=self._clock(), error=name)
            return
        pause = pause_after(attempts) * random.uniform(0.8, 1.2)  # noqa: S311
        if isinstance(error, DomainError) and error.retry_after is not None:
            pause = max(pause, error.retry_after)
        log.warning("job_put_back", kind=job.kind, job=job.id, error=name, seconds=round(pause.total_seconds()))
        await self._jobs.put_back(job, due_at=self._clock() + pause, error=name)
