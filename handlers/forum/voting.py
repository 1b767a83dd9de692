"""Saying that a post is good: a vote of anybody but its author, and the answer that whoever asked accepts."""

from handlers.account import require_confirmed
from handlers.context import Context
from handlers.errors import Forbidden, NotAllowedNow
from handlers.events.forum import PostVoted
from handlers.forum.access import access_post, require_open, watchers
from handlers.forum.editing import OfPost
from handlers.forum.keeping import change
from handlers.forum.posts import shown
from handlers.forum.telling import tell, tell_accepted
from handlers.views.forum import DiscussionView, PostView
from store.discussions import Discussion
from store.post_votes import PostVote, vote_id
from store.posts import Post


class VoteForPost(OfPost):
    """Which post."""


class UnvotePost(OfPost):
    """Which post."""


class AcceptAnswer(OfPost):
    """Which post."""


class UnacceptAnswer(OfPost):
    """Which post."""


async def vote_for_post(command: VoteForPost, ctx: Context) -> PostView:
    """Vote for somebody's post; again changes nothing."""
    discussion, post = await _votable(command, ctx)
    id_ = vote_id(post.id, ctx.actor.user_id)
    if await ctx.store.post_votes.get(id_) is not None:
        return await shown(post, ctx)
    await ctx.store.post_votes.insert(PostVote(id=id_, post_id=post.id, user_id=ctx.actor.user_id, at=ctx.now))
    return await _count(discussion, post, 1, ctx)


async def unvote_post(command: UnvotePost, ctx: Context) -> PostView:
    """Take your vote back; taking back what is not there changes nothing."""
    discussion, post = await _votable(command, ctx)
    if not await ctx.store.post_votes.delete(post.id, ctx.actor.user_id):
        return await shown(post, ctx)
    return await _count(discussion, post, -1, ctx)


async def accept_answer(command: AcceptAnswer, ctx: Context) -> DiscussionView:
    """Say which post answers what you asked; one of a discussion can be it."""
    discussion, post = await _of_asker(command, ctx)
    if post.n == 1 or not post.is_shown:
        raise NotAllowedNow("The answer is a post below the first one that everybody sees.")
    if discussion.accepted == post.id:
        return await tell(discussion, ctx)
    changed = await change(discussion, {"$set": {"accepted": post.id}}, ctx)
    await tell_accepted(changed, post, ctx)
    return await tell(changed, ctx)


async def unaccept_answer(command: UnacceptAnswer, ctx: Context) -> DiscussionView:
    """Say that a post is not the answer after all."""
    discussion, post = await _of_asker(command, ctx)
    if discussion.accepted != post.id:
        return await tell(discussion, ctx)
    return await tell(await change(discussion, {"$set": {"accepted": None}}, ctx), ctx)


async def _votable(command: OfPost, ctx: Context) -> tuple[Discussion, Post]:
    discussion, post = await access_post(command.thread_id, command.post_id, ctx)
    if post.author == ctx.actor.user_id:
        raise Forbidden("Nobody votes for themselves.")
    if not post.is_shown:
        raise NotAllowedNow("A post that is deleted or hidden takes no votes.")
    await require_open(discussion, ctx)
    await require_confirmed(ctx)
    return discussion, post


async def _count(discussion: Discussion, post: Post, by: int, ctx: Context) -> PostView:
    counted = await ctx.store.posts.change(post.id, {"$inc": {"votes": by}}) or post
    if post.n == 1:
        await change(discussion, {"$inc": {"votes": by}}, ctx)
    told = PostVoted(thread_id=discussion.id, post_id=post.id, n=post.n, version=counted.version, votes=counted.votes)
    ctx.emit(told, to=watchers(discussion.id))
    return await shown(counted, ctx)


async def _of_asker(command: OfPost, ctx: Context) -> tuple[Discussion, Post]:
    discussion, post = await access_post(command.thread_id, command.post_id, ctx)
    if discussion.created_by != ctx.actor.user_id:
        raise Forbidden("Who began the discussion says what answers it.")
    await require_open(discussion, ctx)
    return discussion, post
