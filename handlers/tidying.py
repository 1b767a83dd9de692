"""What is over goes, whatever it was: each collection says by an index how long it keeps what."""

from handlers.context import Context

# Of each collection in a minute: many times what a busy server keeps of the requests of a minute, since it may have
# stood still for a day.
MOST = 50_000


async def drop_expired(ctx: Context) -> None:
    """Delete what is over."""
    await ctx.store.expire(at=ctx.now, most=MOST)
