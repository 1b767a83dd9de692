"""Offers and requests: published, found by everybody, renewed or faded; changed by their owner alone.

The package is one domain; its modules share `access`, through which alone a gig is loaded and shown.
"""

from handlers.gigs.bookmarks import bookmark_gig, list_bookmarked, unbookmark_gig
from handlers.gigs.editing import create_gig, delete_gig, update_gig
from handlers.gigs.evidence import gig_evidence
from handlers.gigs.hiding import bring_gig_back, hide_gig, put_gig_away, show_gig
from handlers.gigs.lifecycle import age_gig, archive_gig, pause_gig, publish_gig, renew_gig, resume_gig
from handlers.gigs.listing import count_gigs, get_gig, list_gigs, list_own_gigs
from handlers.gigs.relisting import list_anew, sort_anew
from handlers.gigs.telling import tell_keepers

__all__ = [
    "age_gig",
    "archive_gig",
    "bookmark_gig",
    "bring_gig_back",
    "count_gigs",
    "create_gig",
    "delete_gig",
    "get_gig",
    "gig_evidence",
    "hide_gig",
    "list_anew",
    "list_bookmarked",
    "list_gigs",
    "list_own_gigs",
    "pause_gig",
    "publish_gig",
    "put_gig_away",
    "renew_gig",
    "resume_gig",
    "show_gig",
    "sort_anew",
    "tell_keepers",
    "unbookmark_gig",
    "update_gig",
]
