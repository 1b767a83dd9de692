"""Searches that people keep, to hear of what comes, and those that they watch for a moment."""

from handlers.searches.matching import match_gig, tell_digest, tell_matches
from handlers.searches.saving import change_search, delete_search, get_search, list_searches, save_search
from handlers.searches.watching import superseded, unwatch_search, watch_search

__all__ = [
    "change_search",
    "delete_search",
    "get_search",
    "list_searches",
    "match_gig",
    "save_search",
    "superseded",
    "tell_digest",
    "tell_matches",
    "unwatch_search",
    "watch_search",
]
