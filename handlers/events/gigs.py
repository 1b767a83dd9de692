"""What happens to offers and requests."""

from datetime import datetime

from handlers.events.base import Event
from handlers.views.gigs import GigView


class GigCreated(Event):
    """You made an offer or a request, by one of your devices."""

    name = "gig:created"
    gig: GigView


class GigUpdated(Event):
    """An offer or a request of yours changed: what it says, whether it is published, or what staff thinks of it."""

    name = "gig:updated"
    gig: GigView


class GigDeleted(Event):
    """An offer or a request of yours is deleted."""

    name = "gig:deleted"
    gig_id: str


class GigExpiring(Event):
    """An offer or a request of yours fades in a week, unless you renew it."""

    name = "gig:expiring"
    gig_id: str
    title: str
    expires_at: datetime


EVENTS: tuple[type[Event], ...] = (
    GigCreated,
    GigUpdated,
    GigDeleted,
    GigExpiring,
)
