"""Reviews."""

from handlers import reviews
from handlers.models import Access
from server.api.rates import WRITING
from server.operation import MINUTE, Operation, get, per_address, post, put

ROWS: tuple[Operation, ...] = (
    Operation(
        reviews.submit_review, http=post("/reviews/", 201), event="review:submit", access=Access.VOICE, limits=WRITING
    ),
    Operation(reviews.list_pending_reviews, http=get("/reviews/pending/"), event="review:pending"),
    Operation(reviews.list_written_reviews, http=get("/reviews/written/"), event="review:written"),
    Operation(
        reviews.list_reviews,
        http=get("/reviews/{user_id}/"),
        event="review:list",
        access=Access.PUBLIC,
        limits=(per_address(300, MINUTE),),
    ),
    Operation(
        reviews.edit_review,
        http=put("/reviews/written/{review_id}/"),
        event="review:edit",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(
        reviews.reply_to_review,
        http=put("/reviews/{review_id}/reply/"),
        event="review:reply",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(reviews.list_noted_reviews, http=get("/staff/reviews/"), access=Access.MODERATOR, limits=WRITING),
    Operation(
        reviews.moderate_review, http=put("/staff/reviews/{review_id}/"), access=Access.MODERATOR, limits=WRITING
    ),
)
