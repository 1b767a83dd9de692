"""What happens to people's time."""

from handlers.events.base import Event
from handlers.views.series import SeriesView
from handlers.views.times import AvailabilityView


class AvailabilityUpdated(Event):
    """You said anew when you want to meet; your other devices hear it."""

    name = "availability:updated"
    availability: AvailabilityView


class SeriesUpdated(Event):
    """A series of lessons was proposed, agreed on, changed in one lesson, or ended. As it is now."""

    name = "series:updated"
    series: SeriesView
    by: str


EVENTS: tuple[type[Event], ...] = (AvailabilityUpdated, SeriesUpdated)
