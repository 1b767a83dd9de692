"""Web Push (RFC 8030, 8291, 8292): the only module that knows pywebpush.

What a device names as its push service is asked only if its host is allowed, by HTTPS, and is followed nowhere.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from py_vapid import Vapid02

from handlers.errors import Unavailable
from handlers.ports import PushTarget

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 10.0
TOKEN_LIVES = timedelta(hours=12)
LONGEST_PAUSE = timedelta(hours=6)
GONE = frozenset({404, 410})


class WebPush:
    """Sends to the push services of browsers, as the holder of one VAPID key."""

    def __init__(self, private_key: str, *, contact: str, hosts: Sequence[str]) -> None:
        self._vapid = Vapid02.from_raw(private_key.encode())
        self._contact = f"mailto:{contact}"
        self._hosts = frozenset(hosts)
        self._http: aiohttp.ClientSession | None = None
        # As each signature tells it.
        self.public_key: str = self._authorization("https://localhost").partition("k=")[2]

    def allows(self, target: PushTarget) -> bool:
        """Whether there is a push service at the address, and something can be encrypted for its keys."""
        try:
            return self._is_allowed(target.endpoint) and bool(_encrypted(target, "{}"))
        except Exception:
            return False

    async def send(self, target: PushTarget, payload: str, *, lives: timedelta, urgent: bool, topic: str) -> bool:
        """Hand a payload over; False if the subscription is no more. Raises `Unavailable` for what may pass."""
        if not self._is_allowed(target.endpoint):
            return False
        headers = {
            "Authorization": self._authorization(target.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(0, int(lives.total_seconds()))),
            "Urgency": "high" if urgent else "normal",
            # A later one of the same topic takes the place of one that has not been fetched.
            "Topic": topic,
        }
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS))
        try:
            async with self._http.post(
                target.endpoint, data=_encrypted(target, payload), headers=headers, allow_redirects=False
            ) as response:
                return self._heard(response)
        except (aiohttp.ClientError, TimeoutError):
            # Without what it said: the address in it is a secret of the device's.
            raise Unavailable("The push service does not answer.") from None

    async def close(self) -> None:
        """Close its connections."""
        if self._http is not None:
            await self._http.close()

    def _heard(self, response: aiohttp.ClientResponse) -> bool:
        status = response.status
        if status in GONE:
            return False
        if status == 429 or status >= 500:
            raise Unavailable("The push service is busy.", retry_after=_pause(response.headers.get("Retry-After")))
        if status >= 300:
            log.warning("push_refused", status=status, host=response.url.host)
        return True

    def _is_allowed(self, endpoint: str) -> bool:
        where = urlsplit(endpoint)
        # A whole origin, for tests: the only way to anything but HTTPS.
        if f"{where.scheme}://{where.netloc}" in self._hosts:
            return True
        name = where.netloc
        if where.scheme != "https":
            return False
        return name in self._hosts or any(name.endswith(host[1:]) for host in self._hosts if host.startswith("*."))

    def _authorization(self, endpoint: str) -> str:
        where = urlsplit(endpoint)
        claims = {
            "aud": f"{where.scheme}://{where.netloc}",
            "sub": self._contact,
            "exp": int(time.time() + TOKEN_LIVES.total_seconds()),
        }
        signed: str = self._vapid.sign(claims)["Authorization"]
        return signed


def _encrypted(target: PushTarget, payload: str) -> bytes:
    # With `requests` in its train: half a second that only who pushes shall pay.
    from pywebpush import WebPusher  # noqa: PLC0415

    keys = {"p256dh": target.p256dh, "auth": target.auth}
    made: Any = WebPusher({"endpoint": target.endpoint, "keys": keys}).encode(payload.encode())
    body: bytes = made["body"]
    return body


def _pause(said: str | None) -> timedelta | None:
    """How long to wait, as a number of seconds or a moment says it; never too long."""
    if said is None:
        return None
    try:
        seconds = float(said) if said.isdecimal() else (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(timedelta(seconds=max(0.0, seconds)), LONGEST_PAUSE)
