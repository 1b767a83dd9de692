"""The lists of discussions, and beginning one."""

import asyncio
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from handlers.account import require_confirmed
from handlers.context import Context
from handlers.errors import Forbidden, Invalid
from handlers.forum.access import access_writable
from handlers.forum.keeping import change
from handlers.forum.newcomers import require_patience
from handlers.forum.posts import DiscussionId, Mentions, page_of, write
from handlers.forum.searching import search, words_of
from handlers.forum.telling import tell, tell_mentioned, views_of
from handlers.markdown import render
from handlers.models import Clean, Command, Creating, Cursor, Id, Limit, MessageText, Query
from handlers.views.forum import CategoryView, DiscussionPage, DiscussionView, ForumPage
from store.categories import DEFAULTS
from store.discussions import Discussion, DiscussionSort, listing
from store.follows import FollowLevel
from store.ids import new_id
from store.skill_directory import load_directory

MOST_TAGS = 5
IGNORED = FollowLevel.IGNORED


def one_line(text: str) -> str:
    """Refuse breaks and tabs."""
    if not text.isprintable():
        raise ValueError("One line of text.")
    return text


Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=140), AfterValidator(one_line)]
Tag = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=32), AfterValidator(one_line)
]
Tags = Annotated[tuple[Tag, ...], Field(max_length=MOST_TAGS)]
CategoryId = Annotated[Id, Field(description="The id of a category.")]


class ListDiscussions(Query):
    """Which discussions, in which order."""

    category_id: CategoryId | None = None
    tag: Tag | None = Field(default=None, description="Also by another word for the same skill.")
    q: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100), Clean] | None = Field(
        default=None, description="Words; the last one may be the beginning of one. The newest comes first, then."
    )
    sort: DiscussionSort | None = Field(default=None, description="`active`, unless it is searched by words.")
    cursor: Cursor | None = None
    limit: Limit = 30


class CreateDiscussion(Creating):
    """What it is about, and its first post."""

    # Which counts its discussions.
    turn_by = "category_id"

    title: Title
    content: MessageText = Field(description="Markdown, without HTML; `![](upload:<id>)` shows a picture of yours.")
    category_id: CategoryId = Field(default=DEFAULTS[-1].id, description="Else it is in the last of those at first.")
    tags: Tags = Field(default=(), description="Of skills or of anything.")
    mentions: Mentions = ()


class EditDiscussion(Command):
    """The fields to change; those left out stay."""

    turn_by = "thread_id"

    thread_id: DiscussionId
    title: Title | None = None
    tags: Tags | None = None


async def list_discussions(query: ListDiscussions, ctx: Context) -> ForumPage:
    """The categories, and discussions with their posts counted, the last active first; anybody may read it."""
    page, next_cursor = await (_listed(query, ctx) if query.q is None else _found(query.q, query, ctx))
    return ForumPage(
        categories=() if query.cursor else await _categories(ctx),
        items=[view for view in await views_of(page, ctx) if view.mine is None or view.mine.level is not IGNORED],
        next_cursor=next_cursor,
    )


async def _listed(query: ListDiscussions, ctx: Context) -> tuple[list[Discussion], str | None]:
    sort = query.sort or DiscussionSort.ACTIVE
    in_ = listing(query.category_id, tag_key(query.tag), unanswered=sort is DiscussionSort.UNANSWERED)
    found = await ctx.store.discussions.listed(in_, sort=sort, before=query.cursor, limit=query.limit + 1)
    page = found[: query.limit]
    return page, getattr(page[-1], sort.field) if len(found) > query.limit else None


async def _found(q: str, query: ListDiscussions, ctx: Context) -> tuple[list[Discussion], str | None]:
    if query.sort not in (None, DiscussionSort.NEWEST):
        raise Invalid.field("sort", "What is searched by words comes newest first.")
    tag = tag_key(query.tag)
    return await search(q, ctx, category_id=query.category_id, tag=tag, before=query.cursor, limit=query.limit)


async def create_discussion(command: CreateDiscussion, ctx: Context) -> DiscussionPage:
    """Begin a discussion with a first post; you follow it from then on."""
    rendered = await asyncio.to_thread(render, command.content)
    await require_confirmed(ctx)
    await require_patience(rendered, ctx)
    if await ctx.store.categories.get(command.category_id) is None:
        raise Invalid.field("category_id", "There is no such category.", code="not_found")
    tags = tuple(dict.fromkeys(command.tags))
    discussion = Discussion(
        category_id=command.category_id,
        title=command.title,
        tags=tags,
        tag_keys=tag_keys(tags),
        created_by=ctx.actor.user_id,
        last_n=1,
        post_count=1,
        created_at=ctx.now,
        activity_at=ctx.now,
        found_by=words_of(command.title, tags, command.content),
    ).placed()
    await ctx.store.discussions.insert(discussion)
    post = await write(command.content, rendered, discussion, ctx, id_=new_id(), mentions=command.mentions)
    await tell_mentioned(command.mentions, discussion, post, ctx)
    page = await page_of(discussion, [post], ctx, next_cursor=None)
    # Last of all: whoever begins another one in this category waits no longer than for the commit.
    await ctx.store.categories.change(discussion.category_id, {"$inc": {"discussion_count": 1}})
    return page


async def edit_discussion(command: EditDiscussion, ctx: Context) -> DiscussionView:
    """Change the title or the tags of a discussion that you began."""
    discussion = await access_writable(command.thread_id, ctx)
    if discussion.created_by != ctx.actor.user_id:
        raise Forbidden("Only its author may change what a discussion is about, and staff.")
    fields = await renamed(discussion, command.title, command.tags, ctx)
    return await tell(await change(discussion, {"$set": fields}, ctx) if fields else discussion, ctx)


async def renamed(
    discussion: Discussion, title: str | None, tags: tuple[str, ...] | None, ctx: Context
) -> dict[str, Any]:
    """The fields that change with a title and tags; nothing where those are as they were."""
    title = title or discussion.title
    tags = discussion.tags if tags is None else tuple(dict.fromkeys(tags))
    if (title, tags) == (discussion.title, discussion.tags):
        return {}
    text = "".join(post.text for post in await ctx.store.posts.numbered(discussion.id, first=1, last=1))
    return {"title": title, "tags": tags, "tag_keys": tag_keys(tags), "found_by": words_of(title, tags, text)}


def tag_keys(tags: tuple[str, ...]) -> tuple[str, ...]:
    """By what tags are compared: other words for the same skill are the same."""
    return tuple(dict.fromkeys(load_directory().key_of(tag) for tag in tags))


def tag_key(tag: str | None) -> str | None:
    """By what a tag is looked for."""
    return None if tag is None else load_directory().key_of(tag)


async def _categories(ctx: Context) -> tuple[CategoryView, ...]:
    categories = await ctx.store.categories.all()
    last = await asyncio.gather(*(ctx.store.discussions.last_activity(one.id) for one in categories))
    return tuple(CategoryView.of(one, at) for one, at in zip(categories, last, strict=True))
