"""People's calendars elsewhere, and what stands in them."""

from datetime import datetime

from pydantic import Field

from handlers.models import View
from store.calendar_events import CalendarEvent, SyncState
from store.calendar_grants import CalendarGrant, Condition


class CalendarBegunView(View):
    """Where the browser goes to be asked; what Google leads back with goes to `complete`, with this `state`."""

    state: str
    authorization_url: str
    expires_at: datetime


class CalendarView(View):
    """Whether swaps can be written into your Google calendar."""

    condition: Condition | None = Field(description="Null if none is connected.")
    connected_at: datetime | None

    @classmethod
    def of(cls, grant: CalendarGrant | None) -> "CalendarView":
        if grant is None:
            return cls(condition=None, connected_at=None)
        return cls(condition=grant.condition, connected_at=grant.connected_at)


class CalendarFeedView(View):
    """Where calendar programs fetch your swaps. Whoever knows it reads them: it is shown this once."""

    url: str
    rotated_at: datetime


class CalendarSyncView(View):
    """How far a swap has come into your calendar; nobody else is told."""

    swap_id: str
    state: SyncState
    written_version: int | None = Field(description="The version of the swap that stands there; null if none does.")
    updated_at: datetime | None

    @classmethod
    def of(cls, swap_id: str, event: CalendarEvent | None) -> "CalendarSyncView":
        if event is None:
            return cls(swap_id=swap_id, state=SyncState.OFF, written_version=None, updated_at=None)
        return cls(
            swap_id=swap_id, state=event.state, written_version=event.written or None, updated_at=event.updated_at
        )
