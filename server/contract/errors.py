"""The catalogue of error codes, made from the classes that raise them and the table of their numbers.

A code without a sentence for its reader is a fault of the code, and stops the documents from being made.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.account import STAFF
from handlers.errors import DomainError
from handlers.models import Access
from server import rest
from server.contract.frame import framed
from server.middleware import WIRE_CODES, WIRE_WORDS
from server.operation import Operation
from server.problems import STATUS

INTERNAL = "Something went wrong in the server, and it was noted under the request_id."

# What turns to people one may not know yet.
TO_STRANGERS = {"thread:open", "thread:add", "message:send", "swap:request", "call:create"}

# Raised by the shells, so that they are loaded, and in the catalogue.
SHELLS = (rest.Malformed, rest.UnsupportedMediaType)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the reader is told of a code."""

    code: str
    status: int
    says: str
    retryable: bool


def catalogue() -> list[Entry]:
    """Every code, in the order of the numbers."""
    says = {code: WIRE_WORDS[status] for status, code in WIRE_CODES.items()} | {"internal": INTERNAL}
    retryable = set()
    for error in _descendants(DomainError):
        if error.code in STATUS:
            says[error.code] = " ".join((error.__doc__ or "").split()) or says[error.code]
            if error.retryable:
                retryable.add(error.code)
    entries = [Entry(code, status, says[code], code in retryable) for code, status in STATUS.items()]
    return sorted(entries, key=lambda entry: (entry.status, entry.code))


def codes_of(operation: Operation) -> set[str]:
    """The codes with which an operation may be refused, by whatever door."""
    codes = {"invalid", "unauthenticated", "token_expired", "not_found", "rate_limited", "internal", "unavailable"}
    if operation.is_command or operation.is_signal:
        codes |= {"forbidden", "conflict", "invalid_transition"}
    if operation.is_command and operation.access is not Access.PUBLIC:
        codes.add("maintenance")
    if operation.access not in {Access.PUBLIC, Access.ACCOUNT}:
        codes |= {"terms_not_accepted", "warning_unread"}
    if operation.access is Access.VOICE or operation.speaks_partly:
        codes.add("muted")
    if operation.access in STAFF:
        codes.add("forbidden")
    if operation.is_creating:
        codes.add("idempotency_key_reused")
    if operation.takes_file:
        codes.add("under_way")
    if operation.name in TO_STRANGERS:
        codes |= {"first_contacts_used", "request_waiting"}
    if operation.name.startswith("call:"):
        codes |= {"call_full", "call_locked", "call_ended"}
    if "refresh_token" in operation.asked.model_fields:
        codes.add("refresh_reused")
    return codes


def page() -> str:
    """The catalogue as a page for people; every code is an anchor."""
    rows = "\n".join(
        f'<tr id="{entry.code}"><td><a href="#{entry.code}"><code>{entry.code}</code></a></td><td>{entry.status}</td>'
        f"<td>{'yes' if entry.retryable else 'no'}</td><td>{_marked_up(entry.says)}</td></tr>"
        for entry in catalogue()
    )
    return framed("error codes", f"{INTRODUCTION}\n{rows}\n</tbody>\n</table>")


def _marked_up(sentence: str) -> str:
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(sentence))


def _descendants(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in kind.__subclasses__():
        if "code" in vars(child):
            yield child
        yield from _descendants(child)


INTRODUCTION = """<p>Every error is one problem object (RFC 9457): the body of a REST answer, the <code>error</code> of
an acknowledgement and the <code>data</code> of a <code>connect_error</code>. Branch on <code>code</code>: codes never
change, sentences may. The status is that of REST.</p>
<table>
<thead><tr><th>Code</th><th>Status</th><th>Worth repeating</th><th>What it says</th></tr></thead>
<tbody>"""
