"""Load and authorise in one call. Anybody may read what is shown; who writes has confirmed who they are.

What staff hid and what its author took away is not there for anybody else.
"""

from collections.abc import Iterable

from handlers.account import STAFF, access_self
from handlers.context import Audiences, Context
from handlers.errors import NotAllowedNow, NotFound
from handlers.models import Access
from store.discussions import Discussion
from store.posts import Post
from store.users import User


def watchers(discussion_id: str) -> Audiences:
    """Those who have a discussion before them."""
    return (f"discussion:{discussion_id}",)


def no_such_discussion() -> NotFound:
    """What is heard of what is hidden, and of what never was."""
    return NotFound("There is no such discussion.")


async def is_staff(ctx: Context) -> bool:
    """Whether a moderator or an admin asks."""
    return ctx.signed_in is not None and (await access_self(ctx)).role in STAFF[Access.MODERATOR]


async def access_discussion(thread_id: str, ctx: Context) -> Discussion:
    """A discussion that the actor, or nobody in particular, may read."""
    discussion = await ctx.store.discussions.get(thread_id)
    if discussion is None:
        raise no_such_discussion()
    await require_readable(discussion, ctx)
    return discussion


async def require_readable(discussion: Discussion, ctx: Context) -> None:
    """Refuse those who may not see that it is there."""
    if discussion.is_listed or (discussion.merged_into is not None and not discussion.hidden):
        return
    is_author = ctx.signed_in is not None and ctx.actor.user_id == discussion.created_by
    if not (is_author and not discussion.hidden) and not await is_staff(ctx):
        raise no_such_discussion()


async def access_writable(thread_id: str, ctx: Context) -> Discussion:
    """A discussion in which the actor may write now."""
    discussion = await access_discussion(thread_id, ctx)
    await require_open(discussion, ctx)
    return discussion


async def require_open(discussion: Discussion, ctx: Context) -> None:
    """Refuse to change what is merged, and what is locked but for staff."""
    if discussion.merged_into is not None:
        raise NotAllowedNow(f"This discussion went on in {discussion.merged_into}.")
    if discussion.locked and not await is_staff(ctx):
        raise NotAllowedNow("This discussion is locked.")


async def access_post(thread_id: str, post_id: str, ctx: Context) -> tuple[Discussion, Post]:
    """A post that the actor, or nobody in particular, may read, or its tombstone."""
    discussion = await access_discussion(thread_id, ctx)
    post = await ctx.store.posts.get(post_id)
    if post is None or post.discussion_id != discussion.id:
        raise NotFound("There is no such post in this discussion.")
    return discussion, post


async def users_of(user_ids: Iterable[str], ctx: Context) -> dict[str, User]:
    """People by their ids."""
    ids = list(dict.fromkeys(user_ids))
    return {user.id: user for user in await ctx.store.users.among(ids)} if ids else {}
