"""Reviews: each side says once how a swap was, and neither reads the other's word before they gave their own."""

from handlers.reviews.evidence import review_evidence
from handlers.reviews.moderating import bring_review_back, list_noted_reviews, moderate_review, put_review_away
from handlers.reviews.opening import open_reviews, remind_of_review, settle_swap
from handlers.reviews.reading import list_pending_reviews, list_reviews, list_written_reviews
from handlers.reviews.writing import edit_review, reply_to_review, submit_review

__all__ = [
    "bring_review_back",
    "edit_review",
    "list_noted_reviews",
    "list_pending_reviews",
    "list_reviews",
    "list_written_reviews",
    "moderate_review",
    "open_reviews",
    "put_review_away",
    "remind_of_review",
    "reply_to_review",
    "review_evidence",
    "settle_swap",
    "submit_review",
]
