"""What becomes of reports: told to who made them, and to the staff that looks at the queue."""

from handlers.events.base import Event
from handlers.views.moderation import ReportView
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


EVENTS: tuple[type[Event], ...] = (ReportUpdated, StaffReport)
