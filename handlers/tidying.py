"""What is over goes, whatever it was: each collection says by an index how long it keeps what."""

from handlers.context import Context

# Of each collection in a minute.
AT_ONCE = 500


async def drop_expired(ctx: Context) -> None:
    """Delete what is over."""
    await ctx.store.expire(at=ctx.now, most=AT_ONCE)
