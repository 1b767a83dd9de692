"""Does what was asked to be done later: takes jobs by a lease, and again after a failure, on whichever worker.

A job is done at least once. What it writes is one transaction, with its own end: that much is done once. Its letter
goes after that, each time under one id; who asks somebody outside may do so again.
"""

import asyncio
import random
import typing
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import structlog

import background
from handlers import (
    achievements,
    availability,
    calendar,
    chat,
    deletion,
    delivery,
    export,
    forum,
    gigs,
    letters,
    matches,
    missed,
    moderation,
    notifying,
    nudging,
    phones,
    responding,
    reviews,
    searches,
    statements,
    swaps,
    tidying,
    uploads,
)
from handlers.context import Context
from handlers.errands import Errand
from handlers.errors import DomainError
from handlers.letters import Letter
from server.dispatch import Dispatcher
from server.mail import Mailer, Undeliverable
from server.tracing import Facts, Trace
from store.database import is_unavailable
from store.jobs import Job, Jobs, Queue

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.3
# Of each queue: none has to wait for what another waits for.
AT_ONCE = 10
LEASE = timedelta(minutes=1)
LONG_LEASE = timedelta(minutes=15)
# Of its lease a job gets this much to work in: it has to be over before another worker takes it.
WORKS = 0.8
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=15)
# For a day, as these pauses go: whoever is asked outside may be away for a night.
MOST_ATTEMPTS = 105
# What is being done when the process is asked to stop gets so long to end.
STOP_SECONDS = 5.0

Run = Callable[[Any, Context], Awaitable[Letter | None]]


class Work(NamedTuple):
    """How a kind of job is done.

    A long one reads more than a transaction may take, one that is outward asks somebody outside: both are in none.
    """

    errand: type[Errand]
    run: Run
    is_long: bool = False
    is_outward: bool = False
    # What is said once it was tried as often as it is tried.
    in_vain: Callable[[Any, Context], Awaitable[None]] | None = None
    # What is said where the domain refuses it, and why: then it is not tried again.
    refused: Callable[[Any, str, Context], Awaitable[None]] | None = None

    @property
    def lease(self) -> timedelta:
        return LONG_LEASE if self.is_long else LEASE

    @classmethod
    def of(
        cls,
        run: Run,
        *,
        is_long: bool = False,
        is_outward: bool = False,
        in_vain: Callable[[Any, Context], Awaitable[None]] | None = None,
        refused: Callable[[Any, str, Context], Awaitable[None]] | None = None,
    ) -> "Work":
        """By the use case, whose first argument says what it needs to know."""
        return cls(next(iter(typing.get_type_hints(run).values())), run, is_long, is_outward, in_vain, refused)


# A new kind of job is one line here.
KNOWN = (
    Work.of(letters.confirm_address),
    Work.of(letters.reset_password),
    Work.of(letters.notice),
    Work.of(letters.written),
    Work.of(phones.text_phone_code, is_outward=True),
    Work.of(deletion.erase_account),
    Work.of(export.gather_export, is_long=True, in_vain=export.give_up_export),
    Work.of(export.finish_export),
    Work.of(export.drop_export),
    Work.of(uploads.drop_upload, is_long=True),
    Work.of(nudging.nudge_profile),
    Work.of(gigs.age_gig),
    Work.of(gigs.list_anew),
    Work.of(gigs.sort_anew),
    Work.of(gigs.tell_keepers),
    Work.of(forum.tell_more_followers),
    Work.of(forum.take_followers),
    Work.of(statements.tell_statement),
    Work.of(matches.find_matches),
    Work.of(moderation.close_reports),
    Work.of(moderation.let_evidence_go),
    Work.of(moderation.hide_reported),
    Work.of(responding.reckon_response),
    Work.of(notifying.notify_people),
    Work.of(notifying.expire_notification),
    Work.of(chat.notice_messages),
    Work.of(missed.look_for_missed),
    Work.of(missed.write_missed),
    Work.of(delivery.push_notification),
    Work.of(delivery.push_summary),
    Work.of(delivery.clear_push),
    Work.of(delivery.send_push, is_outward=True),
    Work.of(swaps.expire_swap),
    Work.of(swaps.remind_of_swap),
    Work.of(swaps.plan_coming_lessons),
    Work.of(swaps.remind_of_lesson),
    Work.of(swaps.complete_swap),
    Work.of(swaps.close_competing),
    Work.of(swaps.end_swaps),
    Work.of(reviews.settle_swap),
    Work.of(achievements.score_swap),
    Work.of(achievements.count_anew),
    Work.of(achievements.tell_standing),
    Work.of(achievements.score_review),
    Work.of(achievements.stand_anew),
    Work.of(achievements.tell_badge),
    Work.of(reviews.remind_of_review),
    Work.of(reviews.open_reviews),
    Work.of(availability.refresh_next_free),
    Work.of(searches.match_gig, is_long=True),
    Work.of(searches.tell_matches),
    Work.of(searches.tell_digest),
    Work.of(calendar.write_anew),
    Work.of(calendar.write_event, is_outward=True, in_vain=calendar.give_up_event),
    Work.of(calendar.write_lessons, is_outward=True, in_vain=calendar.give_up_event),
    Work.of(calendar.leave_calendar, is_long=True, is_outward=True),
    Work.of(calendar.note_written),
    Work.of(calendar.note_revoked),
    Work.of(calendar.read_calendar, is_outward=True, in_vain=calendar.keep_reading),
    Work.of(calendar.note_read),
    Work.of(swaps.wish_time, refused=swaps.refuse_wish),
    Work.of(swaps.wish_end, refused=swaps.refuse_wish),
    Work.of(swaps.wish_lesson_time, refused=swaps.refuse_lesson_wish),
    Work.of(swaps.wish_lesson_end, refused=swaps.refuse_lesson_wish),
)
# What is looked for every few seconds, though nobody asked; any number of workers may do so beside each other.
LOOK_SECONDS = 1.0
SELDOM_SECONDS = 60.0
LOOKS: dict[Callable[[Context], Awaitable[None]], float] = {
    chat.look_for_absent: LOOK_SECONDS,
    tidying.drop_expired: SELDOM_SECONDS,
}
KINDS = {work.errand.__name__: work for work in KNOWN}


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
