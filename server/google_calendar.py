"""People's calendars at Google, by Google's own client, which waits: it runs in threads.

It and `google_events`, which asks the questions, are all that knows that client. Every failure leaves here as one of
those that the port names.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from http.client import HTTPException
from typing import Any, TypeVar

import httplib2
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from handlers.calendar_port import CalendarEntry, CalendarRefused, Changes, GrantRevoked, Seen
from handlers.errors import Unavailable
from handlers.times import Span
from server import google_events
from server.google import GoogleConsent
from store.calendar_watches import Channel

T = TypeVar("T")

AT_ONCE = 8
PATIENCE_SECONDS = 8.0
# Access tokens are good for an hour; of so many people they are kept, by this process alone.
MOST_TOKENS = 1000
UNAUTHORIZED, FORBIDDEN, CHANGED, TOO_MANY, SERVER_FAULT = 401, 403, 412, 429, 500
LIMITS = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"})
NO_SCOPE = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
LONGEST_PAUSE = timedelta(hours=1)


class GoogleCalendar:
    """The primary calendars of those who allowed it."""

    def __init__(self, url: str, client_id: str, client_secret: str, *, consent: GoogleConsent) -> None:
        # The library puts this in the place of its own address with the path, and not only of the host.
        self._url = f"{url}/calendar/v3/"
        self._client_id, self._client_secret = client_id, client_secret
        self._consent = consent
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="calendar")
        self._tokens: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    @property
    def redirect_uris(self) -> Collection[str]:
        """The pages that Google may lead back to."""
        return self._consent.redirect_uris

    async def address(self, state: str, verifier: str, redirect_uri: str) -> str:
        """Where a browser goes to be asked."""
        return await self._consent.address(state, verifier, redirect_uri)

    async def exchange(self, code: str, verifier: str, redirect_uri: str) -> str:
        """What stands for the permission."""
        return await self._consent.exchange(code, verifier, redirect_uri)

    async def revoke(self, grant: str) -> None:
        """Give the permission back."""
        self._tokens.pop(grant, None)
        await self._consent.revoke(grant)

    async def put(self, grant: str, entry: CalendarEntry) -> Seen | None:
        """Have it stand there once, as it is here; None if its person moved it, and nobody here has seen that yet."""
        return await self._within(grant, partial(google_events.put, entry=entry))

    async def remove(self, grant: str, event_id: str) -> None:
        """Have it stand there no more."""
        await self._within(grant, partial(google_events.remove, event_id=event_id))

    async def changes(self, grant: str, sync_token: str | None, *, since: datetime, ours: Collection[str]) -> Changes:
        """What became of these events of ours; all of them, where there is no token, or Google takes it no more."""
        return await self._within(
            grant, partial(google_events.changes, sync_token=sync_token, since=since, ours=ours)
        )  # fmt: skip

    async def busy(self, grant: str, within: Span) -> list[Span]:
        """When its person is busy."""
        return await self._within(grant, partial(google_events.busy, within=within))

    async def watch(self, grant: str, channel_id: str, token: str, address: str) -> Channel:
        """Have Google say there that something has changed, by a channel that ends."""
        return await self._within(
            grant, partial(google_events.watch, channel_id=channel_id, token=token, address=address)
        )  # fmt: skip

    async def unwatch(self, grant: str, channel: Channel) -> None:
        """Have it say so no more."""
        await self._within(grant, partial(google_events.unwatch, channel=channel))

    def close(self) -> None:
        """End the threads, without waiting for what Google does not answer."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _within(self, grant: str, do: Callable[[Any], T]) -> T:
        token_url = await self._consent.token_url()

        def run() -> T:
            token, expiry = self._tokens.get(grant, (None, None))
            credentials = Credentials(  # type: ignore[no-untyped-call]
                token,
                refresh_token=grant,
                token_uri=token_url,
                client_id=self._client_id,
                client_secret=self._client_secret,
                # The library compares it with a moment that knows no zone.
                expiry=expiry,
            )
            # One connection for each call: the library's is for one thread alone. Nothing leads elsewhere.
            http = httplib2.Http(timeout=PATIENCE_SECONDS)
            http.follow_redirects = False
            with _told(), _closing(http):
                options = {"api_endpoint": self._url}
                service = build(
                    "calendar",
                    "v3",
                    http=AuthorizedHttp(credentials, http=http),
                    static_discovery=True,
                    cache_discovery=False,
                    client_options=options,
                )
                done = do(service)
            self._keep(grant, credentials)
            return done

        return await asyncio.get_running_loop().run_in_executor(self._threads, run)

    def _keep(self, grant: str, credentials: Credentials) -> None:
        if credentials.token and credentials.expiry:
            self._tokens[grant] = credentials.token, credentials.expiry
            while len(self._tokens) > MOST_TOKENS:
                self._tokens.popitem(last=False)


@contextmanager
def _closing(http: httplib2.Http) -> Iterator[None]:
    try:
        yield
    finally:
        http.close()


@contextmanager
def _told() -> Iterator[None]:
    """Say of every failure whether it may pass. None of them repeats what was sent: there is a token in it."""
    try:
        yield
    except RefreshError as error:
        if error.retryable or "invalid_grant" not in str(error):
            raise _away() from None
        raise GrantRevoked from None
    except HttpError as error:
        raise _read(error) from None
    except (OSError, HTTPException, httplib2.HttpLib2Error, GoogleAuthError):
        raise _away() from None


def _read(error: HttpError) -> Exception:
    status, why = int(error.resp.status), _reasons(error)
    if status == FORBIDDEN and why & NO_SCOPE:
        return GrantRevoked()
    if status >= SERVER_FAULT or status in (UNAUTHORIZED, TOO_MANY, CHANGED) or (status == FORBIDDEN and why & LIMITS):
        return _away(error.resp.get("retry-after"))
    return CalendarRefused(str(status))


def _reasons(error: HttpError) -> set[str]:
    details = error.error_details if isinstance(error.error_details, list) else []
    return {str(one.get("reason")) for one in details if isinstance(one, dict)}


def _away(retry_after: str | None = None) -> Unavailable:
    seconds = int(retry_after) if retry_after is not None and retry_after.isdecimal() else None
    pause = None if seconds is None else min(timedelta(seconds=seconds), LONGEST_PAUSE)
    return Unavailable("Google Calendar does not answer now.", retry_after=pause)
