"""The forum, as anybody may read it; what is a reader's own in it is null for those who are not signed in."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from handlers.models import View
from handlers.views.authors import AuthorView
from handlers.views.base import Page
from store.categories import Category
from store.discussions import Discussion
from store.follows import Follow, FollowLevel
from store.posts import Post, PostEdit
from store.skill_directory import load_directory
from store.users import User

Users = Mapping[str, User]


class CategoryView(View):
    """What discussions are sorted into."""

    id: str
    name: str
    description: str
    position: int
    discussion_count: int
    last_updated: datetime | None = Field(description="When somebody last wrote in it.")

    @classmethod
    def of(cls, category: Category, last_updated: datetime | None) -> "CategoryView":
        fields = category.model_dump(include={"id", "name", "description", "position", "discussion_count"})
        return cls(**fields, last_updated=last_updated)


class TagView(View):
    """A tag, and the skill that it names, if it is a known one: offers of it are found by this key."""

    name: str
    skill: str | None

    @classmethod
    def of(cls, name: str) -> "TagView":
        skill = load_directory().named(name)
        return cls(name=name, skill=None if skill is None else skill.key)


class FollowView(View):
    """What a discussion is to you."""

    level: FollowLevel
    muted_until: datetime | None
    read_up_to: int
    unread_count: int

    @classmethod
    def of(cls, follow: Follow, last_n: int) -> "FollowView":
        return cls(
            level=follow.level,
            muted_until=follow.muted_until,
            read_up_to=follow.read_up_to,
            unread_count=max(0, last_n - follow.read_up_to),
        )


class DiscussionView(View):
    """A discussion. Its posts are numbered densely from 1 to `last_n`; of two copies the higher `version` is later."""

    id: str
    version: int
    title: str
    category_id: str
    tags: tuple[TagView, ...]
    created_by: AuthorView
    post_count: int = Field(description="Without those that are deleted or hidden.")
    last_n: int
    votes: int = Field(description="Those of its first post.")
    accepted: str | None = Field(description="The post that its author accepted as the answer.")
    pinned: bool
    locked: bool
    hidden: bool
    merged_into: str | None = Field(description="The discussion that its posts are in now.")
    createdAt: datetime  # noqa: N815
    last_updated: datetime
    mine: FollowView | None = Field(description="Null for who never read, wrote or followed it.")

    @classmethod
    def of(cls, discussion: Discussion, users: Users, mine: Follow | None = None) -> "DiscussionView":
        one = discussion
        return cls(
            id=one.id,
            version=one.version,
            title=one.title,
            category_id=one.category_id,
            tags=tuple(TagView.of(tag) for tag in one.tags),
            created_by=AuthorView.among(users, one.created_by),
            post_count=one.post_count,
            last_n=one.last_n,
            votes=one.votes,
            accepted=one.accepted,
            pinned=one.pinned,
            locked=one.locked,
            hidden=one.hidden,
            merged_into=one.merged_into,
            createdAt=one.created_at,
            last_updated=one.activity_at,
            mine=None if mine is None else FollowView.of(mine, one.last_n),
        )


class PostView(View):
    """A post. `html` is safe to show as it is; both texts are empty once it is deleted or hidden."""

    id: str
    thread_id: str
    n: int = Field(description="Its number in the discussion.")
    version: int
    author: AuthorView
    parent_id: str | None = Field(description="The post below which it stands; null below none.")
    reply_to: str | None = Field(description="The post that it answers; another one where posts go no deeper.")
    depth: int
    content: str = Field(description="The Markdown, as it was written.")
    html: str
    mentions: tuple[str, ...]
    votes: int
    createdAt: datetime  # noqa: N815
    edited_at: datetime | None
    deleted: bool
    hidden: bool

    @classmethod
    def of(cls, post: Post, html: str, users: Users, *, to_staff: bool = False) -> "PostView":
        is_shown = post.is_shown or (to_staff and post.deleted_at is None)
        return cls(
            id=post.id,
            thread_id=post.discussion_id,
            n=post.n,
            version=post.version,
            author=AuthorView.among(users, post.author),
            parent_id=post.parent_id,
            reply_to=post.reply_to,
            depth=post.depth,
            content=post.text if is_shown else "",
            html=html if is_shown else "",
            mentions=post.mentions,
            votes=post.votes,
            createdAt=post.created_at,
            edited_at=post.edited_at,
            deleted=post.deleted_at is not None,
            hidden=post.hidden,
        )


class FoundPostView(View):
    """A post that was found, and what its discussion is called."""

    title: str
    post: PostView


class ForumPage(Page[DiscussionView]):
    """A part of the list of discussions, and with its first part the categories."""

    categories: tuple[CategoryView, ...]


class DiscussionPage(Page[PostView]):
    """A discussion and a part of its posts, in the order of their numbers."""

    discussion: DiscussionView
    voted: tuple[str, ...] = Field(description="The posts among these that you voted for.")


class PostEditView(View):
    """A former text of a post, and until when it stood."""

    content: str
    at: datetime

    @classmethod
    def of(cls, edit: PostEdit) -> "PostEditView":
        return cls(content=edit.text, at=edit.at)
