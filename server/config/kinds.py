"""The kinds of values that settings have, each with what may be wrong about one; no message repeats a value."""

import re
from collections.abc import Callable
from email.utils import parseaddr
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, IPvAnyNetwork, SecretStr
from pydantic_settings import NoDecode

# HS256 is as strong as its key, up to this.
SECRET_BYTES = 32

T = TypeVar("T", str, SecretStr, tuple[str, ...], tuple[SecretStr, ...])


def texts(value: str | SecretStr | tuple[str, ...] | tuple[SecretStr, ...]) -> list[str]:
    """What is said, one or several and secret or not; empty if nothing is."""
    said = value if isinstance(value, tuple) else (value,)
    return [text for one in said if (text := one.get_secret_value() if isinstance(one, SecretStr) else one)]


def _checked(is_right: Callable[[str], object], message: str) -> AfterValidator:
    """Raises with a message unless each text of a value is right."""

    def check(value: T) -> T:
        if not all(map(is_right, texts(value))):
            raise ValueError(message)
        return value

    return AfterValidator(check)


def _starting(*schemes: str) -> AfterValidator:
    return _checked(lambda text: text.startswith(schemes), f"must start with {' or '.join(schemes)}")


def _is_origin(text: str) -> bool:
    scheme, _, host = text.partition("://")
    # A star, with credentials or without, would let any page speak in its visitor's name.
    return scheme in {"http", "https"} and bool(host) and "/" not in host and "*" not in host


def _split(value: object) -> object:
    # As people write a list: with commas.
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Port = Annotated[int, Field(ge=0, le=65535)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Seconds = Annotated[int, Field(ge=1, le=3600)]
Level = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR"],
    BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value),
]

Texts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Networks = Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(_split)]
Origins = Annotated[
    Texts,
    _checked(_is_origin, "each is a scheme and a host, like https://app.example.org, without a path or a star"),
]
StunUrls = Annotated[Texts, _starting("stun:", "stuns:")]
TurnUrls = Annotated[Texts, _starting("turn:", "turns:")]

MongodbUrl = Annotated[str, _starting("mongodb://", "mongodb+srv://")]
RedisUrl = Annotated[str, _starting("redis://", "rediss://", "unix://")]
FilesUrl = Annotated[str, _starting("file:///", "s3://")]
MailUrl = Annotated[SecretStr, _starting("smtp://", "smtps://")]
# May be empty.
WebUrl = Annotated[str, _starting("http://", "https://"), AfterValidator(lambda url: url.rstrip("/"))]
Address = Annotated[
    str,
    _checked(
        lambda text: "@" in parseaddr(text)[1] and "\n" not in text,
        "must be an address, like SkillNet <skillnet@example.org>",
    ),
]

_strong = _checked(
    lambda text: len(text.encode()) >= SECRET_BYTES,
    f"must have at least {SECRET_BYTES} bytes; `openssl rand -base64 48` makes one",
)
Secret = Annotated[SecretStr, _strong]
Secrets = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_split), _strong]
VapidKey = Annotated[
    SecretStr,
    _checked(
        re.compile(r"[A-Za-z0-9_-]{43}=?").fullmatch,
        "must be 32 bytes in URL-safe Base64: `npx web-push generate-vapid-keys` makes one",
    ),
]
