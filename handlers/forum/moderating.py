"""What staff does in the forum: categories, pins, locks, moves and merges, and hiding. All of it is written down."""

from typing import Annotated, Any

from pydantic import Field, StrictBool, StringConstraints

from handlers.context import Context
from handlers.errands import Errand, ask_later
from handlers.errors import Invalid, NotAllowedNow, NotFound
from handlers.events.forum import PostEdited
from handlers.forum.access import access_discussion, access_post, no_such_discussion, watchers
from handlers.forum.discussions import CategoryId, Tags, Title, renamed
from handlers.forum.editing import OfPost, change_post, recount
from handlers.forum.keeping import change
from handlers.forum.posts import DiscussionId, shown
from handlers.forum.telling import FOLLOWERS_AT_ONCE, tell, views_of
from handlers.judging import write_down
from handlers.models import Clean, Command, Creating, Line, Whole
from handlers.statements import Moderation, hide_or_show
from handlers.views.forum import CategoryView, DiscussionView, PostView
from store.categories import MOST_CATEGORIES, Category
from store.discussions import Discussion
from store.follows import Follow, FollowLevel, follow_id
from store.posts import Post
from store.reports import Thing
from store.repository import order_of
from store.staff_log import Act

# By which a discussion is found, of what it says.
DERIVED = frozenset({"tag_keys", "found_by"})
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), Clean]


class CreateCategory(Creating):
    """What it is called, and where it stands."""

    name: Line
    description: Description = ""
    position: Whole = Field(default=1000, ge=0, le=10_000, description="Among the others, the lowest first.")


class EditCategory(Command):
    """The fields to change; those left out stay."""

    category_id: CategoryId
    name: Line | None = None
    description: Description | None = None
    position: Whole | None = Field(default=None, ge=0, le=10_000)


class ModerateDiscussion(Moderation):
    """The fields to change; those left out stay. What is hidden is so for a reason."""

    turn_by = "thread_id"

    thread_id: DiscussionId
    pinned: StrictBool | None = Field(default=None, description="First in every list that it is in.")
    locked: StrictBool | None = Field(default=None, description="Read, and not written in but by staff.")
    hidden: StrictBool | None = Field(
        default=None, description="There for nobody but staff; who began it is told why, and may appeal."
    )
    category_id: CategoryId | None = None
    title: Title | None = None
    tags: Tags | None = None


class MergeDiscussions(Command):
    """Which discussion goes on in which other one."""

    turn_by = "thread_id"

    thread_id: DiscussionId
    into: DiscussionId


class TakeFollowers(Errand):
    """A discussion was merged: those who followed it follow where it goes on, from after one of them."""

    discussion_id: str
    after: str = ""


class ModeratePost(OfPost, Moderation):
    """Whether it is hidden, and why."""

    hidden: StrictBool


async def create_category(command: CreateCategory, ctx: Context) -> CategoryView:
    """Add a category."""
    if len(await ctx.store.categories.all()) >= MOST_CATEGORIES:
        raise NotAllowedNow(f"There are {MOST_CATEGORIES} categories, and no more can be.")
    fields = command.model_dump(include={"name", "description", "position"})
    category = await ctx.store.categories.insert(Category(**fields, created_at=ctx.now))
    await write_down(Act.CATEGORY_CHANGED, category.id, ctx, before="", after=str(fields))
    return CategoryView.of(category, None)


async def edit_category(command: EditCategory, ctx: Context) -> CategoryView:
    """Rename a category, describe it otherwise, or put it elsewhere in the list."""
    before = await ctx.store.categories.get(command.category_id)
    if before is None:
        raise NotFound("There is no such category.")
    given = command.model_dump(include={"name", "description", "position"}, exclude_none=True)
    fields = {name: value for name, value in given.items() if value != getattr(before, name)}
    if fields:
        await ctx.store.categories.change(before.id, {"$set": fields})
        was = {name: getattr(before, name) for name in fields}
        await write_down(Act.CATEGORY_CHANGED, before.id, ctx, before=str(was), after=str(fields))
    last_updated = await ctx.store.discussions.last_activity(before.id)
    return CategoryView.of(before.model_copy(update=fields), last_updated)


async def moderate_discussion(command: ModerateDiscussion, ctx: Context) -> DiscussionView:
    """Pin a discussion, lock it, hide it, name it otherwise, or move it to another category; or undo that."""
    discussion = await access_discussion(command.thread_id, ctx)
    if command.hidden not in (None, discussion.hidden):
        await hide_or_show(Thing.DISCUSSION, discussion.id, command, ctx)
        discussion = await access_discussion(command.thread_id, ctx)
    given = command.model_dump(include={"pinned", "locked", "category_id"}, exclude_none=True)
    fields = {name: value for name, value in given.items() if value != getattr(discussion, name)}
    fields |= await renamed(discussion, command.title, command.tags, ctx)
    if "category_id" in fields and await ctx.store.categories.get(fields["category_id"]) is None:
        raise Invalid.field("category_id", "There is no such category.", code="not_found")
    if not fields:
        return (await views_of([discussion], ctx))[0]
    return await _change_discussion(discussion, fields, ctx, why=command.reason)


