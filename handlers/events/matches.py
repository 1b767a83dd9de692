"""Who was found to fit whom."""

from handlers.events.base import Event
from handlers.views.matches import MatchView


class MatchFound(Event):
    """Somebody teaches what you want to learn and wants to learn what you teach. Told once for each person."""

    name = "match:found"
    match: MatchView


EVENTS: tuple[type[Event], ...] = (MatchFound,)
