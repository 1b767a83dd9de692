"""Why something was not done: the closed catalogue of reasons, with codes that never change.

What number or frame a reason becomes on the wire is decided in one place, server/problems.py.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import ClassVar


class DomainError(Exception):
    """A reason that the person who asked can be told. `detail` says what, where and what to do."""

    code: ClassVar[str]
    retryable: ClassVar[bool] = False
    # What was written before it is committed all the same: the refusal is itself a thing that happened.
    keeps_effects: ClassVar[bool] = False

    def __init__(self, detail: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after
        self.fields: Sequence[Mapping[str, str]] = ()
        self.current: object = None


class Invalid(DomainError):
    """The request is not of the form this operation takes. `fields` names every fault: path, code, message."""

    code = "invalid"

    def __init__(self, detail: str, *, fields: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(detail)
        self.fields = fields

    @classmethod
    def field(cls, path: str, message: str, *, code: str = "invalid") -> "Invalid":
        """One fault in one field, found by a rule that no schema can say."""
        return cls("The request has a fault.", fields=[{"field": path, "code": code, "message": message}])


class Unauthenticated(DomainError):
    """Nobody, or nobody any more, is signed in with this token."""

    code = "unauthenticated"


class SecondFactorRequired(Unauthenticated):
    """The password is right, and this person asks for a code as well; none was sent, or it is wrong."""

    code = "second_factor_required"


class TokenExpired(DomainError):
    """The access token was good once: a refresh brings a new one."""

    code = "token_expired"


class RefreshReused(Unauthenticated):
    """A refresh token came a second time: it was stolen, or copied. Its session is ended."""

    code = "refresh_reused"
    keeps_effects = True


class Forbidden(DomainError):
    """The thing may be seen, but this is not the actor's to do."""

    code = "forbidden"


class SignInAgain(Forbidden):
    """This is for who signed in just now."""

    code = "sign_in_again"


class AccountClosing(Forbidden):
    """The account is about to be deleted, as its owner asked; they may still keep it."""

    code = "account_closing"


class AccountBanned(Forbidden):
    """Staff keeps this person out; `detail` says why, and for how long. `current` has what they can appeal by."""

    code = "account_banned"

    def __init__(self, detail: str, *, current: object = None) -> None:
        super().__init__(detail)
        self.current = current


class TermsNotAccepted(Forbidden):
    """There are terms of use that this person has not agreed to yet."""

    code = "terms_not_accepted"


class WarningUnread(Forbidden):
    """Staff has warned this person, who has not said yet that they have read it."""

    code = "warning_unread"


class Muted(Forbidden):
    """Staff has muted this person for a time: they read, and do not write, propose or call."""

    code = "muted"


class EmailUnconfirmed(Forbidden):
    """Whoever has not confirmed their e-mail address cannot turn to people they do not know yet."""

    code = "email_unconfirmed"


class NotFound(DomainError):
    """There is no such thing, or none that the actor may know of."""

    code = "not_found"


class Conflict(DomainError):
    """Somebody was first. `current` is the state that stands."""

    code = "conflict"

    def __init__(self, detail: str, *, current: object = None, retry_after: timedelta | None = None) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.current = current


class UnderWay(Conflict):
    """The same request, by its key, is being carried out at this moment."""

    code = "under_way"
    retryable = True


class NotAllowedNow(DomainError):
    """The thing exists and is yours, but not in a state for this. `current`, where it is given, is that state."""

    code = "invalid_transition"

    def __init__(self, detail: str, *, current: object = None) -> None:
        super().__init__(detail)
        self.current = current


class FirstContactsUsed(NotAllowedNow):
    """As many strangers have been written to, and have not answered, as one may wait for. `current` says how many."""

    code = "first_contacts_used"


class RequestWaiting(NotAllowedNow):
    """What was asked of a stranger waits for an answer: nothing more can be said to them until then."""

    code = "request_waiting"


class CallFull(Conflict):
    """As many are in the call, or wait for it, as it takes."""

    code = "call_full"


class CallLocked(NotAllowedNow):
    """The host has locked the call: nobody joins it now."""

    code = "call_locked"


class CallEnded(NotAllowedNow):
    """The call is over."""

    code = "call_ended"


class IdentityUnlinked(Conflict):
    """The account elsewhere has an address that an account here has; it has to be linked from that one."""

    code = "identity_unlinked"


class KeyReused(DomainError):
    """The same client_id (or Idempotency-Key) came before with another request."""

    code = "idempotency_key_reused"


class RateLimited(DomainError):
    """Too often."""

    code = "rate_limited"
    retryable = True


class Unavailable(DomainError):
    """A part that this needs does not answer now; nothing was done."""

    code = "unavailable"
    retryable = True


class Maintenance(DomainError):
    """The server is being worked on: what is there can be read, and nothing can be changed but by staff."""

    code = "maintenance"
    retryable = True


class TooLarge(DomainError):
    """What was sent is larger than this server takes."""

    code = "too_large"


class UnknownOperation(DomainError):
    """No operation has this name."""

    code = "unknown_operation"
