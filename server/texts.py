"""Text messages on their way: by a service that takes them as Twilio does, or to be read where one develops."""

import sys
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

import aiohttp

from handlers.errors import Unavailable
from server.mail import Undeliverable

PATIENCE = aiohttp.ClientTimeout(total=10)


class TextGateway:
    """One account at such a service: `https://account:token@host/path`, where messages are created."""

    def __init__(self, url: str, sender: str) -> None:
        where = urlsplit(url)
        self._url = where._replace(netloc=where.netloc.rpartition("@")[2]).geturl()
        known = aiohttp.encode_basic_auth(unquote(where.username or ""), unquote(where.password or ""))
        self._headers = {"Authorization": known}
        self._sender = sender

    async def send(self, number: str, text: str) -> None:
        """Hand a message over. Raises `Undeliverable` if the service refuses it for good, else what may pass."""
        message = {"To": number, "From": self._sender, "Body": text}
        try:
            async with (
                aiohttp.ClientSession(timeout=PATIENCE, headers=self._headers) as client,
                client.post(self._url, data=message, allow_redirects=False) as response,
            ):
                status = response.status
        except (aiohttp.ClientError, TimeoutError):
            raise Unavailable("No text message can be sent now; it is tried again.") from None
        if status == HTTPStatus.BAD_REQUEST:
            # Of this number or this text; whatever else is refused is ours to mend, and is tried again.
            raise Undeliverable("The number was refused.")
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise Unavailable("No text message can be sent now; it is tried again.")


class DevelopmentTexts:
    """Prints messages instead of sending them."""

    async def send(self, number: str, text: str) -> None:
        sys.stdout.write(f"\n  text to {number}: {text}\n\n")
        sys.stdout.flush()
