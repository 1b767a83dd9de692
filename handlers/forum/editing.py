"""Changing what was written: editing, deleting to a tombstone, restoring. Moderators see every former text.

A post keeps its number for ever; each change raises its version and tells those who watch the whole post.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from pydantic import Field

from handlers.attachments import attach, let_go
from handlers.context import Context
from handlers.errors import Conflict, Forbidden, Invalid, NotAllowedNow
from handlers.events.forum import PostDeleted, PostEdited, PostRestored
from handlers.forum.access import access_post, require_open, watchers
from handlers.forum.keeping import change
from handlers.forum.newcomers import require_patience
from handlers.forum.posts import DiscussionId, Mentions, PostId, require_people, shown
from handlers.forum.searching import SCOPE, words_of
from handlers.forum.telling import tell, tell_mentioned
from handlers.markdown import EDITION, Rendered, render
from handlers.models import Command, MessageText, Query, Whole
from handlers.terms import keys
from handlers.views.base import Page
from handlers.views.forum import PostEditView, PostView
from store.discussions import Discussion
from store.posts import Post, PostEdit

# After the last moment in which a deletion could be taken back.
SOON = timedelta(minutes=1)
# So many former texts are kept: a document has an end.
MOST_EDITS = 50
MOST_MENTIONED = 100


class OfPost(Command):
    """A change of one post."""

    turn_by = "thread_id"

    thread_id: DiscussionId
    post_id: PostId


class EditPost(OfPost):
    """The new text, and the version it replaces, if that matters."""

    content: MessageText
    mentions: Mentions | None = Field(default=None, description="Left out, those that were stay.")
    version: Whole | None = Field(default=None, ge=1, description="Refused with the current post if it has moved on.")


class DeletePost(OfPost):
    """Which post."""


class RestorePost(OfPost):
    """Which post."""


class ListPostEdits(Query):
    """Of which post."""

    thread_id: DiscussionId
    post_id: PostId


async def edit_post(command: EditPost, ctx: Context) -> PostView:
    """Change the text of your post; what it was is kept for moderators."""
    rendered = await asyncio.to_thread(render, command.content)
    discussion, post = await access_post(command.thread_id, command.post_id, ctx)
    if post.author != ctx.actor.user_id:
        raise Forbidden("Only its author may edit a post.")
    if not post.is_shown:
        raise NotAllowedNow("A post that is deleted or hidden cannot be edited.")
    await require_open(discussion, ctx)
    if command.version is not None and command.version != post.version:
        raise Conflict("The post has changed since.", current=await shown(post, ctx))
    mentions = post.mentions if command.mentions is None else command.mentions
    if (command.content, mentions) == (post.text, post.mentions):
        return await shown(post, ctx)
    await require_patience(rendered, ctx, writes_anew=False)
    await require_people(tuple(person for person in mentions if person not in post.mentions), ctx)
    mentioned = _ever_mentioned(post, mentions)
    await _exchange_uploads(post, rendered, ctx)
    fields = {
        "text": command.content,
        "found_by": keys(SCOPE, command.content),
        "html": rendered.html,
        "edition": EDITION,
        "mentions": mentions,
        "mentioned": mentioned,
        "uploads": rendered.uploads,
        "edited_at": ctx.now,
    }
    former = [PostEdit(text=post.text, at=ctx.now).model_dump()]
    asked = {"$set": fields, "$push": {"edits": {"$each": former, "$slice": -MOST_EDITS}}}
    changed = await change_post(post, asked, ctx)
    if post.n == 1:
        await change(discussion, {"$set": {"found_by": _words(discussion, changed)}}, ctx)
    known = {*post.mentions, *post.mentioned}
    await tell_mentioned(tuple(one for one in mentioned if one not in known), discussion, changed, ctx)
    view = await shown(changed, ctx)
    ctx.emit(PostEdited(post=view), to=watchers(discussion.id))
    return view


async def delete_post(command: DeletePost, ctx: Context) -> PostView:
    """Delete a post of yours. Its place stays; with the last of its posts a discussion goes, too."""
    discussion, post = await access_post(command.thread_id, command.post_id, ctx)
    if post.author != ctx.actor.user_id:
        raise Forbidden("Only its author may delete a post; staff hides it, for a reason.")
    if post.deleted_at is not None:
        return await shown(post, ctx)
    await require_open(discussion, ctx)
    fields = {
        "text": "",
        "found_by": (),
        "html": "",
        "deleted_at": ctx.now,
        "deleted_by": ctx.actor.user_id,
        "deleted_text": post.text,
    }
    changed = await change_post(post, {"$set": fields}, ctx)
    for upload in post.uploads:
        await let_go(upload, ctx, at=ctx.now + ctx.ports.rules.edit_window + SOON)
    await recount(discussion, post, changed, ctx)
    view = await shown(changed, ctx)
    ctx.emit(PostDeleted(post=view), to=watchers(discussion.id))
    return view


async def restore_post(command: RestorePost, ctx: Context) -> PostView:
    """Take your deletion of a post back, within the window after it."""
    discussion, post = await access_post(command.thread_id, command.post_id, ctx)
    if post.deleted_at is None:
        raise NotAllowedNow("This post is not deleted.")
    if post.deleted_by != ctx.actor.user_id:
        raise Forbidden("Only who deleted a post may restore it.")
    if ctx.now - post.deleted_at > ctx.ports.rules.edit_window:
        raise NotAllowedNow("It was deleted too long ago to be restored.")
    text = post.deleted_text or ""
    rendered = await asyncio.to_thread(render, text)
    fields = {"text": text, "found_by": keys(SCOPE, text), "html": rendered.html, "edition": EDITION,
              "deleted_at": None, "deleted_by": None, "deleted_text": None}  # fmt: skip
    changed = await change_post(post, {"$set": fields}, ctx)
    await recount(discussion, post, changed, ctx)
    view = await shown(changed, ctx)
    ctx.emit(PostRestored(post=view), to=watchers(discussion.id))
    return view


async def list_post_edits(query: ListPostEdits, ctx: Context) -> Page[PostEditView]:
    """What a post said before it was edited or deleted, the last first; for moderators."""
    _, post = await access_post(query.thread_id, query.post_id, ctx)
    former = list(post.edits)
    if post.deleted_at is not None:
        former.append(PostEdit(text=post.deleted_text or "", at=post.deleted_at))
    return Page(items=[PostEditView.of(edit) for edit in reversed(former)])


async def change_post(post: Post, change: Mapping[str, object], ctx: Context) -> Post:
    """Change a post that nobody else has changed meanwhile."""
    changed = await ctx.store.posts.change(post.id, change, where={"version": post.version})
    if changed is None:
        raise Conflict("Somebody changed this post first.", current=await shown(post, ctx))
    return changed


async def recount(discussion: Discussion, before: Post, after: Post, ctx: Context) -> None:
    """Count the posts of a discussion that are shown, once one is shown no more, or is again."""
    by = after.is_shown - before.is_shown
    if by:
        fields: dict[str, object] = {"accepted": None} if by < 0 and discussion.accepted == after.id else {}
        if after.n == 1:
            fields["found_by"] = _words(discussion, after)
        counted = {"$inc": {"post_count": by}, **({"$set": fields} if fields else {})}
        await tell(await change(discussion, counted, ctx), ctx)


def _ever_mentioned(post: Post, mentions: tuple[str, ...]) -> tuple[str, ...]:
    everybody = tuple(dict.fromkeys((*post.mentioned, *post.mentions, *mentions)))
    if len(everybody) > MOST_MENTIONED:
        raise Invalid.field("mentions", f"Over all its edits a post mentions {MOST_MENTIONED} people at most.")
    return everybody


def _words(discussion: Discussion, opening: Post) -> tuple[str, ...]:
    return words_of(discussion.title, discussion.tags, opening.text if opening.is_shown else "")


async def _exchange_uploads(post: Post, rendered: Rendered, ctx: Context) -> None:
    for upload in rendered.uploads:
        if upload not in post.uploads:
            await attach(upload, f"post:{post.id}", ctx, field="content", only="image/")
    for upload in post.uploads:
        if upload not in rendered.uploads:
            await let_go(upload, ctx)
