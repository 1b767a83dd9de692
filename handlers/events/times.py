"""What happens to people's time."""

from handlers.events.base import Event
from handlers.views.times import AvailabilityView


class AvailabilityUpdated(Event):
    """You said anew when you want to meet; your other devices hear it."""

    name = "availability:updated"
    availability: AvailabilityView


EVENTS: tuple[type[Event], ...] = (AvailabilityUpdated,)
