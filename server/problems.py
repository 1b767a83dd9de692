"""What the wire says of an error: one object for REST bodies and Socket.IO acknowledgements (RFC 9457).

Every error is mapped here and nowhere else; what is unknown becomes a bare `internal` and a logged trace.
"""

import itertools
import json
import secrets
from collections.abc import Sequence
from typing import Any

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from handlers.errors import DomainError, Invalid
from handlers.models import View
from store.database import is_unavailable

log = structlog.get_logger(__name__)

# The library speaks of the "items" of a password.
SECRET_LENGTHS = {"too_short": "At least {min_length} characters.", "too_long": "At most {max_length} characters."}

# The only numbers in the program.
STATUS = {
    "invalid": 422,
    "malformed": 400,
    "unauthenticated": 401,
    "second_factor_required": 401,
    "token_expired": 401,
    "refresh_reused": 401,
    "forbidden": 403,
    "account_banned": 403,
    "account_closing": 403,
    "sign_in_again": 403,
    "terms_not_accepted": 403,
    "warning_unread": 403,
    "muted": 403,
    "email_unconfirmed": 403,
    "not_found": 404,
    "unknown_operation": 404,
    "method_not_allowed": 405,
    "conflict": 409,
    "under_way": 409,
    "identity_unlinked": 409,
    "invalid_transition": 409,
    "first_contacts_used": 409,
    "request_waiting": 409,
    "call_full": 409,
    "call_locked": 409,
    "call_ended": 409,
    "too_large": 413,
    "unsupported_media_type": 415,
    "range_not_satisfiable": 416,
    "idempotency_key_reused": 422,
    "rate_limited": 429,
    "internal": 500,
    "unavailable": 503,
    "maintenance": 503,
}

BUSY_RETRY_MS = 1000

PROCESS = secrets.token_hex(5)
_numbers = itertools.count(1)


class Fault(BaseModel):
    """One fault of one field."""

    model_config = ConfigDict(extra="forbid")

    field: str = Field(description="Where: a path with dots, empty for the whole.")
    code: str
    message: str


class Problem(BaseModel):
    """Why something was not done. `detail` and `message` are the same sentence, under the names of both worlds."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="A reference to the code's entry in the error catalogue.")
    title: str
    status: int
    detail: str
    code: str = Field(description="Stable: branch on this.")
    message: str
    retryable: bool = Field(description="Whether the same request may succeed later.")
    retry_after_ms: int | None = None
    fields: list[Fault] | None = Field(default=None, description="Every fault of the payload.")
    current: dict[str, Any] | None = Field(default=None, description="After a conflict: the state that stands.")
    request_id: str

    def text(self) -> str:
        """As JSON, without what does not apply."""
        return self.model_dump_json(exclude_none=True)


def new_request_id() -> str:
    """An id that finds the log line of a request: this process's mark and a number."""
    return f"{PROCESS}-{next(_numbers):x}"


def problem(error: BaseException, request_id: str) -> Problem:
    """Say what the wire is told of any error."""
    if isinstance(error, DomainError):
        current = json.loads(error.current.model_dump_json()) if isinstance(error.current, View) else None
        after = error.retry_after
        return _problem(
            error.code,
            error.detail,
            request_id,
            retryable=error.retryable,
            retry_after_ms=None if after is None else max(1, int(after.total_seconds() * 1000)),
            fields=[Fault(**fault) for fault in error.fields] or None,
            current=current,
        )
    if is_unavailable(error):
        log.warning("database_unavailable", error=type(error).__name__, request_id=request_id)
        return _problem(
            "unavailable",
            "The database does not answer now. Nothing is known to have changed; try again.",
            request_id,
            retryable=True,
            retry_after_ms=BUSY_RETRY_MS,
        )
    log.error("unexpected_error", request_id=request_id, exc_info=error)
    return _problem("internal", "Something went wrong here, and it was noted.", request_id)


def wire_problem(code: str, detail: str, request_id: str) -> Problem:
    """A problem of the wire itself: not a JSON body, no such address."""
    return _problem(code, detail, request_id)


def invalid(error: ValidationError) -> Invalid:
    """Name every fault of a payload, by field; never echo the input: there may be a password in it."""
    faults = error.errors(include_input=False, include_url=False)
    return Invalid(
        "The request has a fault." if len(faults) == 1 else f"The request has {len(faults)} faults.",
        fields=[{"field": _path(fault["loc"]), "code": fault["type"], "message": _sentence(fault)} for fault in faults],
    )


def _sentence(fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    if context.get("field_type") == "Value" and fault["type"] in SECRET_LENGTHS:
        return SECRET_LENGTHS[fault["type"]].format(**context)
    return fault["msg"].removeprefix("Value error, ")


def _path(loc: Sequence[int | str]) -> str:
    # A key that the client made up may hold anything, so it is cut and cleaned.
    return ".".join(str(part)[:64].encode("utf-8", "replace").decode() for part in loc)


def _problem(code: str, detail: str, request_id: str, **more: Any) -> Problem:
    return Problem(
        type=f"/docs/errors#{code}",
        title=code.replace("_", " ").capitalize(),
        status=STATUS[code],
        detail=detail,
        code=code,
        message=detail,
        request_id=request_id,
        **{"retryable": False, **more},
    )
