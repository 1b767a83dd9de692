"""What is asked of newcomers, so that nobody makes accounts for advertising: some time between posts, and few links."""

from datetime import timedelta

from handlers.context import Context
from handlers.errors import Invalid, RateLimited
from handlers.markdown import Rendered

# Something of theirs has to have stood for so long; of so many of the last that they wrote.
STANDS = timedelta(days=1)
LOOKED_AT = 50


async def require_patience(rendered: Rendered, ctx: Context, *, writes_anew: bool = True) -> None:
    """Refuse a newcomer who writes too fast, or too many links."""
    rules = ctx.ports.rules
    last = await ctx.store.posts.of_person(ctx.actor.user_id, before=None, limit=LOOKED_AT)
    if any(post.is_shown and ctx.now - post.created_at >= STANDS for post in last):
        return
    if rendered.links > rules.newcomer_links:
        raise Invalid.field(
            "content", f"Your first posts may hold {rules.newcomer_links} links each.", code="too_many_links"
        )
    passed = ctx.now - last[0].created_at if last else rules.newcomer_delay
    if writes_anew and passed < rules.newcomer_delay:
        raise RateLimited("Between your first posts some time has to pass.", retry_after=rules.newcomer_delay - passed)
