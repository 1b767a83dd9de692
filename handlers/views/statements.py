"""What staff did to somebody, as that person reads it; and as staff does."""

from datetime import datetime, timedelta

from pydantic import Field

from handlers.models import View
from store.statements import AppealState, Measure, Statement

# As long as the law asks for of large platforms.
APPEALED_WITHIN = timedelta(days=183)


class AppealView(View):
    """What you said to it, and what another member of staff decided."""

    words: str
    createdAt: datetime  # noqa: N815 - the blueprint's name
    state: AppealState
    reason: str = Field(description="Why it was decided so.")
    decided_at: datetime | None


class StatementView(View):
    """What staff did, why, by which rule and until when, and how to appeal."""

    id: str
    measure: Measure
    reason: str
    rule: str
    until: datetime | None = Field(description="Null for what has no end, and for what has no length.")
    about: str | None = Field(description="What it is about, as `<kind>:<id>`.")
    in_force: bool
    createdAt: datetime  # noqa: N815
    acknowledged_at: datetime | None
    ended_at: datetime | None = Field(description="When it was taken back.")
    appeal: AppealView | None
    appeal_by: datetime = Field(description="Until then it can be appealed against, once; somebody else decides.")

    @classmethod
    def of(cls, statement: Statement, *, now: datetime) -> "StatementView":
        return cls.model_validate(_fields(statement, now))


class StaffStatementView(StatementView):
    """The same, with whose it is and who did it."""

    user_id: str
    by: str | None
    case_id: str | None

    @classmethod
    def of(cls, statement: Statement, *, now: datetime) -> "StaffStatementView":
        told = {"user_id": statement.user_id, "by": statement.by, "case_id": statement.case_id}
        return cls.model_validate({**_fields(statement, now), **told})


class KeptOutView(View):
    """Why somebody is kept out, and what opens no more than this: send it to `/auth/statements/appeal`."""

    statement: StatementView
    token: str


def _fields(statement: Statement, now: datetime) -> dict[str, object]:
    appeal = statement.appeal
    return {
        **statement.model_dump(
            include={"id", "measure", "reason", "rule", "until", "about", "acknowledged_at", "ended_at"}
        ),
        "in_force": statement.in_force(now),
        "createdAt": statement.at,
        "appeal": None
        if appeal is None
        else AppealView(
            words=appeal.words,
            createdAt=appeal.at,
            state=appeal.state,
            reason=appeal.reason,
            decided_at=appeal.decided_at,
        ),
        "appeal_by": statement.at + APPEALED_WITHIN,
    }
