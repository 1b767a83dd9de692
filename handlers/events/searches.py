"""What is found for people, and what becomes of the searches that they keep."""

from handlers.events.base import Event
from handlers.views.searches import MatchedGigView, SavedSearchView, SearchNameView


class SearchSaved(Event):
    """You keep a search, or changed one, by one of your devices."""

    name = "search:saved"
    search: SavedSearchView


class SearchDeleted(Event):
    """You keep a search no longer."""

    name = "search:deleted"
    search_id: str


class GigMatched(Event):
    """Somebody offers or asks for what you look for, by these searches of yours; each tells of it once."""

    name = "gig:matched"
    gig: MatchedGigView
    searches: tuple[SearchNameView, ...]


class SearchMatched(Event):
    """Something came to a list that you watch, or changed so that it belongs there."""

    name = "search:matched"
    durable = False
    watch_id: str
    gig: MatchedGigView


class SearchUnmatched(Event):
    """Something is no longer in a list that you watch: changed, paused, deleted, or put away by staff."""

    name = "search:unmatched"
    durable = False
    watch_id: str
    gig_id: str


EVENTS: tuple[type[Event], ...] = (
    SearchSaved,
    SearchDeleted,
    GigMatched,
    SearchMatched,
    SearchUnmatched,
)
