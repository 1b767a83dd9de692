"""Having a discussion before one: what happens in it is told at once to those who do."""

from handlers.context import Context
from handlers.forum.access import access_discussion, watchers
from handlers.forum.posts import DiscussionId
from handlers.models import Signal


class WatchDiscussion(Signal):
    """Which discussion."""

    thread_id: DiscussionId


class UnwatchDiscussion(Signal):
    """Which discussion."""

    thread_id: DiscussionId


async def watch_discussion(signal: WatchDiscussion, ctx: Context) -> None:
    """Hear at once what happens in a discussion, by this connection, until you unwatch or leave. Then read it."""
    discussion = await access_discussion(signal.thread_id, ctx)
    ctx.watch(*watchers(discussion.id))


async def unwatch_discussion(signal: UnwatchDiscussion, ctx: Context) -> None:
    """Hear no more of it."""
    ctx.unwatch(*watchers(signal.thread_id))
