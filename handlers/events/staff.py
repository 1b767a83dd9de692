"""What happens to the whole server, and what staff sees of it."""

from handlers.events.base import Event


class MaintenanceSwitched(Event):
    """Changes are refused to all but staff from now on, or no longer; `words` say what for, if anything is said."""

    name = "server:maintenance"
    on: bool
    words: str


EVENTS: tuple[type[Event], ...] = (MaintenanceSwitched,)
