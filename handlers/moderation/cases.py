"""Load and authorise in one call.

A case about a member of staff does not exist for them: they would see who reported them.
"""

from handlers.context import Context
from handlers.errors import Conflict, NotFound
from handlers.views.moderation import CaseView
from store.reports import Case


async def access_case(case_id: str, ctx: Context) -> Case:
    """A case that the actor, who is staff, may look at."""
    case = await ctx.store.cases.get(case_id)
    if case is None or case.about == ctx.actor.user_id:
        raise NotFound("There is no such case.")
    return case


def require_seen(case: Case, version: int) -> None:
    """Refuse to act on a case that is not what it was when it was looked at."""
    if case.version != version:
        raise Conflict("This case has changed since.", current=CaseView.of(case))
