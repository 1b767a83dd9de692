"""Finding posts by their words: answers, too, of which a discussion's own words say nothing."""

from typing import Annotated

from pydantic import StringConstraints

from handlers.context import Context
from handlers.forum.access import users_of
from handlers.forum.posts import html_of
from handlers.forum.searching import MOST_CANDIDATES, sought
from handlers.models import Clean, Cursor, Limit, Query
from handlers.terms import holds
from handlers.views.base import Page
from handlers.views.forum import FoundPostView, PostView


class SearchPosts(Query):
    """For what; the last word may be the beginning of one."""

    q: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100), Clean]
    cursor: Cursor | None = None
    limit: Limit = 30


async def search_posts(query: SearchPosts, ctx: Context) -> Page[FoundPostView]:
    """Posts that hold every word, the newest first, each with its discussion; anybody may search."""
    words, key = sought(query.q)
    looked = await ctx.store.posts.found(key, before=query.cursor, limit=MOST_CANDIDATES)
    held = [post for post in looked if post.is_shown and holds(post.found_by, words)]
    page = held[: query.limit]
    about = {one.id: one for one in await ctx.store.discussions.among({post.discussion_id for post in page})}
    users = await users_of((post.author for post in page), ctx)
    items = [
        FoundPostView(title=about[post.discussion_id].title, post=PostView.of(post, html_of(post), users))
        for post in page
        if post.discussion_id in about and about[post.discussion_id].is_listed
    ]
    last = page[-1] if len(held) > query.limit else looked[-1] if len(looked) == MOST_CANDIDATES else None
    return Page(items=items, next_cursor=None if last is None else last.order)
