"""What is to be done after a commit, by whichever worker; written with the change that asks for it.

A job is taken by a lease, which is no more than a later time to be due: whoever dies in the work leaves it to others.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Repository

KEPT_SECONDS = 14 * 86_400
MOST_COUNTED = 10_000


class State(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Queue(StrEnum):
    """What waits for somebody outside waits by itself: who does not answer keeps nothing else from being done.

    Letters wait also while there is no server that takes them.
    """

    WORK = "work"
    LETTERS = "letters"
    CALENDARS = "calendars"
    # What is pushed or texted.
    DEVICES = "devices"


class Job(Document):
    """One thing to do. `errand` holds what its kind needs, and never a secret."""

    kind: str
    queue: Queue = Queue.WORK
    errand: dict[str, Any]
    state: State = State.WAITING
    due_at: datetime
    attempts: int = 0
    last_error: str | None = None
    created_at: datetime
    ended_at: datetime | None = None
    # Until a worker takes it there is one of a key; what is asked after that may not be in what the worker has read.
    key: str | None = None
    asked: int = 1
    # What asked for it, where that is traced.
    cause: str | None = None

    def row(self) -> dict[str, Any]:
        """Without `key` where there is none: its index is unique."""
        row = super().row()
        if self.key is None:
            del row["key"]
        return row


class Jobs(Repository[Job]):
    collection = "jobs"
    document = Job
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("state", ASCENDING), ("queue", ASCENDING), ("due_at", ASCENDING)]),  # due
        IndexModel([("key", ASCENDING)], unique=True, sparse=True),  # ask_again
        IndexModel([("state", ASCENDING), ("_id", DESCENDING)]),  # page
        IndexModel([("state", ASCENDING), ("kind", ASCENDING), ("_id", DESCENDING)]),  # page
        IndexModel([("ended_at", ASCENDING)], expireAfterSeconds=KEPT_SECONDS),
    )

    async def due(self, queue: Queue = Queue.WORK, *, at: datetime, limit: int) -> list[Job]:
        """What waits and is due, the longest first."""
        where = {"state": State.WAITING, "queue": queue, "due_at": {"$lte": at}}
        return await self._many(where, sort=(("due_at", ASCENDING),), limit=limit)

    async def page(self, state: State, kind: str | None, *, before: str | None, limit: int) -> list[Job]:
        """Jobs of a state, perhaps of one kind, the last made first."""
        where: dict[str, Any] = {"state": state} if kind is None else {"state": state, "kind": kind}
        if before is not None:
            where["_id"] = {"$lt": before}
        return await self._many(where, sort=(("_id", DESCENDING),), limit=limit)

    async def count(self, state: State) -> int:
        """How many are in a state, as far as anybody wants to know."""
        return await self._rows.count_documents({"state": state}, limit=MOST_COUNTED, session=await self._within())

    async def ask_again(self, key: str, *, at: datetime) -> bool:
        """Whether a job of this key waits that nobody took; it is written to, so that nobody takes it now.

        It is due when it was asked for first, whoever asked for that.
        """
        change = {"$inc": {"asked": 1}, "$min": {"due_at": at}}
        done = await self._rows.update_one({"key": key}, change, session=await self._within())
        return bool(done.matched_count)

    async def take(self, job: Job, *, until: datetime) -> bool:
        """Take a job for so long; False if another worker did."""
        change = {"$set": {"due_at": until}, "$inc": {"attempts": 1}, "$unset": {"key": ""}}
        return await self._change_waiting(job, change, attempts=job.attempts)

    async def put_back(self, job: Job, *, due_at: datetime, error: str) -> None:
        """It did not work out: later again."""
        await self._change_waiting(job, {"$set": {"due_at": due_at, "last_error": error}})

    async def end(self, job: Job, *, at: datetime) -> bool:
        """It is done, and whom it was about is nobody's business any more; False if it had ended before."""
        change = {"state": State.DONE, "ended_at": at, "last_error": None, "errand": {}}
        return await self._change_waiting(job, {"$set": change})

    async def give_up(self, job: Job, *, at: datetime, error: str) -> None:
        """It cannot be done; until it is forgotten it can be tried again."""
        await self._change_waiting(job, {"$set": {"state": State.FAILED, "ended_at": at, "last_error": error}})

    async def retry(self, job_id: str, *, at: datetime) -> Job | None:
        """Have one that was given up done after all; None if there is none."""
        change = {"state": State.WAITING, "due_at": at, "attempts": 0, "ended_at": None}
        return await self._change({"_id": job_id, "state": State.FAILED}, {"$set": change})

    async def drop(self, job_id: str) -> Job | None:
        """Forget one that was given up; None if there is none."""
        job = await self._one({"_id": job_id, "state": State.FAILED})
        if job is not None:
            await self._rows.delete_one({"_id": job_id, "state": State.FAILED}, session=await self._within())
        return job

    async def _change_waiting(self, job: Job, change: dict[str, Any], **where: object) -> bool:
        asked = {"_id": job.id, "state": State.WAITING, **where}
        return bool((await self._rows.update_one(asked, change, session=await self._within())).matched_count)
