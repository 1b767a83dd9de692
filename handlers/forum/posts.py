"""Writing in a discussion and reading it: posts have a number, and a place below what they answer."""

import asyncio
from typing import Annotated

from pydantic import Field, StringConstraints

from handlers.account import require_confirmed
from handlers.attachments import attach
from handlers.context import Context
from handlers.errors import Invalid, NotAllowedNow
from handlers.events.forum import PostCreated
from handlers.forum.access import (
    access_discussion,
    is_staff,
    no_such_discussion,
    require_open,
    require_readable,
    users_of,
    watchers,
)
from handlers.forum.newcomers import require_patience
from handlers.forum.searching import SCOPE
from handlers.forum.telling import tell_followers
from handlers.markdown import EDITION, Rendered, render
from handlers.models import Creating, Id, Limit, MessageText, Query, UserId
from handlers.terms import keys
from handlers.views.forum import DiscussionPage, DiscussionView, PostView
from store.discussions import Discussion
from store.follows import Follow, FollowLevel, follow_id
from store.ids import new_id
from store.posts import Post
from store.repository import order_of

# An answer to what is so deep stands beside it.
MOST_DEPTH = 5

DiscussionId = Annotated[Id, Field(description="The id of a discussion.")]
PostId = Annotated[Id, Field(description="The id of a post.")]
Mentions = Annotated[tuple[UserId, ...], Field(max_length=20)]


class CreatePost(Creating):
    """What to say, and where."""

    turn_by = "thread_id"

    thread_id: DiscussionId
    content: MessageText = Field(description="Markdown, without HTML; `![](upload:<id>)` shows a picture of yours.")
    parent_id: PostId | None = Field(default=None, description="The post of this discussion that it answers.")
    mentions: Mentions = ()


class GetDiscussion(Query):
    """Which part of which discussion."""

    thread_id: DiscussionId
    cursor: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}$")] | None = Field(
        default=None, description="The number of a post, of which those that follow come; such as `read_up_to`."
    )
    limit: Limit = 50


async def create_post(command: CreatePost, ctx: Context) -> PostView:
    """Answer in a discussion, or a post in it; sending the same client_id again changes nothing."""
    # Off the loop, and before the first word to the database: others go on meanwhile.
    rendered = await asyncio.to_thread(render, command.content)
    discussion = await ctx.store.discussions.append(command.thread_id, at=ctx.now)
    if discussion is None:
        raise no_such_discussion()
    await _require_read(discussion.model_copy(update={"post_count": discussion.post_count - 1}), ctx)
    await require_confirmed(ctx)
    await require_patience(rendered, ctx)
    parent = None if command.parent_id is None else await _parent(command.parent_id, discussion, ctx)
    post = await write(
        command.content, rendered, discussion, ctx, id_=new_id(), mentions=command.mentions, parent=parent
    )
    await tell_followers(discussion, post, ctx)
    view = await shown(post, ctx)
    ctx.emit(PostCreated(post=view), to=watchers(discussion.id))
    return view


async def write(
    text: str,
    rendered: Rendered,
    discussion: Discussion,
    ctx: Context,
    *,
    id_: str,
    mentions: tuple[str, ...],
    parent: Post | None = None,
) -> Post:
    """Put a post at the end of a discussion, where it has its number; its author follows from now on."""
    await require_people(mentions, ctx)
    for upload in rendered.uploads:
        await attach(upload, f"post:{id_}", ctx, field="content", only="image/")
    above = parent if parent is None or parent.depth < MOST_DEPTH else await ctx.store.posts.get(parent.parent_id or "")
    post = Post(
        id=id_,
        discussion_id=discussion.id,
        n=discussion.last_n,
        author=ctx.actor.user_id,
        parent_id=None if above is None else above.id,
        reply_to=None if parent is None else parent.id,
        depth=0 if above is None else above.depth + 1,
        text=text,
        html=rendered.html,
        edition=EDITION,
        mentions=mentions,
        uploads=rendered.uploads,
        found_by=keys(SCOPE, text),
        created_at=ctx.now,
        order=order_of(ctx.now, id_),
    )
    await ctx.store.posts.insert(post)
    await _follow(discussion, ctx)
    return post


