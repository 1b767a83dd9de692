"""What shows a file, and to whom: whoever may see that may fetch it."""

from handlers.between import circles_of
from handlers.blocking import blocked_between, who_blocked
from handlers.context import Context
from store.gigs import Gig
from store.uploads import Upload


async def is_shown(upload: Upload, ctx: Context) -> bool:
    """Whether who asks, whoever that is, may see what shows a file; one that nothing shows is its sender's alone."""
    me = None if ctx.signed_in is None else ctx.signed_in.user_id
    kind, _, id_ = (upload.parent or "").partition(":")
    match kind:
        case "message":
            message = await ctx.store.messages.get(id_)
            thread = None if message is None else await ctx.store.threads.get(message.thread_id)
            return (
                message is not None and message.deleted_at is None and thread is not None and me in thread.participants
            )
        case "gig":
            return await _is_in_gig(upload, id_, me, ctx)
        case "picture" | "banner" | "portfolio":
            return await _is_in_profile(upload, kind, id_, ctx)
        case "post":
            return await _is_in_post(upload, id_, ctx)
        case "call":
            call = await ctx.store.calls.get(id_)
            return call is not None and upload.id in call.recordings_for(me)
        case "swap":
            agenda = await ctx.store.agendas.get(id_)
            return agenda is not None and agenda.shows(upload.id) and me in agenda.people
        case _:
            return me == upload.owner


async def _is_in_gig(upload: Upload, gig_id: str, me: str | None, ctx: Context) -> bool:
    gig = await ctx.store.gigs.get(gig_id)
    if gig is not None and upload.id in gig.images and (me == upload.owner or await _is_offered(gig, ctx)):
        return True
    # Whoever asked for it keeps what they saw then, unless staff put it away.
    return gig is not None and gig.hidden is None and me is not None and await ctx.store.swaps.show(upload.id, me)


async def _is_offered(gig: Gig, ctx: Context) -> bool:
    """Whether others see it, and who asks does."""
    author = await ctx.store.users.get(gig.created_by)
    if author is None or not author.is_around(ctx.now) or not gig.is_listed(ctx.now):
        return False
    return ctx.signed_in is None or not await blocked_between(ctx.signed_in.user_id, author.id, ctx)


async def _is_in_profile(upload: Upload, kind: str, user_id: str, ctx: Context) -> bool:
    user = await ctx.store.users.get(user_id)
    if user is None or not user.is_around(ctx.now) or upload.id not in user.shows(kind):
        return False
    if kind != "portfolio":
        # Pictures are what people are known by, also where they are seen by whom they blocked.
        return True
    if ctx.signed_in is not None and await who_blocked(ctx.signed_in.user_id, [user.id], ctx):
        return False
    return user.visibility.portfolio in await circles_of(user, ctx)


async def _is_in_post(upload: Upload, post_id: str, ctx: Context) -> bool:
    post = await ctx.store.posts.get(post_id)
    if post is None or not post.is_shown or upload.id not in post.uploads:
        return False
    discussion = await ctx.store.discussions.get(post.discussion_id)
    return discussion is not None and discussion.is_listed


async def is_referred_to(upload: Upload, ctx: Context) -> bool:
    """Whether something shows a file yet, to whomever."""
    kind, _, id_ = (upload.parent or "").partition(":")
    match kind:
        case "message":
            message = await ctx.store.messages.get(id_)
            return message is not None and message.deleted_at is None
        case "gig":
            gig = await ctx.store.gigs.get(id_)
            is_in_gig = gig is not None and upload.id in gig.images
            # Whoever offered it is one of the two.
            return is_in_gig or await ctx.store.swaps.show(upload.id, upload.owner)
        case "picture" | "banner" | "portfolio":
            user = await ctx.store.users.get(id_)
            return user is not None and upload.id in user.shows(kind)
        case "post":
            post = await ctx.store.posts.get(id_)
            return post is not None and post.deleted_at is None and upload.id in post.uploads
        case "call":
            call = await ctx.store.calls.get(id_)
            return call is not None and upload.id in call.recordings
        case "swap":
            agenda = await ctx.store.agendas.get(id_)
            return agenda is not None and agenda.shows(upload.id)
        case _:
            return False
