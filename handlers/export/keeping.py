"""What somebody may do with copies of all that is theirs: ask for one a day, fetch it for a week, delete it at once.

One that is deleted is kept as an entry without a file, which says when the next may be asked for.
"""

from collections.abc import AsyncIterator
from datetime import timedelta

from handlers.account import access_self, note, require_password
from handlers.context import Context
from handlers.errands import ask_later
from handlers.errors import NotFound, RateLimited
from handlers.export.gathering import DropExport, FinishExport, GatherExport, still_wanted
from handlers.letters import Written
from handlers.models import Command, Id, KnownPassword, Query
from handlers.views.accounts import ExportView
from handlers.views.base import Page
from handlers.views.files import File
from store.activity import What
from store.exports import Export, piece_id
from store.users import User

KEPT = timedelta(days=7)
# Putting one together reads all that somebody has.
EVERY = timedelta(days=1)
MOST_SHOWN = 20
# Pieces of a megabyte, in one transaction.
DROPPED_AT_ONCE = 100


class ExportAccount(Command):
    """The password shows that it is you."""

    current_password: KnownPassword | None = None


class ListExports(Query):
    """One's own."""


class GetExportFile(Query):
    """Which of one's own."""

    export_id: Id


class DeleteExport(Command):
    """Which of one's own; it need not be ready."""

    export_id: Id


async def export_account(command: ExportAccount, ctx: Context) -> ExportView:
    """Ask for a copy of all that is yours, once a day; a letter tells when it can be fetched, for a week.

    While one is put together, and for a day after it was asked for, asking again answers that one.
    """
    user = await access_self(ctx)
    await require_password(command.current_password, user, ctx)
    # Before it is looked for: of two at the same moment one runs again, and finds the other's.
    await ctx.store.users.update(user.id, {"copied_at": ctx.now})
    for last in await ctx.store.exports.of_person(user.id, limit=1):
        left = last.created_at + EVERY - ctx.now
        if last.deleted_at is None and (left > timedelta() or last.ready_at is None):
            return ExportView.of(last)
        if left > timedelta():
            raise RateLimited("You had a copy today, and deleted it; ask again tomorrow.", retry_after=left)
    export = await ctx.store.exports.insert(Export(user_id=user.id, created_at=ctx.now, expires_at=ctx.now + KEPT))
    await note(What.EXPORT_ASKED, user, ctx, session_id=ctx.actor.session_id)
    await ask_later(GatherExport(export_id=export.id), ctx)
    return ExportView.of(export)


async def list_exports(_: ListExports, ctx: Context) -> Page[ExportView]:
    """The copies that you asked for, the last first."""
    found = await ctx.store.exports.of_person(ctx.actor.user_id, limit=MOST_SHOWN)
    return Page(items=[ExportView.of(one) for one in found if _is_there(one, ctx)])


async def get_export_file(query: GetExportFile, ctx: Context) -> File:
    """Fetch a copy: a ZIP with a JSON file for each kind of thing, and the files that you sent."""
    export = await _access_export(query.export_id, ctx)
    if export.ready_at is None:
        raise NotFound("This copy is not put together yet.")
    return File(
        f"skillnet-{export.created_at:%Y-%m-%d}.zip", "application/zip", export.size, lambda *_: _pieces(export, ctx)
    )


async def delete_export(command: DeleteExport, ctx: Context) -> None:
    """Delete a copy, also one that is not ready: it can be fetched no more, and whoever is fetching it breaks off.

    The next can be asked for a day after this one was, as if it were there.
    """
    export = await _access_export(command.export_id, ctx)
    await ctx.store.exports.drop(export.id, at=ctx.now)
    await note(What.EXPORT_DELETED, await access_self(ctx), ctx, session_id=ctx.actor.session_id)
    await ask_later(DropExport(export_id=export.id), ctx)


async def finish_export(errand: FinishExport, ctx: Context) -> None:
    """Let it be fetched, and say so; unless it was deleted meanwhile."""
    if (wanted := await still_wanted(errand.export_id, ctx)) is None:
        return
    export, user = wanted
    if await ctx.store.exports.finish(export.id, at=ctx.now, size=errand.size, pieces=errand.pieces) is not None:
        told = f"the copy of your data can be fetched until {export.expires_at:%d %B %Y}."
        await _tell(What.EXPORT_READY, user, ctx, subject="Your copy is ready", text=told)


async def give_up_export(errand: GatherExport, ctx: Context) -> None:
    """It was tried as often as it is tried: it counts as if it had not been asked for, and its person is told."""
    export = await ctx.store.exports.get(errand.export_id)
    user = None if export is None else await ctx.store.users.get(export.user_id)
    await ask_later(DropExport(export_id=errand.export_id), ctx)
    if export is None or user is None or export.deleted_at is not None or export.ready_at is not None:
        return
    await ctx.store.exports.forget(export.id)
    told = "the copy of your data could not be put together. Ask for it again, whenever you like."
    await _tell(What.EXPORT_FAILED, user, ctx, subject="Your copy could not be made", text=told)


async def drop_export(errand: DropExport, ctx: Context) -> None:
    """Delete what is kept of its file, some at a time."""
    if await ctx.store.export_pieces.drop(errand.export_id, most=DROPPED_AT_ONCE) == DROPPED_AT_ONCE:
        await ask_later(errand, ctx)


async def _access_export(export_id: str, ctx: Context) -> Export:
    export = await ctx.store.exports.get(export_id)
    if export is None or export.user_id != ctx.actor.user_id or not _is_there(export, ctx):
        raise NotFound("There is no such copy, or no more.")
    return export


def _is_there(export: Export, ctx: Context) -> bool:
    return export.deleted_at is None and export.expires_at > ctx.now


async def _tell(what: What, user: User, ctx: Context, *, subject: str, text: str) -> None:
    await note(what, user, ctx)
    if user.owned_email is not None:
        await ask_later(Written(to=user.email, subject=subject, text=f"Hello {user.name},\n\n{text}\n"), ctx)


async def _pieces(export: Export, ctx: Context) -> AsyncIterator[bytes]:
    for number in range(export.pieces):
        piece = await ctx.store.export_pieces.get(piece_id(export.id, number))
        if piece is None:
            raise NotFound("This copy is gone.")
        yield piece.data
