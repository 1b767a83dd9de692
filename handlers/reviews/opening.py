"""When reviews are asked for and opened: what the server does about them because of what a swap came to."""

from datetime import timedelta

from handlers.between import who_is_there
from handlers.context import Context
from handlers.errands import Errand, ScoreSwap, SwapSettled, ask_later
from handlers.events.reviews import ReviewPublished
from handlers.notifying import notify, settle
from handlers.reviewable import may_be_reviewed, may_review, until, was_held
from handlers.reviews.keeping import keep, tell
from store.notifications import Topic
from store.repository import order_of
from store.reviews import Review
from store.swaps import Swap

REMINDED_BEFORE = timedelta(days=7)


class OpenReviews(Errand):
    """Both sides may have written, or the time for it may be over."""

    swap_id: str


class RemindOfReview(Errand):
    """Somebody may still have to write."""

    swap_id: str


def invitation(swap: Swap) -> str:
    """By what key its people are asked to review it."""
    return f"review:{swap.id}"


async def settle_swap(errand: SwapSettled, ctx: Context) -> None:
    """Ask both how it was, or who was let down; where it is disputed after all, show and count nothing of it."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    if swap is None:
        return
    for review in await ctx.store.reviews.of_swap(swap.id):
        stands = may_review(review.reviewer, swap)
        if (review.frozen, review.held) != (not stands, was_held(swap)):
            await keep(review, ctx, frozen=not stands, held=was_held(swap))
    await ask_later(ScoreSwap(swap_id=swap.id), ctx)
    if may_be_reviewed(swap):
        await ask_later(RemindOfReview(swap_id=swap.id), ctx, at=until(swap) - REMINDED_BEFORE)
        await ask_later(OpenReviews(swap_id=swap.id), ctx, at=until(swap))
        how = "How was your swap?" if was_held(swap) else "Your swap was broken: say how that was."
        await _ask(swap, Topic.REVIEWS, how, ctx)
    else:
        await settle(swap.people, invitation(swap), ctx)


async def remind_of_review(errand: RemindOfReview, ctx: Context) -> None:
    """Remind who has not written yet, once, a week before they no longer can."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    # A swap that was disputed meanwhile has another end, and another reminder.
    if swap is not None and until(swap) - REMINDED_BEFORE <= ctx.now < until(swap):
        await _ask(swap, Topic.REMINDERS, "You can still say how your swap was, for a week.", ctx)


async def open_reviews(errand: OpenReviews, ctx: Context) -> None:
    """Publish what both wrote; of who wrote alone, once the other one no longer can."""
    swap = await ctx.store.swaps.get(errand.swap_id)
    if swap is None or not may_be_reviewed(swap):
        return
    written = await ctx.store.reviews.of_swap(swap.id)
    if len(written) == len(swap.people) or ctx.now >= until(swap):
        for review in written:
            if review.published_at is None:
                await _publish(review, ctx)


async def _publish(review: Review, ctx: Context) -> None:
    published = await keep(review, ctx, published_at=ctx.now, order=order_of(ctx.now, review.id))
    await tell(published, ReviewPublished, ctx)
    if published.is_shown:
        title = f"You were reviewed: {review.rating} of 5."
        about = f"review:{review.id}"
        await notify(
            [review.reviewee], Topic.REVIEWS, ctx, title=title, text=review.comments, about=about, by=review.reviewer
        )


async def _ask(swap: Swap, topic: Topic, title: str, ctx: Context) -> None:
    done = {review.reviewer for review in await ctx.store.reviews.of_swap(swap.id)}
    asked = [person for person in swap.people if person not in done and may_review(person, swap)]
    if topic is Topic.REMINDERS:
        asked = await who_is_there(asked, ctx)
    about, key = f"swap:{swap.id}", invitation(swap)
    await notify(asked, topic, ctx, title=title, about=about, key=key, expires_at=until(swap))
