"""What every use case that changes who fits whom does: have matches found anew, and say who may be shown at all."""

from collections.abc import Sequence

from handlers.blocking import hidden_from
from handlers.context import Context
from handlers.errands import Errand, ask_later
from store.users import User

# What a match is made of: a profile that changes in none of these finds no others.
MATCHED_BY = frozenset({"skills", "teaches", "wants", "languages", "mode", "place", "vacation", "visibility"})


# Everybody's id comes before it.
LAST = "~"


class FindMatches(Errand):
    """Somebody's profile changed: look at their pairs, from after one of them, then for new ones."""

    user_id: str
    # None once all pairs that there were are looked at;
    after: str | None = ""
    # then those who fit, down to whom is done, and by which errand.
    seen: str = LAST
    number: int = 1


async def match_later(user: User, ctx: Context) -> None:
    """Have a person's matches found anew: now, and when their vacation ends."""
    errand = FindMatches(user_id=user.id)
    await ask_later(errand, ctx, key=f"matches:{user.id}")
    if user.vacation is not None and user.vacation.until is not None and not user.vacation.is_over(ctx.now):
        await ask_later(errand, ctx, at=user.vacation.until)


async def meetable(user_id: str, others: Sequence[User], ctx: Context) -> dict[str, User]:
    """Those whom a person may be shown now, by id: who takes part, is not on vacation and not hidden from them.

    The one place that decides it, both when pairs are found and when they are shown.
    """
    there = {other.id: other for other in others if other.is_around(ctx.now) and not other.is_away(ctx.now)}
    hidden = await hidden_from(user_id, there, ctx)
    return {id_: other for id_, other in there.items() if id_ not in hidden}
