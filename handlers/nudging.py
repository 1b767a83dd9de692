"""Whoever joined and left their profile nearly empty is told once, some days later, what it would be good for."""

from handlers.context import Context
from handlers.errands import Errand, ask_later
from handlers.notifying import notify
from handlers.views.profiles import CompletenessView
from store.notifications import Topic
from store.users import User

# In percent: who has said so much of themselves needs no telling.
ENOUGH = 50


class NudgeProfile(Errand):
    """Somebody joined some days ago."""

    user_id: str


async def nudge_later(user: User, ctx: Context) -> None:
    """Have a newcomer told in some days what their profile lacks, unless they find out themselves."""
    if after := ctx.ports.rules.nudge_after:
        await ask_later(NudgeProfile(user_id=user.id), ctx, at=ctx.now + after)


async def nudge_profile(errand: NudgeProfile, ctx: Context) -> None:
    """Tell somebody the first thing that their profile lacks, if it lacks much."""
    user = await ctx.store.users.get(errand.user_id)
    if user is None or not user.is_around(ctx.now):
        return
    said = CompletenessView.of(user)
    if said.percent < ENOUGH:
        await notify(
            [user.id],
            Topic.MATCHES,
            ctx,
            title=f"Your profile is {said.percent} % complete",
            text=said.missing[0].why,
            about=f"user:{user.id}",
            data={"field": said.missing[0].field},
            key="completeness",
        )
