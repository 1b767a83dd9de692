"""What is asked for in one commit and done after it, by whichever worker takes it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from handlers.context import Context
from store.jobs import Job


class Errand(BaseModel):
    """What a job of one kind needs to know; `job` is its id, the same at every attempt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    job: str = ""


async def ask_later(errand: Errand, ctx: Context, *, at: datetime | None = None) -> None:
    """Have a worker do it once this is committed, or at a moment."""
    kind, payload = type(errand).__name__, errand.model_dump(mode="json", exclude={"job"})
    await ctx.store.jobs.insert(Job(kind=kind, errand=payload, due_at=at or ctx.now, created_at=ctx.now))
