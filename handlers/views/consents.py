"""What somebody agreed to."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from handlers.models import View
from handlers.views.profiles import ContactShareView
from store.calendar_grants import CalendarGrant
from store.contact_shares import ContactShare
from store.recording_consents import RecordingConsent
from store.users import User


class TermsConsentView(View):
    """A version of the terms of use, and when it was agreed to."""

    version: str
    at: datetime


class RecordingConsentView(View):
    """A word on the recording of one call; the last one on it holds."""

    session_id: str
    granted: bool
    at: datetime


class ConsentsView(View):
    """All that you agreed to; of recordings and contacts the last hundred, and in your copy of your data all."""

    terms: tuple[TermsConsentView, ...] = Field(description="The last one last.")
    recordings: tuple[RecordingConsentView, ...] = Field(description="Also what was taken back, the last one first.")
    contacts: tuple[ContactShareView, ...] = Field(description="To whom you give your phone number or address now.")
    calendar_since: datetime | None = Field(description="Since when your calendar elsewhere may be read and written.")

    @classmethod
    def of(
        cls,
        user: User,
        recordings: Sequence[RecordingConsent],
        contacts: Sequence[ContactShare],
        grant: CalendarGrant | None,
    ) -> "ConsentsView":
        return cls(
            terms=tuple(TermsConsentView(version=one.version, at=one.at) for one in user.terms),
            recordings=tuple(
                RecordingConsentView(session_id=one.call_id, granted=one.granted, at=one.at) for one in recordings
            ),
            contacts=tuple(map(ContactShareView.of, contacts)),
            calendar_since=None if grant is None else grant.connected_at,
        )
