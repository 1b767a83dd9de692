"""Load and authorise in one call; and the one way in which a case changes.

A case about a member of staff does not exist for them: they would see who reported them.
"""

from typing import Any

from handlers.context import Context
from handlers.errors import Conflict, NotFound
from handlers.events.moderation import StaffReport
from handlers.views.moderation import CaseView
from store.reports import Case
from store.users import Role

# The staff that has the queue before it.
QUEUE = "staff:reports"


async def access_case(case_id: str, ctx: Context) -> Case:
    """A case that the actor, who is staff, may look at."""
    case = await ctx.store.cases.get(case_id)
    if case is None or case.about == ctx.actor.user_id:
        raise NotFound("There is no such case.")
    return case


async def change(case: Case, ctx: Context, **changes: Any) -> Case:
    """Write the next version of a case and tell who watches the queue; refuses if somebody was first."""
    after = await ctx.store.cases.replace(case.model_copy(update=changes))
    if after is None:
        raise Conflict("Somebody changed this case first.", current=CaseView.of(case))
    await tell(after, ctx)
    return after


async def tell(case: Case, ctx: Context) -> None:
    """Tell who watches the queue that a case is not what it was; not of one about staff, who may watch it, too."""
    about = None if case.about is None else await ctx.store.users.get(case.about)
    if about is not None and about.role is not Role.USER:
        return
    said = StaffReport(case_id=case.id, kind=case.kind, state=case.state, count=case.count, version=case.version)
    ctx.emit(said, to=(QUEUE,), unnamed=True)
