"""What happens to the whole server, and what staff sees of it."""

from handlers.events.base import Event
from handlers.views.staff import ProcessView


class MaintenanceSwitched(Event):
    """Changes are refused to all but staff from now on, or no longer; `words` say what for, if anything is said."""

    name = "server:maintenance"
    on: bool
    words: str


class StaffFigures(Event):
    """How one of the web processes is doing, every two seconds; to those who watch."""

    name = "staff:figures"
    durable = False
    process: ProcessView


EVENTS: tuple[type[Event], ...] = (MaintenanceSwitched, StaffFigures)
