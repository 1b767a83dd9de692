"""What is asked of newcomers, so that nobody makes accounts for advertising: some time between posts, and few links."""

from datetime import timedelta

from handlers.context import Context
from handlers.errors import Invalid, RateLimited
from handlers.markdown import Rendered

# Something of theirs has to have stood for so long.
STANDS = timedelta(days=1)


async def require_patience(rendered: Rendered, ctx: Context, *, writes_anew: bool = True) -> None:
    """Refuse a newcomer who writes too fast, or too many links."""
    rules = ctx.ports.rules
    me = ctx.actor.user_id
    if await ctx.store.posts.stands(me, since=ctx.now - STANDS):
        return
    if rendered.links > rules.newcomer_links:
        raise Invalid.field(
            "content", f"Your first posts may hold {rules.newcomer_links} links each.", code="too_many_links"
        )
    last = await ctx.store.posts.of_person(me, before=None, limit=1)
    passed = ctx.now - last[0].created_at if last else rules.newcomer_delay
    if writes_anew and passed < rules.newcomer_delay:
        raise RateLimited("Between your first posts some time has to pass.", retry_after=rules.newcomer_delay - passed)
