"""What is asked of newcomers, so that nobody makes accounts for advertising: some time between posts, and few links."""

from datetime import timedelta

from handlers.account import access_self
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
    if writes_anew:
        await _take_turn(ctx)


async def _take_turn(ctx: Context) -> None:
    delay = ctx.ports.rules.newcomer_delay
    me = await access_self(ctx)
    passed = delay if me.posted_at is None else ctx.now - me.posted_at
    if passed < delay:
        raise RateLimited("Between your first posts some time has to pass.", retry_after=delay - passed)
    # Of two in two discussions at the same moment one runs again, and sees the other.
    await ctx.store.users.update(me.id, {"posted_at": ctx.now})
