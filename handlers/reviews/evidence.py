"""What a review says, for whoever has to judge it."""

from handlers.between import access_person
from handlers.context import Context
from handlers.errors import NotFound
from handlers.evidence import Evidence
from handlers.reviews.keeping import seen


async def review_evidence(review_id: str, ctx: Context) -> Evidence:
    """One that everybody may read, of somebody whom the actor may know of."""
    review = await ctx.store.reviews.get(review_id)
    if review is None or not review.is_shown:
        raise NotFound("There is no such review.")
    if review.reviewee != ctx.actor.user_id:
        await access_person(review.reviewee, ctx)
    return Evidence(review.reviewer, (await seen(review, ctx)).model_dump(mode="json"))
