"""Who hears of what happens: those who watch a discussion at once, those who follow it by a notification."""

from handlers.context import Context
from handlers.errands import Errand, go_on
from handlers.events.forum import DiscussionUpdated
from handlers.forum.access import users_of, watchers
from handlers.notifying import notify
from handlers.views.forum import DiscussionView
from store.discussions import Discussion
from store.follows import FollowLevel
from store.notifications import Topic
from store.posts import Post

# So many of those who follow a discussion are looked at in one transaction; who has more takes several.
FOLLOWERS_AT_ONCE = 100


class TellFollowers(Errand):
    """Somebody wrote: those who follow the discussion hear of it, from after one of them."""

    discussion_id: str
    post_id: str
    after: str = ""


def key_of(discussion_id: str) -> str:
    """By which what happens in one discussion is one notification, as long as it is unread."""
    return f"discussion:{discussion_id}"


async def tell(discussion: Discussion, ctx: Context) -> DiscussionView:
    """Show a changed discussion to those who watch it; the actor gets their own view of it."""
    everybodys = DiscussionView.of(discussion, await users_of([discussion.created_by], ctx))
    is_own = ctx.signed_in is not None and ctx.actor.user_id == discussion.created_by
    ctx.emit(DiscussionUpdated(discussion=everybodys), to=watchers(discussion.id), unnamed=not is_own)
    return (await views_of([discussion], ctx))[0]


async def views_of(discussions: list[Discussion], ctx: Context) -> list[DiscussionView]:
    """Discussions, as the actor sees them."""
    users = await users_of((one.created_by for one in discussions), ctx)
    ids = [one.id for one in discussions]
    mine = {} if ctx.signed_in is None else await ctx.store.follows.among(ctx.actor.user_id, ids)
    return [DiscussionView.of(one, users, mine.get(one.id)) for one in discussions]


async def tell_followers(discussion: Discussion, post: Post, ctx: Context) -> None:
    """Tell those who are mentioned in a new post, and those who follow the discussion; of many the rest later."""
    await tell_mentioned(post.mentions, discussion, post, ctx)
    await _tell_some(TellFollowers(discussion_id=discussion.id, post_id=post.id), discussion, post, ctx)


async def tell_more_followers(errand: TellFollowers, ctx: Context) -> None:
    """Tell the next of those who follow a discussion, unless what was written there is shown no more."""
    post = await ctx.store.posts.get(errand.post_id)
    discussion = None if post is None else await ctx.store.discussions.get(post.discussion_id)
    if post is not None and post.is_shown and discussion is not None and discussion.is_listed:
        await _tell_some(errand, discussion, post, ctx)


async def _tell_some(errand: TellFollowers, discussion: Discussion, post: Post, ctx: Context) -> None:
    found = await ctx.store.follows.followers(errand.discussion_id, after=errand.after, limit=FOLLOWERS_AT_ONCE)
    told = {one.user_id for one in found if not one.is_muted(ctx.now)} - {*post.mentions, post.author}
    await notify(
        told,
        Topic.FORUM,
        ctx,
        title="A new post",
        many="{count} new posts",
        text=discussion.title,
        about=key_of(discussion.id),
        data={"thread_id": discussion.id, "post_id": post.id, "n": post.n},
        key=key_of(discussion.id),
        by=post.author,
    )
    await go_on(errand, found, ctx, most=FOLLOWERS_AT_ONCE)


async def tell_mentioned(people: tuple[str, ...], discussion: Discussion, post: Post, ctx: Context) -> None:
    """Tell people that they are mentioned, unless they ignore the discussion or have muted it."""
    theirs = {person: await ctx.store.follows.among(person, [discussion.id]) for person in people}
    deaf = {
        person
        for person, found in theirs.items()
        for one in found.values()
        if one.level is FollowLevel.IGNORED or one.is_muted(ctx.now)
    }
    await notify(
        {*people} - deaf - {post.author},
        Topic.FORUM,
        ctx,
        title="Somebody mentioned you",
        text=discussion.title,
        about=key_of(discussion.id),
        data={"thread_id": discussion.id, "post_id": post.id, "n": post.n},
    )


async def tell_accepted(discussion: Discussion, post: Post, ctx: Context) -> None:
    """Tell who wrote the answer that it helped."""
    await notify(
        {post.author} - {ctx.actor.user_id},
        Topic.FORUM,
        ctx,
        title="Your answer was accepted",
        text=discussion.title,
        about=key_of(discussion.id),
        data={"thread_id": discussion.id, "post_id": post.id, "n": post.n},
    )
