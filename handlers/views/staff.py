"""What staff sees and does."""

from datetime import datetime

from handlers.models import View
from store.jobs import Job, State
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
