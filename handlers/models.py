"""The bases of what crosses the boundary, and the field types that commands share.

What comes in is strict, closed and bounded; what goes out is frozen.
"""

import re
import unicodedata
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, ClassVar
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    SecretStr,
    StringConstraints,
)


class Asked(BaseModel):
    """What is asked, by whatever door. Unknown fields are refused, so that a typing error is not silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)

    def speaks(self) -> bool:
        """Whether others read or hear of this, though of others of its kind they do not: see `Access.VOICE`."""
        return False


class Query(Asked):
    """A question: changes nothing."""


class Command(Asked):
    """A change: runs in one transaction with the events it causes."""

    # Commands with the same value of this field take turns in a process: they would only race in the database.
    turn_by: ClassVar[str | None] = None


class Outward(Command):
    """A change that asks somebody outside: it runs in no transaction, and what it writes stands by itself."""


class Keyed(Command):
    """A change that makes something new: asked again with the same client_id it makes nothing more."""

    client_id: UUID | None = Field(
        default=None,
        description="Made by the client, new for each thing it creates and the same for each retry. "
        "REST: the Idempotency-Key header.",
    )


class Creating(Keyed):
    """A change that is kept together with its answer: asked again it answers the same."""


class ByPeople(Command):
    """A change that programs shall not ask for in masses: the answer to a captcha comes along, where one is set up."""

    captcha: SecretStr | None = Field(
        default=None, max_length=4096, description="What the captcha's widget gave; needed where `/config/` names one."
    )


class Signal(Asked):
    """Something of the moment, told to those who are there and kept nowhere."""


class View(BaseModel):
    """What is answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Access(StrEnum):
    """Who may ask."""

    PUBLIC = "public"
    # Of one's own account: also for who has not agreed to the terms.
    ACCOUNT = "account"
    SIGNED_IN = "signed_in"
    # What others read or hear: not for whom staff has muted. Where that is so of some fields alone, `speaks` says it.
    VOICE = "voice"
    MODERATOR = "moderator"
    ADMIN = "admin"


def no_control_characters(text: str) -> str:
    """Refuse what no person types: control characters but line breaks and tabs, and halves of characters."""
    if any((ord(c) < 32 and c not in "\n\t\r") or 0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise ValueError("Control characters are not allowed.")
    return text


NUMBER = re.compile(r"[+-]?[\d.]+")


def no_number(value: object) -> object:
    """Refuse a moment as a number, of which nobody can tell what it counts; also one from an address, as text."""
    if isinstance(value, int | float) or (isinstance(value, str) and NUMBER.fullmatch(value.strip())):
        raise ValueError("Must be a date and time with its offset, like 2026-11-23T20:00:00Z.")
    return value


# At the ends of time other clocks have no word for a moment.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


def within_reason(moment: datetime) -> datetime:
    """Refuse a moment that nobody means."""
    if not EARLIEST <= moment < LATEST:
        raise ValueError("Must be within the years 1970 to 2999.")
    return moment


def no_yes_or_no(value: object) -> object:
    """Refuse yes and no where a number is asked for."""
    if isinstance(value, bool):
        raise ValueError("Must be a whole number.")  # noqa: TRY004
    return value


def within_bytes(limit: int) -> AfterValidator:
    """Bound the UTF-8 size of a text."""

    def check(text: str) -> str:
        if len(text.encode()) > limit:
            raise ValueError(f"At most {limit} bytes of UTF-8.")
        return text

    return AfterValidator(check)


@cache
def _time_zones() -> frozenset[str]:
    # Looked through once: it is a walk over some hundred files.
    return frozenset(available_timezones())


def known_time_zone(name: str) -> str:
    """Refuse what is no zone of the IANA's."""
    if name not in _time_zones():
        raise ValueError("Must be the name of a time zone, like Europe/Berlin.")
    return name


def secure_link(text: str) -> str:
    """Refuse an address that is not of the web, unencrypted, or says who it is opened by."""
    try:
        parts = urlsplit(text)
        is_good = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise ValueError("Must be an address that begins with https://.")
    return text


def in_utc(moment: datetime) -> datetime:
    """A moment as it is kept, to the second."""
    return moment.astimezone(UTC).replace(microsecond=0)


def email_key(email: str) -> str:
    """The form by which an address is found, however it was typed."""
    return unicodedata.normalize("NFKC", email).casefold()


Email = Annotated[EmailStr, StringConstraints(max_length=254)]
NewPassword = Annotated[SecretStr, Field(min_length=10, max_length=128)]
KnownPassword = Annotated[SecretStr, Field(max_length=128)]
Code = Annotated[
    SecretStr, Field(min_length=6, max_length=40, description="Of the authenticator app, or for recovery.")
]

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{24}$")]
UserId = Annotated[Id, Field(description="The id of a person.")]
SessionId = Annotated[Id, Field(description="The id of a session: one sign-in on one device.")]
ThreadId = Annotated[Id, Field(description="The id of a conversation.")]
SearchId = Annotated[Id, Field(description="The id of a search that is kept.")]
GigId = Annotated[Id, Field(description="The id of an offer or a request.")]
MessageId = Annotated[Id, Field(description="The id of a message.")]

Clean = AfterValidator(no_control_characters)
Moment = Annotated[AwareDatetime, BeforeValidator(no_number), AfterValidator(within_reason)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), Clean]
Prose = Annotated[str, StringConstraints(max_length=2048), Clean]
MessageText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), Clean, within_bytes(8192)]
Whole = Annotated[int, BeforeValidator(no_yes_or_no)]
Seq = Annotated[Whole, Field(ge=0, le=2**53)]
Limit = Annotated[Whole, Field(ge=1, le=100)]
Cursor = Annotated[str, StringConstraints(max_length=200)]
TimeZone = Annotated[
    str, StringConstraints(max_length=64), AfterValidator(known_time_zone), Field(description="Like Europe/Berlin.")
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$"), Field(description="BCP 47, the first part.")]
Locale = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"),
    Field(description="BCP 47: language, script, region."),
]
SwapId = Annotated[Id, Field(description="The id of a swap.")]
Planned = Annotated[Moment, AfterValidator(in_utc)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), Clean]
Link = Annotated[str, StringConstraints(max_length=500, pattern=r"^https://[!-~]+$"), AfterValidator(secure_link)]
