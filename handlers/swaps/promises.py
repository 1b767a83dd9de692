"""How far somebody can be relied on, as everybody may see it."""

from handlers.between import access_person
from handlers.context import Context
from handlers.models import Query, UserId
from handlers.trust import reliability_of
from handlers.views.swaps import ReliabilityView


class GetReliability(Query):
    """Of whom."""

    user_id: UserId


async def get_reliability(query: GetReliability, ctx: Context) -> ReliabilityView:
    """How many of somebody's swaps they kept, of those that somebody kept or broke their word in."""
    person = await access_person(query.user_id, ctx)
    figure = await reliability_of(person.id, ctx)
    return ReliabilityView(user_id=person.id, kept=figure.kept, of=figure.of)
