"""What people reported, each with what it was at that moment; and the cases in which staff looks at it, one a thing.

A report goes with either of its people, who reported and who is reported, but not while it is held, its case being open
or what was done by it open to an appeal: `gone_with` names them from then on.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, DESCENDING, IndexModel

from store.database import Row
from store.repository import Document, Repository

# A case is looked up again if somebody complains, and not for ever.
KEPT_SECONDS = 365 * 86_400


class Thing(StrEnum):
    """What can be reported."""

    USER = "user"
    GIG = "gig"
    MESSAGE = "message"
    THREAD = "thread"
    REVIEW = "review"
    SWAP = "swap"
    DISCUSSION = "discussion"
    POST = "post"
    CALL = "call"
    UPLOAD = "upload"


class Fault(StrEnum):
    """What somebody says is wrong with it."""

    SPAM = "spam"
    SCAM = "scam"
    HARASSMENT = "harassment"
    HATE = "hate"
    SEXUAL = "sexual"
    VIOLENCE = "violence"
    IMPERSONATION = "impersonation"
    PRIVACY = "privacy"
    OTHER = "other"


class CaseState(StrEnum):
    OPEN = "open"
    DISMISSED = "dismissed"
    ACTED = "acted"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class StaffNote(_Part):
    """What one member of staff tells the others."""

    by: str
    text: str
    at: datetime


class Decision(_Part):
    """What staff made of it, and why."""

    by: str
    reason: str
    at: datetime


class HeldFile(_Part):
    """A file that is evidence: its bytes stay as long as the report is held, whatever becomes of it elsewhere."""

    upload_id: str
    name: str
    media_type: str
    size: int


class Case(Document):
    """All that is reported of one thing at a time; `about` is whose it is, if it is one person's.

    What `waits` nobody reported: others see it once staff has looked.
    """

    kind: Thing
    thing_id: str
    about: str | None
    count: int
    faults: dict[Fault, int]
    waits: bool = False
    state: CaseState = CaseState.OPEN
    assignee: str | None = None
    notes: tuple[StaffNote, ...] = ()
    decision: Decision | None = None
    version: int = 1
    created_at: datetime
    reported_at: datetime
    order: str

    def row(self) -> Row:
        """With the lists that it is in; and with what keeps a second one from being open of the same thing."""
        row = super().row()
        state = "open" if self.state is CaseState.OPEN else "closed"
        row["listed_in"] = [case_list(state, kind=kind, assignee=mine) for kind in (None, self.kind)
                            for mine in {None, self.assignee}]  # fmt: skip
        if self.state is CaseState.OPEN:
            row["open_thing"] = thing_key(self.kind, self.thing_id)
        return row


def thing_key(kind: str, thing_id: str) -> str:
    """By which one thing is named."""
    return f"{kind}:{thing_id}"


def case_list(state: str, *, kind: str | None = None, assignee: str | None = None) -> str:
    """The name of a list of cases: of a state, perhaps of one kind, or of whom they are assigned to."""
    return f"{state}:{kind or ''}:{assignee or ''}"


class Cases(Repository[Case]):
    collection = "cases"
    document = Case
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("open_thing", ASCENDING)], unique=True, sparse=True),  # open_of
        IndexModel([("listed_in", ASCENDING), ("order", ASCENDING)]),  # listed
    )

    async def open_of(self, kind: Thing, thing_id: str) -> Case | None:
        """The open case of a thing."""
        return await self._one({"open_thing": thing_key(kind, thing_id)})

    async def listed(self, in_: str, *, after: str | None, limit: int) -> list[Case]:
        """A list of cases, the one that waits longest first, from after a position."""
        where: dict[str, Any] = {"listed_in": in_}
        if after is not None:
            where["order"] = {"$gt": after}
        return await self._many(where, sort=(("order", 1),), limit=limit)

    async def replace(self, case: Case) -> Case | None:
        """Keep it as it is now, a version higher; None if somebody else changed it since it was read."""
        after = case.model_copy(update={"version": case.version + 1})
        where = {"_id": case.id, "version": case.version}
        done = await self._rows.replace_one(where, after.row(), session=await self._within())
        return after if done.matched_count else None


class Report(Document):
    """What one person says of a thing, with what it was then: `evidence`, as JSON. Its key is there once.

    Without a reporter it is what waits for staff to look, as it is now.
    """

    key: str
    case_id: str
    reporter: str | None
    about: str | None
    kind: Thing
    thing_id: str
    fault: Fault
    words: str
    evidence: str
    files: tuple[HeldFile, ...] = ()
    state: CaseState = CaseState.OPEN
    created_at: datetime
    closed_at: datetime | None = None
    held: bool = True
    order: str

    @property
    def people(self) -> tuple[str, ...]:
        """Who reported, and who is reported, if that is somebody."""
        return tuple(one for one in (self.reporter, self.about) if one is not None)

    def row(self) -> Row:
        """With the files that it holds; with whom it goes, once it is held no more, and until when, if it is closed."""
        row = super().row()
        if self.closed_at is None:
            del row["closed_at"]
        if self.held:
            row["holds"] = [file.upload_id for file in self.files]
        else:
            row["gone_with"] = list(self.people)
        return row


def report_key(case_id: str, reporter: str | None) -> str:
    """The key under which somebody's report is kept, once for each case."""
    return f"{case_id}:{reporter or ''}"


class Reports(Repository[Report]):
    collection = "reports"
    owner = "gone_with"
    document = Report
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("key", ASCENDING)], unique=True),  # of_case_by
        IndexModel([("reporter", ASCENDING), ("order", DESCENDING)]),  # of_person
        IndexModel([("case_id", ASCENDING), ("order", ASCENDING)]),  # of_case
        IndexModel([("gone_with", ASCENDING)], sparse=True),  # delete_owned
        IndexModel([("holds", ASCENDING)], sparse=True),  # holds
        IndexModel([("closed_at", ASCENDING)], expireAfterSeconds=KEPT_SECONDS),  # forgotten a year after
    )

    async def of_case_by(self, case_id: str, reporter: str | None) -> Report | None:
        """What somebody said in a case; or what waits in it."""
        return await self._one({"key": report_key(case_id, reporter)})

    async def of_person(self, user_id: str, *, before: str | None, limit: int) -> list[Report]:
        """What somebody reported, the last first, from after a position."""
        where: dict[str, Any] = {"reporter": user_id}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)

    async def of_case(self, case_id: str, *, after: str | None, limit: int) -> list[Report]:
        """What was said in a case, the first first, from after a position."""
        where: dict[str, Any] = {"case_id": case_id}
        if after is not None:
            where["order"] = {"$gt": after}
        return await self._many(where, sort=(("order", 1),), limit=limit)

    async def holds(self, upload_id: str) -> bool:
        """Whether a file is evidence that may be needed yet."""
        return await self._one({"holds": upload_id}) is not None

    async def replace(self, report: Report) -> None:
        """Keep what became of it."""
        await self._rows.replace_one({"_id": report.id}, report.row(), session=await self._within())

    async def delete(self, report_id: str) -> None:
        """Forget it."""
        await self._rows.delete_one({"_id": report_id}, session=await self._within())