async def get_discussion(query: GetDiscussion, ctx: Context) -> DiscussionPage:
    """A discussion and its posts with their replies, page by page to the last; anybody may read it."""
    discussion = await access_discussion(query.thread_id, ctx)
    after = int(query.cursor or 0)
    last = min(after + query.limit, discussion.last_n)
    posts = [] if discussion.merged_into else await ctx.store.posts.numbered(discussion.id, first=after + 1, last=last)
    return await page_of(discussion, posts, ctx, next_cursor=str(last) if last < discussion.last_n else None)


async def page_of(
    discussion: Discussion, posts: list[Post], ctx: Context, *, next_cursor: str | None
) -> DiscussionPage:
    """Some posts of a discussion, as the actor sees them."""
    users = await users_of((discussion.created_by, *(post.author for post in posts)), ctx)
    to_staff = any(post.hidden for post in posts) and await is_staff(ctx)
    mine, voted = None, list[str]()
    if ctx.signed_in is not None:
        mine = await ctx.store.follows.get(follow_id(discussion.id, ctx.actor.user_id))
        voted = await ctx.store.post_votes.of_person(ctx.actor.user_id, [post.id for post in posts])
    return DiscussionPage(
        discussion=DiscussionView.of(discussion, users, mine),
        items=[PostView.of(post, html_of(post), users, to_staff=to_staff) for post in posts],
        next_cursor=None if discussion.merged_into else next_cursor,
        voted=tuple(voted),
    )


async def shown(post: Post, ctx: Context) -> PostView:
    """A post, as everybody sees it."""
    return PostView.of(post, html_of(post), await users_of([post.author], ctx))


def html_of(post: Post) -> str:
    """What its text becomes, also if it was kept before something was found to be wrong with that."""
    return post.html if post.edition == EDITION else render(post.text).html


async def require_people(mentions: tuple[str, ...], ctx: Context) -> None:
    """Refuse to mention who is not there."""
    known = {user.id for user in await ctx.store.users.among(mentions) if user.erased_at is None} if mentions else set()
    if unknown := [person for person in mentions if person not in known]:
        raise Invalid.field("mentions", f"There is no person {unknown[0]}.", code="not_found")


async def _require_read(before: Discussion, ctx: Context) -> None:
    """Refuse to write where nobody reads, by what the discussion was before this post was counted."""
    await require_readable(before, ctx)
    await require_open(before, ctx)
    if not before.is_listed:
        raise NotAllowedNow("Nobody sees this discussion: it is hidden, or its posts are deleted.")


async def _parent(post_id: str, discussion: Discussion, ctx: Context) -> Post:
    post = await ctx.store.posts.get(post_id)
    if post is None or post.discussion_id != discussion.id or not post.is_shown:
        raise Invalid.field("parent_id", "There is no such post in this discussion.", code="not_found")
    return post


async def _follow(discussion: Discussion, ctx: Context) -> None:
    """Who writes wants to know what comes of it, unless they said otherwise; and has read their own post."""
    me, n = ctx.actor.user_id, discussion.last_n
    id_ = follow_id(discussion.id, me)
    mine = await ctx.store.follows.get(id_)
    if mine is None:
        read_up_to = n if n == 1 else 0
        order = order_of(ctx.now, id_)
        follow = Follow(
            id=id_,
            discussion_id=discussion.id,
            user_id=me,
            level=FollowLevel.FOLLOWING,
            read_up_to=read_up_to,
            order=order,
        )
        await ctx.store.follows.insert(follow)
    elif mine.read_up_to == n - 1:
        await ctx.store.follows.change(discussion.id, me, {"$set": {"read_up_to": n}})
