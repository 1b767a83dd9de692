"""What use cases need of people's calendars elsewhere, and the shapes in which these speak of swaps."""

import base64
import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict

from handlers.times import Span
from store.calendar_watches import Channel


class GrantRevoked(Exception):
    """Google takes what somebody allowed no more; only they can allow it anew."""


class CalendarRefused(Exception):
    """Google would not do this however often it were asked."""


class CalendarEntry(NamedTuple):
    """A swap as it stands in somebody's calendar; of two versions the later one stays.

    `known` is the etag of what was last written or seen there.
    """

    id: str
    swap_id: str
    version: int
    title: str
    text: str
    start: datetime
    end: datetime
    time_zone: str
    is_tentative: bool
    known: str


def event_id(swap_id: str, user_id: str) -> str:
    """The id of the one event there is of a swap in somebody's calendar, in the letters that Google takes for it."""
    return base64.b32hexencode(hashlib.sha256(f"{swap_id}:{user_id}".encode()).digest()).decode().lower().rstrip("=")


class Seen(BaseModel):
    """An event of ours as it stands there now.

    Beside its times it says to which ones we wrote it: where they differ, its person has moved it.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    etag: str
    at: datetime | None
    is_gone: bool
    version: int = 0
    # None for whole days, which no swap is.
    start: datetime | None = None
    end: datetime | None = None
    written_start: datetime | None = None

    @property
    def is_moved(self) -> bool:
        return self.start != self.written_start


class Changes(NamedTuple):
    """What became of our events there since the token before this one."""

    seen: Sequence[Seen]
    sync_token: str


class Calendar(Protocol):
    """Calendars of people who allowed it, each by what Google gave for that.

    Raises `Unavailable` for what may pass, `GrantRevoked` and `CalendarRefused` for what does not.
    """

    @property
    def redirect_uris(self) -> Collection[str]:
        """The pages that Google may lead back to."""
        ...

    async def address(self, state: str, verifier: str, redirect_uri: str) -> str:
        """Where a browser goes to be asked."""
        ...

    async def exchange(self, code: str, verifier: str, redirect_uri: str) -> str:
        """What stands for the permission; raises `Invalid` if it was not given."""
        ...

    async def put(self, grant: str, entry: CalendarEntry) -> Seen | None:
        """Have it stand there once, as it is here; None if its person moved it, and nobody here has seen that yet."""
        ...

    async def remove(self, grant: str, event_id: str) -> None:
        """Have it stand there no more."""
        ...

    async def changes(self, grant: str, sync_token: str | None, *, since: datetime, ours: Collection[str]) -> Changes:
        """What became of these events of ours; all of them, where there is no token, or Google takes it no more."""
        ...

    async def busy(self, grant: str, within: Span) -> list[Span]:
        """When its person is busy."""
        ...

    async def watch(self, grant: str, channel_id: str, token: str, address: str) -> Channel:
        """Have Google say there that something has changed, by a channel that ends."""
        ...

    async def unwatch(self, grant: str, channel: Channel) -> None:
        """Have it say so no more."""
        ...

    async def revoke(self, grant: str) -> None:
        """Give the permission back."""
        ...
