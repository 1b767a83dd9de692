"""What the server has yet to do, has done lately, and could not do: for staff."""

from typing import Annotated

from pydantic import Field

from handlers.context import Context
from handlers.errors import NotAllowedNow, NotFound
from handlers.models import Command, Cursor, Id, Limit, Query
from handlers.views.base import Page
from handlers.views.staff import JobView
from store.jobs import State
from store.staff_log import Act, StaffAct


class ListJobs(Query):
    """Which."""

    state: State = State.FAILED
    kind: Annotated[str, Field(max_length=64, pattern=r"^\w+$")] | None = Field(None, description="Such as `Notice`.")
    cursor: Cursor | None = None
    limit: Limit = 30


class RetryJob(Command):
    """Which."""

    job_id: Id


class DropJob(Command):
    """Which."""

    job_id: Id


async def list_jobs(query: ListJobs, ctx: Context) -> Page[JobView]:
    """Jobs that failed, wait or are done, the last asked for first; those that ended are kept for two weeks."""
    found = await ctx.store.jobs.page(query.state, query.kind, before=query.cursor, limit=query.limit + 1)
    page = found[: query.limit]
    return Page(items=[JobView.of(one) for one in page], next_cursor=page[-1].id if len(found) > query.limit else None)


async def retry_job(command: RetryJob, ctx: Context) -> JobView:
    """Have a job that failed done after all."""
    job = await ctx.store.jobs.retry(command.job_id, at=ctx.now)
    if job is None:
        if await ctx.store.jobs.get(command.job_id) is None:
            raise NotFound("There is no such job, or no more.")
        raise NotAllowedNow("Only a job that failed is retried.")
    act = StaffAct.of(Act.JOB_RETRIED, job.id, State.FAILED, State.WAITING, by=ctx.actor.user_id, at=ctx.now)
    await ctx.store.staff_log.insert(act)
    return JobView.of(job)


async def drop_job(command: DropJob, ctx: Context) -> None:
    """Forget a job that failed: what it was to do is not done."""
    job = await ctx.store.jobs.drop(command.job_id)
    if job is None:
        if await ctx.store.jobs.get(command.job_id) is not None:
            raise NotAllowedNow("Only a job that failed is dropped.")
        return
    act = StaffAct.of(Act.JOB_DROPPED, job.id, State.FAILED, job.kind, by=ctx.actor.user_id, at=ctx.now)
    await ctx.store.staff_log.insert(act)
