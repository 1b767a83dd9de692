"""Leaving for good: a week to change one's mind, then nothing is left of a person but a place in what others keep.

What somebody said to others stays with them, from "Deleted user": it is their conversation, too.
"""

from datetime import timedelta

from handlers.account import access_self, end_sessions, note, require_password
from handlers.attachments import let_go
from handlers.booking import leave
from handlers.calendar_sync import forget_calendar
from handlers.context import Context
from handlers.errands import EndSwaps, Errand, ListAnew, ask_later
from handlers.letters import Written
from handlers.models import Code, Command, KnownPassword
from handlers.recordings import erase_recordings
from handlers.second_factor import require_second_factor
from handlers.views.accounts import DeletionView
from store.activity import What

UNDO = timedelta(days=7)
# Whoever kept it at the last moment, by a slower clock, has done so before anything is deleted.
LAST_MOMENT = timedelta(minutes=1)
# Documents of each collection in one transaction; who has more takes several.
AT_ONCE = 500


class DeleteAccount(Command):
    """The password, and a code if signing in asks for one, show that it is you."""

    current_password: KnownPassword | None = None
    code: Code | None = None


class EraseAccount(Errand):
    """The time to change one's mind is over; unless they did."""

    user_id: str


async def delete_account(command: DeleteAccount, ctx: Context) -> DeletionView:
    """Have your account deleted in seven days. Every device is signed out; signing in with `restore` keeps it."""
    user = await access_self(ctx)
    await require_password(command.current_password, user, ctx)
    await require_second_factor(command.code, user, ctx)
    at = ctx.now + UNDO
    await ctx.store.users.update(user.id, {"closes_at": at})
    await note(What.DELETION_ASKED, user, ctx, session_id=ctx.actor.session_id)
    await end_sessions(user.id, ctx, because="account_closing")
    await ask_later(EraseAccount(user_id=user.id), ctx, at=at + LAST_MOMENT)
    await ask_later(ListAnew(user_id=user.id), ctx)
    return DeletionView(deleted_at=at)


async def erase_account(errand: EraseAccount, ctx: Context) -> None:
    """Delete what is this person's own, in all collections, and empty the rest; the last letter says so."""
    user = await ctx.store.users.get(errand.user_id)
    if user is None or user.closes_at is None or user.closes_at > ctx.now:
        return
    for upload in await ctx.store.uploads.owned(user.id):
        await let_go(upload.id, ctx)
    kept = await ctx.store.bookmarks.clear(user.id, most=AT_ONCE)
    if kept:
        await ctx.store.gigs.count([one.gig_id for one in kept], {"bookmarks": -1})
    for call_id in {word.about for word in await ctx.store.consent_log.owned(user.id) if word.about is not None}:
        if (call := await ctx.store.calls.get(call_id)) is not None:
            await erase_recordings(call, ctx)
    # As long as it is known which lessons stand there.
    await forget_calendar(user.id, ctx)
    if await leave(user.id, ctx):
        await ask_later(errand, ctx)
        return
    if await ctx.store.delete_owned(user.id, most=AT_ONCE) or kept:
        await ask_later(errand, ctx)
        return
    await ctx.store.threads.close_all(user.id)
    await ctx.store.users.erase(user.id, at=ctx.now)
    await ask_later(EndSwaps(user_id=user.id), ctx)
    if user.owned_email:
        told = f"Hello {user.name},\n\nas you asked, it is gone for good.\n"
        await ask_later(Written(to=user.email, subject="Your account is deleted", text=told), ctx)
