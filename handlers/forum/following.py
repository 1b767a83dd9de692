"""How people keep discussions: followed or ignored, muted, and read up to a mark. Nobody else hears of it."""

from typing import Any

from pydantic import Field

from handlers.context import Context, people
from handlers.events.forum import FollowChanged
from handlers.forum.access import access_discussion
from handlers.forum.posts import DiscussionId
from handlers.forum.telling import key_of, views_of
from handlers.models import Command, Cursor, Limit, Moment, Query, Seq
from handlers.notifying import settle
from handlers.views.base import Page
from handlers.views.forum import DiscussionView, FollowView
from store.discussions import Discussion
from store.follows import Follow, FollowLevel, follow_id
from store.repository import order_of


class FollowDiscussion(Command):
    """Which discussion, and how."""

    thread_id: DiscussionId
    level: FollowLevel = Field(
        default=FollowLevel.FOLLOWING,
        description="`following` notifies of new posts, `normal` of mentions; `ignored` of nothing, and is not listed.",
    )


class MuteDiscussion(Command):
    """Until when."""

    thread_id: DiscussionId
    until: Moment | None = Field(description="No notice of it until then; null hears of it again.")


class MarkDiscussionRead(Command):
    """Up to which post."""

    thread_id: DiscussionId
    up_to: Seq


class ListFollowed(Query):
    """Which part of one's list."""

    level: FollowLevel = FollowLevel.FOLLOWING
    cursor: Cursor | None = None
    limit: Limit = 30


async def follow_discussion(command: FollowDiscussion, ctx: Context) -> DiscussionView:
    """Follow a discussion, or ignore it, or neither."""
    discussion = await access_discussion(command.thread_id, ctx)
    return await _keep(discussion, {"$set": {"level": command.level}}, ctx)


async def mute_discussion(command: MuteDiscussion, ctx: Context) -> DiscussionView:
    """Mute a discussion until a moment: it goes on, and nothing calls your attention to it."""
    discussion = await access_discussion(command.thread_id, ctx)
    return await _keep(discussion, {"$set": {"muted_until": command.until}}, ctx)


async def mark_discussion_read(command: MarkDiscussionRead, ctx: Context) -> DiscussionView:
    """Say that you have read a discussion up to a post; an earlier one changes nothing."""
    discussion = await access_discussion(command.thread_id, ctx)
    up_to = min(command.up_to, discussion.last_n)
    if up_to == discussion.last_n:
        await settle([ctx.actor.user_id], key_of(discussion.id), ctx)
    return await _keep(discussion, {"$max": {"read_up_to": up_to}}, ctx)


async def list_followed(query: ListFollowed, ctx: Context) -> Page[DiscussionView]:
    """The discussions that you follow or ignore, those you came upon last first, and what you have not read in them."""
    me = ctx.actor.user_id
    kept = await ctx.store.follows.of_person(me, query.level, before=query.cursor, limit=query.limit + 1)
    page = kept[: query.limit]
    found = {one.id: one for one in await ctx.store.discussions.among([one.discussion_id for one in page])}
    theirs = [found[one.discussion_id] for one in page if one.discussion_id in found]
    views = await views_of([one for one in theirs if one.is_listed], ctx)
    return Page(items=views, next_cursor=page[-1].order if len(kept) > query.limit else None)


async def _keep(discussion: Discussion, change: dict[str, Any], ctx: Context) -> DiscussionView:
    me, id_ = ctx.actor.user_id, follow_id(discussion.id, ctx.actor.user_id)
    before = await ctx.store.follows.get(id_)
    if before is None:
        order = order_of(ctx.now, id_)
        before = Follow(id=id_, discussion_id=discussion.id, user_id=me, level=FollowLevel.NORMAL, order=order)
        await ctx.store.follows.insert(before)
    mine = await ctx.store.follows.change(discussion.id, me, change) or before
    if mine != before:
        ctx.emit(FollowChanged(thread_id=discussion.id, mine=FollowView.of(mine, discussion.last_n)), to=people(me))
    return (await views_of([discussion], ctx))[0]
