"""Reports and their cases: as whoever reported sees them, and as staff does."""

import json
from datetime import datetime
from typing import Any

from pydantic import Field

from handlers.models import View
from handlers.views.base import Page
from store.reports import Case, CaseState, Fault, HeldFile, Report, StaffNote, Thing


class ReportView(View):
    """Something that you reported, and what became of it."""

    id: str
    kind: Thing
    thing_id: str
    reason: Fault
    words: str
    state: CaseState = Field(description="Whether staff did something about it; not what.")
    createdAt: datetime  # noqa: N815 - the blueprint's name
    closed_at: datetime | None

    @classmethod
    def of(cls, report: Report) -> "ReportView":
        return cls(
            id=report.id,
            kind=report.kind,
            thing_id=report.thing_id,
            reason=report.fault,
            words=report.words,
            state=report.state,
            createdAt=report.created_at,
            closed_at=report.closed_at,
        )


class StaffNoteView(View):
    """What a member of staff tells the others."""

    by: str
    text: str
    at: datetime

    @classmethod
    def of(cls, note: StaffNote) -> "StaffNoteView":
        return cls(**note.model_dump())


class DecisionView(View):
    """What staff made of a case, and why."""

    by: str
    reason: str
    at: datetime


class CaseView(View):
    """All that is reported of one thing. Of two copies the one with the higher `version` is the later."""

    id: str
    kind: Thing
    thing_id: str
    about: str | None = Field(description="Whose it is; null for what is of several.")
    count: int = Field(description="How many reported it.")
    reasons: dict[Fault, int]
    waits: bool = Field(description="Whether nobody reported it: a newcomer's, seen by others once this is decided.")
    state: CaseState
    assignee: str | None
    notes: tuple[StaffNoteView, ...]
    decision: DecisionView | None
    version: int
    createdAt: datetime  # noqa: N815
    reported_at: datetime = Field(description="When it was reported last.")

    @classmethod
    def of(cls, case: Case) -> "CaseView":
        return cls(
            id=case.id,
            kind=case.kind,
            thing_id=case.thing_id,
            about=case.about,
            count=case.count,
            reasons=case.faults,
            waits=case.waits,
            state=case.state,
            assignee=case.assignee,
            notes=tuple(map(StaffNoteView.of, case.notes)),
            decision=None if case.decision is None else DecisionView(**case.decision.model_dump()),
            version=case.version,
            createdAt=case.created_at,
            reported_at=case.reported_at,
        )


class HeldFileView(View):
    """A file that is evidence, and where staff fetches it."""

    upload_id: str
    name: str
    media_type: str
    size: int
    url: str

    @classmethod
    def of(cls, file: HeldFile, report: Report) -> "HeldFileView":
        return cls(**file.model_dump(), url=f"/api/v1/staff/reports/{report.case_id}/files/{file.upload_id}/")


class EvidenceView(View):
    """What one person reported, with what it was then, whatever it is now; or what waits, as it is now."""

    id: str
    reporter: str | None = Field(description="Null of what waits, which nobody reported.")
    reason: Fault
    words: str
    evidence: dict[str, Any]
    files: tuple[HeldFileView, ...]
    createdAt: datetime  # noqa: N815

    @classmethod
    def of(cls, report: Report) -> "EvidenceView":
        return cls(
            id=report.id,
            reporter=report.reporter,
            reason=report.fault,
            words=report.words,
            evidence=json.loads(report.evidence),
            files=tuple(HeldFileView.of(file, report) for file in report.files),
            createdAt=report.created_at,
        )


class CasePage(Page[EvidenceView]):
    """A case, and a part of what was reported in it, the first first."""

    case: CaseView

    @classmethod
    def of_case(cls, case: Case, page: Page[EvidenceView]) -> "CasePage":
        return cls(case=CaseView.of(case), items=page.items, next_cursor=page.next_cursor)
