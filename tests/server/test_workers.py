"""Workers: what a job writes is written once, whoever dies or stalls, and nobody outside keeps the rest waiting."""

import asyncio
from datetime import timedelta
from functools import partial
from types import NoneType
from typing import get_type_hints

import pytest

from handlers.calendar_sync import ReadCalendar
from handlers.context import Context
from handlers.errands import ask_later
from handlers.notifying import NotifyPeople, Said
from server.jobs import AT_ONCE, MOST_ATTEMPTS, pause_after
from server.work import KINDS, KNOWN, Work
from store.jobs import Queue, State
from store.notifications import Topic
from tests.handlers.swaps.world import World, world


async def told(earth: World, person: str) -> int:
    return len(await earth.told(person, "notification:created"))


def news(person: str) -> NotifyPeople:
    """To be told somebody: a second time it would be another one."""
    said = Said(
        topic=Topic.SWAPS, title="News.", many="", text="", about="swap:1", data={}, actor_id=None, urgent=False,
        key=None, times=1, expires_at=None,
    )  # fmt: skip
    return NotifyPeople(user_ids=(person,), said=said)


async def test_what_a_job_writes_is_written_once(mongodb_url: str, database_name: str) -> None:
    """By two who have it at once, since the lease of one is over; and by who wakes up after it was done."""
    async with world(mongodb_url, database_name, processes=2) as earth:
        ada = await earth.somebody("ada")
        await earth.has_done(partial(ask_later, news(ada)))
        (job,) = await earth.store.jobs.due(at=earth.now, limit=2)
        work = KINDS[job.kind]

        await asyncio.gather(*(worker._do(job, work) for worker in earth._workers))
        await earth._workers[0]._do(job, work)

        assert await told(earth, ada) == 1
        assert await earth.store.jobs.count(State.DONE) == 1


async def test_who_does_not_answer_keeps_nothing_else_waiting(
    mongodb_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, begun = asyncio.Event(), []

    async def hangs(errand: ReadCalendar, _: Context) -> None:
        begun.append(errand.user_id)
        await answers.wait()

    monkeypatch.setitem(KINDS, "ReadCalendar", Work.of(hangs, is_outward=True))
    async with world(mongodb_url, database_name) as earth:
        ada, (worker,) = await earth.somebody("ada"), earth._workers
        for number in range(AT_ONCE + 2):
            await earth.has_done(partial(ask_later, ReadCalendar(user_id=str(number))))
        assert await worker._begin_what_is_due() == AT_ONCE
        await earth.has_done(partial(ask_later, news(ada)))

        assert await worker._begin_what_is_due() == 1
        async with asyncio.timeout(30):
            # It is told by a commit, a moment before its worker knows that it is done.
            while not await told(earth, ada) or len(worker._doing) > AT_ONCE:
                await asyncio.sleep(0.01)

        assert len(begun) == len(worker._doing) == AT_ONCE
        answers.set()
        await asyncio.gather(*worker._doing)
        assert await worker._begin_what_is_due() == 2
        await asyncio.gather(*worker._doing)
    assert {work.errand.queue for work in KNOWN if work.is_outward} == {Queue.CALENDARS, Queue.DEVICES}


def test_whatever_writes_a_letter_waits_in_the_queue_of_letters() -> None:
    """Where no mail server is set nothing else may be begun that would write one."""
    writing = {work.errand for work in KNOWN if get_type_hints(work.run)["return"] is not NoneType}

    assert writing == {work.errand for work in KNOWN if work.errand.queue is Queue.LETTERS}


def test_what_fails_is_tried_for_a_day_and_never_left_for_more_than_a_quarter_of_an_hour() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, MOST_ATTEMPTS)]

    assert pauses[0] == timedelta(seconds=2) and pauses == sorted(pauses)
    assert max(pauses) == timedelta(minutes=15)
    assert timedelta(hours=24) <= sum(pauses, timedelta()) < timedelta(hours=24, minutes=15)
