"""What is to be done after a commit, by whichever worker: letters today; written with the change that asks for it.

A job is taken by a lease, which is no more than a later time to be due: whoever dies in the work leaves it to others.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository

KEPT_SECONDS = 14 * 86_400


class State(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Job(Document):
    """One thing to do. `errand` holds what its kind needs, and never a secret."""

    kind: str
    errand: dict[str, Any]
    state: State = State.WAITING
    due_at: datetime
    attempts: int = 0
    last_error: str | None = None
    created_at: datetime
    ended_at: datetime | None = None


class Jobs(Repository[Job]):
    collection = "jobs"
    document = Job
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("state", ASCENDING), ("due_at", ASCENDING)]),  # due
        IndexModel([("ended_at", ASCENDING)], expireAfterSeconds=KEPT_SECONDS),
    )

    async def due(self, *, at: datetime, limit: int) -> list[Job]:
        """What waits and is due, the longest first."""
        return await self._many(
            {"state": State.WAITING, "due_at": {"$lte": at}}, sort=(("due_at", ASCENDING),), limit=limit
        )

    async def take(self, job: Job, *, until: datetime) -> bool:
        """Take a job for so long; False if another worker did."""
        return await self._change_waiting(
            job, {"$set": {"due_at": until}, "$inc": {"attempts": 1}}, attempts=job.attempts
        )

    async def put_back(self, job: Job, *, due_at: datetime, error: str) -> None:
        """It did not work out: later again."""
        await self._change_waiting(job, {"$set": {"due_at": due_at, "last_error": error}})

    async def end(self, job: Job, *, at: datetime, error: str | None = None) -> None:
        """It is done, or given up for an error; whom it was about is nobody's business any more."""
        state = State.DONE if error is None else State.FAILED
        await self._change_waiting(job, {"$set": {"state": state, "ended_at": at, "last_error": error, "errand": {}}})

    async def _change_waiting(self, job: Job, change: dict[str, Any], **where: object) -> bool:
        asked = {"_id": job.id, "state": State.WAITING, **where}
        return bool((await self._rows.update_one(asked, change, session=await self._within())).matched_count)
