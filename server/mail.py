"""Letters on their way: by SMTP, or into an outbox to look at. The only module that knows aiosmtplib."""

import sys
from collections import deque
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import ClassVar, NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

from handlers.letters import Letter
from server.config import Settings

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 20.0
# What a server says of us and not of a letter: somebody has to mend it, and the letters wait for that.
OURS = (
    aiosmtplib.SMTPAuthenticationError,
    aiosmtplib.SMTPConnectResponseError,
    aiosmtplib.SMTPHeloError,
    aiosmtplib.SMTPSenderRefused,
)
MOST_SHOWN = 50
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Undeliverable(Exception):
    """The server refused the letter for good; trying again would change nothing."""


class Mailer(Protocol):
    # Else letters wait until there is one that does.
    sends: ClassVar[bool]

    async def send(self, letter: Letter, *, id_: str, at: datetime) -> None:
        """Hand a letter over. The same id means the same letter. Raises `Undeliverable`, or what may pass."""
        ...


class SmtpMailer:
    """Speaks to one SMTP server: `smtp://` takes STARTTLS where it is offered, `smtps://` is encrypted throughout.

    A password goes over an encrypted connection only, or to this very machine.
    """

    sends: ClassVar[bool] = True

    def __init__(self, url: str, sender: str) -> None:
        where = urlsplit(url)
        self._host = where.hostname or "localhost"
        self._encrypted = where.scheme == "smtps"
        self._port = where.port or (465 if self._encrypted else 587)
        self._username = unquote(where.username) if where.username else None
        self._password = unquote(where.password) if where.password else None
        self._starttls = True if self._username and self._host not in LOOPBACK and not self._encrypted else None
        self._sender = sender

    async def send(self, letter: Letter, *, id_: str, at: datetime) -> None:
        try:
            await aiosmtplib.send(
                message(letter, self._sender, id_=id_, at=at),
                hostname=self._host,
                port=self._port,
                username=self._username,
                password=self._password,
                use_tls=self._encrypted,
                start_tls=self._starttls,
                timeout=TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            if all(refused.code >= 500 for refused in error.recipients):
                raise Undeliverable("The recipient was refused.") from error
            raise
        except OURS:
            raise
        except aiosmtplib.SMTPResponseException as error:
            if error.code >= 500:
                raise Undeliverable(f"Refused with {error.code}.") from error
            raise


class Sent(NamedTuple):
    """A letter in the outbox."""

    letter: Letter
    at: datetime


class DevelopmentOutbox:
    """Keeps the last letters in memory and prints them, instead of sending them."""

    sends: ClassVar[bool] = True

    def __init__(self) -> None:
        self.sent: deque[Sent] = deque(maxlen=MOST_SHOWN)

    async def send(self, letter: Letter, *, id_: str, at: datetime) -> None:  # noqa: ARG002
        self.sent.appendleft(Sent(letter, at))
        text = "\n".join(f"    {line}" for line in letter.text.splitlines())
        sys.stdout.write(f"\n  letter to {letter.to}: {letter.subject}\n\n{text}\n\n")
        sys.stdout.flush()


class NoMailServer:
    """Where none is set: letters wait for one."""

    sends: ClassVar[bool] = False

    async def send(self, letter: Letter, *, id_: str, at: datetime) -> None:
        raise NotImplementedError("A job that writes a letter belongs into the queue of letters, where it waits.")


def mailer_of(settings: Settings) -> Mailer:
    """What sends letters: by the server that is set; or, where one develops, into an outbox to look at."""
    if settings.smtp_url is not None:
        return SmtpMailer(settings.smtp_url.get_secret_value(), settings.mail_from)
    if settings.mongodb_url is None:
        return DevelopmentOutbox()
    log.warning("letters_wait", why="SMTP_URL is not set")
    return NoMailServer()


def message(letter: Letter, sender: str, *, id_: str, at: datetime) -> EmailMessage:
    """A letter as it travels. Sent twice, after a crash in between, it has one Message-ID: readers show it once."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, letter.to, letter.subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{id_}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    # So that nobody's "I am away" is sent to it.
    made["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers:
        made[name] = value
    made.set_content(letter.text)
    made.add_alternative(letter.html, subtype="html")
    return made
