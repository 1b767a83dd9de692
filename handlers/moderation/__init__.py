"""Reports, and what staff makes of them. Who reported something is told to nobody but staff, and never to the reported.

The package is one domain; its modules share `cases`, through which alone a case is loaded.
"""

from handlers.moderation.appeals import (
    acknowledge_warning,
    appeal,
    appeal_by_token,
    decide_appeal,
    list_appeals,
    list_statements,
    open_statement,
)
from handlers.moderation.deciding import close_reports, decide_case, let_evidence_go
from handlers.moderation.measures import lift_measure, list_statements_of, take_measure
from handlers.moderation.queue import (
    add_note,
    assign_case,
    get_case,
    get_evidence_file,
    list_cases,
    unwatch_cases,
    watch_cases,
)
from handlers.moderation.reporting import create_report, hide_reported, list_reports

__all__ = [
    "acknowledge_warning",
    "add_note",
    "appeal",
    "appeal_by_token",
    "assign_case",
    "close_reports",
    "create_report",
    "decide_appeal",
    "decide_case",
    "get_case",
    "get_evidence_file",
    "hide_reported",
    "let_evidence_go",
    "lift_measure",
    "list_appeals",
    "list_cases",
    "list_reports",
    "list_statements",
    "list_statements_of",
    "open_statement",
    "take_measure",
    "unwatch_cases",
    "watch_cases",
]
