"""What becomes of reports: told to who made them, and to the staff that looks at the queue."""

from handlers.events.base import Event
from handlers.views.moderation import ReportView
from handlers.views.statements import StatementView
from store.reports import CaseState, Thing


class ReportUpdated(Event):
    """Staff has looked at what you reported."""

    name = "report:updated"
    report: ReportView


class StaffReport(Event):
    """A case of the queue that you watch is new, or changed: fetch it. Nobody is named here."""

    name = "staff:report"
    durable = False
    case_id: str
    kind: Thing
    state: CaseState
    count: int
    version: int


class StatementCreated(Event):
    """Staff did something to you, or to something of yours: why, by which rule, until when, and how to appeal."""

    name = "statement:created"
    statement: StatementView


class StatementUpdated(Event):
    """What staff did is acknowledged, appealed against, decided anew or taken back."""

    name = "statement:updated"
    statement: StatementView


class RestraintChanged(Event):
    """What somebody may do is not what it was; for the server's own processes."""

    name = "restraint:changed"
    user_id: str


EVENTS: tuple[type[Event], ...] = (ReportUpdated, StaffReport, StatementCreated, StatementUpdated)
