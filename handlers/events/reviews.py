"""What happens to reviews, once both sides may read them."""

from handlers.events.base import Event
from handlers.views.reviews import ReviewView


class ReviewPublished(Event):
    """A review can be read by everybody: both sides wrote one, or the time for it is over."""

    name = "review:published"
    review: ReviewView


class ReviewUpdated(Event):
    """The reviewed person replied."""

    name = "review:updated"
    review: ReviewView


EVENTS: tuple[type[Event], ...] = (ReviewPublished, ReviewUpdated)
