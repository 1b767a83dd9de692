"""What happened, told to those it concerns: the closed catalogue of pushed events.

A durable event is committed with its cause and replayed to those who were away; an ephemeral one is for the moment.
"""

from handlers.events import (
    accounts,
    achievements,
    calendar,
    calls,
    chat,
    dashboard,
    forum,
    gigs,
    matches,
    moderation,
    notifications,
    reviews,
    safety,
    searches,
    staff,
    swaps,
    times,
)
from handlers.events.base import Event

# The whole catalogue; the AsyncAPI document and the contract tests are made from it.
EVENTS: tuple[type[Event], ...] = (
    *chat.EVENTS,
    *calls.EVENTS,
    *accounts.EVENTS,
    *safety.EVENTS,
    *moderation.EVENTS,
    *staff.EVENTS,
    *gigs.EVENTS,
    *searches.EVENTS,
    *matches.EVENTS,
    *forum.EVENTS,
    *notifications.EVENTS,
    *times.EVENTS,
    *swaps.EVENTS,
    *reviews.EVENTS,
    *achievements.EVENTS,
    *dashboard.EVENTS,
    *calendar.EVENTS,
)
