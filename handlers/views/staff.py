"""What staff sees and does."""

from datetime import datetime

from pydantic import Field

from handlers.models import View
from store.jobs import Job, Queue, State
from store.staff_log import Act, StaffAct
from store.users import Role


class RoleView(View):
    """Who is what."""

    user_id: str
    role: Role


class BanView(View):
    """Who is kept out, why, and until when; without an end it is for good."""

    user_id: str
    reason: str
    until: datetime | None


class StaffActView(View):
    """What a member of staff did, or somebody at the command line, who has no id."""

    id: str
    act: Act
    actor_id: str | None
    target_id: str
    before: str
    after: str
    at: datetime

    @classmethod
    def of(cls, act: StaffAct) -> "StaffActView":
        return cls.model_validate(act.model_dump(exclude={"order", "list"}))


class MaintenanceView(View):
    """Whether changes are refused to all but staff, and what people are told."""

    on: bool
    words: str

    @classmethod
    def of(cls, words: str | None) -> "MaintenanceView":
        return cls(on=words is not None, words=words or "")


class ProcessView(View):
    """How one web process is doing; what is counted, a second."""

    process: str
    sockets: int
    asked: float
    told: float
    failed: float
    lag_ms: float = Field(description="No more than so late was its event loop lately.")
    answer_ms: float = Field(description="From a request or an event to its answer, on average.")


class BacklogView(View):
    """What waits."""

    outbox_lag_seconds: float
    job_lag_seconds: dict[Queue, float] = Field(description="Since when the first is due that waits, of each queue.")
    jobs: dict[State, int] = Field(description="Counted up to ten thousand.")


class FiguresView(View):
    """How the process that answers is doing, and what waits for all of them."""

    process: ProcessView
    backlog: BacklogView


class JobView(View):
    """Something to do, without whom it is about. A failed one says by which error."""

    id: str
    kind: str
    state: State
    attempts: int
    last_error: str | None
    createdAt: datetime  # noqa: N815 - the blueprint's name
    due_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, job: Job) -> "JobView":
        return cls(
            id=job.id,
            kind=job.kind,
            state=job.state,
            attempts=job.attempts,
            last_error=job.last_error,
            createdAt=job.created_at,
            due_at=job.due_at,
            ended_at=job.ended_at,
        )
