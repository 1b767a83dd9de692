"""What a post is, or a discussion, for whoever has to judge it."""

from handlers.context import Context
from handlers.errors import NotFound
from handlers.evidence import Evidence
from handlers.forum.access import access_discussion
from store.posts import Post

SAID = {"id", "n", "author", "text", "created_at", "edited_at"}


async def post_evidence(post_id: str, ctx: Context) -> Evidence:
    """A post that everybody may read, and in what discussion."""
    post = await ctx.store.posts.get(post_id)
    if post is None or not post.is_shown:
        raise NotFound("There is no such post.")
    discussion = await access_discussion(post.discussion_id, ctx)
    where = {"thread_id": discussion.id, "title": discussion.title}
    return Evidence(post.author, {**where, "post": _plain(post)}, post.uploads)


async def discussion_evidence(discussion_id: str, ctx: Context) -> Evidence:
    """A discussion: its title, its tags, and how it begins."""
    discussion = await access_discussion(discussion_id, ctx)
    opening = await ctx.store.posts.numbered(discussion.id, first=1, last=1)
    what = {"title": discussion.title, "tags": discussion.tags, "category_id": discussion.category_id}
    posts = [_plain(post) for post in opening if post.is_shown]
    return Evidence(discussion.created_by, {**what, "posts": posts}, tuple(u for post in opening for u in post.uploads))


def _plain(post: Post) -> dict[str, object]:
    return post.model_dump(mode="json", include=SAID)