async def merge_discussions(command: MergeDiscussions, ctx: Context) -> DiscussionView:
    """Put the posts of a discussion at the end of another one, numbered on; who followed it follows that."""
    source = await access_discussion(command.thread_id, ctx)
    target = await ctx.store.discussions.get(command.into)
    if target is None or target.id == source.id or target.merged_into is not None or target.hidden:
        raise Invalid.field("into", "Must be another discussion, which is neither merged nor hidden itself.")
    if source.merged_into is not None:
        raise NotAllowedNow(f"It is merged already, into {source.merged_into}.")
    if source.hidden:
        raise NotAllowedNow("It is hidden, and its posts would be read where they went; show it first.")
    grown = {"last_n": source.last_n, "post_count": source.post_count}
    merged = await change(target, {"$inc": grown, "$max": {"activity_at": source.activity_at}}, ctx)
    emptied = {"merged_into": target.id, "accepted": None, "post_count": 0}
    gone = await change(source, {"$set": emptied}, ctx)
    await ctx.store.posts.move(source.id, target.id, after=target.last_n)
    await take_followers(TakeFollowers(discussion_id=source.id), ctx)
    await write_down(Act.DISCUSSIONS_MERGED, source.id, ctx, before=source.title, after=target.id)
    await tell(gone, ctx)
    return await tell(merged, ctx)


async def take_followers(errand: TakeFollowers, ctx: Context) -> None:
    """Have who followed a discussion that was merged follow where it goes on, a part at a time."""
    found = await ctx.store.follows.followers(errand.discussion_id, after=errand.after, limit=FOLLOWERS_AT_ONCE)
    into = await _goes_on_in(errand.discussion_id, ctx)
    ids = {follow_id(into, one.user_id): one.user_id for one in found}
    known = {one.id for one in await ctx.store.follows.those(list(ids))}
    new = [
        Follow(id=id_, discussion_id=into, user_id=user_id, level=FollowLevel.FOLLOWING, order=order_of(ctx.now, id_))
        for id_, user_id in ids.items()
        if id_ not in known
    ]
    await ctx.store.follows.insert_all(new)
    if len(found) == FOLLOWERS_AT_ONCE:
        await ask_later(errand.model_copy(update={"after": found[-1].id}), ctx)


async def moderate_post(command: ModeratePost, ctx: Context) -> PostView:
    """Hide a post from everybody but staff, or show it again."""
    _, post = await access_post(command.thread_id, command.post_id, ctx)
    if post.hidden != command.hidden:
        await hide_or_show(Thing.POST, post.id, command, ctx)
        _, post = await access_post(command.thread_id, command.post_id, ctx)
    return await shown(post, ctx)


async def put_discussion_away(discussion_id: str, reason: str, ctx: Context) -> str:
    """Hide one, whoever asks; answers whose it is."""
    discussion = await ctx.store.discussions.get(discussion_id)
    if discussion is None:
        raise no_such_discussion()
    await _change_discussion(discussion, {"hidden": True}, ctx, why=reason)
    return discussion.created_by


async def bring_discussion_back(discussion_id: str, ctx: Context) -> None:
    """Show one again, if it is there still."""
    discussion = await ctx.store.discussions.get(discussion_id)
    if discussion is not None and discussion.hidden:
        await _change_discussion(discussion, {"hidden": False}, ctx)


async def put_post_away(post_id: str, reason: str, ctx: Context) -> str:
    """Hide one, whoever asks, also one whose author may yet take its deletion back; answers whose it is."""
    post = await ctx.store.posts.get(post_id)
    if post is None:
        raise NotFound("There is no such post.")
    await _set_hidden(post, hidden=True, why=reason, ctx=ctx)
    return post.author


async def bring_post_back(post_id: str, ctx: Context) -> None:
    """Show one again, if it is there still."""
    post = await ctx.store.posts.get(post_id)
    if post is not None and post.hidden:
        await _set_hidden(post, hidden=False, why="", ctx=ctx)


async def _change_discussion(
    discussion: Discussion, fields: dict[str, Any], ctx: Context, *, why: str = ""
) -> DiscussionView:
    shown = {name: value for name, value in fields.items() if name not in DERIVED}
    was = {name: getattr(discussion, name) for name in shown}
    changed = await change(discussion, {"$set": fields}, ctx)
    after = f"{shown}: {why}" if why else str(shown)
    await write_down(Act.DISCUSSION_CHANGED, discussion.id, ctx, before=str(was), after=after)
    return await tell(changed, ctx)


async def _set_hidden(post: Post, *, hidden: bool, why: str, ctx: Context) -> None:
    discussion = await ctx.store.discussions.get(post.discussion_id)
    if discussion is None or post.hidden == hidden:
        return
    changed = await change_post(post, {"$set": {"hidden": hidden}}, ctx)
    await recount(discussion, post, changed, ctx)
    after = f"{hidden}: {why}" if why else str(hidden)
    await write_down(Act.POST_HIDDEN, post.id, ctx, before=str(post.hidden), after=after)
    ctx.emit(PostEdited(post=await shown(changed, ctx)), to=watchers(discussion.id), unnamed=True)


async def _goes_on_in(discussion_id: str, ctx: Context) -> str:
    """Where a discussion goes on now: what it was merged into may be merged itself."""
    one = await ctx.store.discussions.get(discussion_id)
    return discussion_id if one is None or one.merged_into is None else await _goes_on_in(one.merged_into, ctx)
