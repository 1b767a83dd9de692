"""Load and authorise in one call.

A case about a member of staff does not exist for them: they would see who reported them.
"""

from handlers.context import Context
from handlers.errors import NotFound
from store.reports import Case


async def access_case(case_id: str, ctx: Context) -> Case:
    """A case that the actor, who is staff, may look at."""
    case = await ctx.store.cases.get(case_id)
    if case is None or case.about == ctx.actor.user_id:
        raise NotFound("There is no such case.")
    return case
