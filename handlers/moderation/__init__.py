"""Reports, and what staff makes of them. Who reported something is told to nobody but staff, and never to the reported.

The package is one domain; its modules share `cases`, through which alone a case is loaded and changed.
"""

from handlers.moderation.deciding import close_reports, decide_case
from handlers.moderation.queue import (
    add_note,
    assign_case,
    get_case,
    get_evidence_file,
    list_cases,
    unwatch_cases,
    watch_cases,
)
from handlers.moderation.reporting import create_report, list_reports

__all__ = [
    "add_note",
    "assign_case",
    "close_reports",
    "create_report",
    "decide_case",
    "get_case",
    "get_evidence_file",
    "list_cases",
    "list_reports",
    "unwatch_cases",
    "watch_cases",
]
