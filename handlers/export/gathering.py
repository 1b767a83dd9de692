"""Putting a copy together, as a ZIP of JSON and media: a worker reads all, and keeps the file in pieces.

Others' words in a conversation are theirs: of each conversation the copy holds what this person wrote.
"""

import asyncio
import json
import tempfile
import zipfile
from typing import IO, Any

from pydantic import BaseModel

from handlers.context import Context
from handlers.errands import Errand, ask_later
from handlers.views.moderation import ReportView
from handlers.views.statements import StatementView
from store.exports import Export, ExportPiece, piece_id
from store.messages import Message
from store.uploads import Size
from store.users import User

PIECE_BYTES = 1024 * 1024
IN_MEMORY_BYTES = 8 * 1024 * 1024
NUMBERS_AT_ONCE = 200
MOST_THREADS = 10_000
MOST_TRANSFERS = 10_000
SWAPS_AT_ONCE = 100
MOST_SERIES = 10_000
MOST_REPORTS = 10_000
SECRETS = {
    "password_hash",
    "second_factor",
    "next_factor",
    "nonce",
    "email_key",
    "sealed",
    "serial",
    "token_hash",
    "trades",
    "week",
    "phone_proof",
}
CALLED = {"id", "thread_id", "swap", "created_by", "created_at", "started_at", "ended_at", "end_reason"}
WRITTEN = {"id", "seq", "text", "created_at", "edited_at", "deleted_at", "quote", "attachment"}

POSTED = {"id", "discussion_id", "n", "parent_id", "text", "uploads", "created_at", "edited_at", "deleted_at"}


class GatherExport(Errand):
    """Put a copy together. It reads more than a transaction may take."""

    export_id: str


class FinishExport(Errand):
    """All pieces are there: tell."""

    export_id: str
    size: int
    pieces: int


class DropExport(Errand):
    """A copy is deleted, or could not be put together: what is kept of its file goes."""

    export_id: str


async def gather_export(errand: GatherExport, ctx: Context) -> None:
    """Read everything, write the file and keep it. Done again it comes to the same."""
    if (wanted := await still_wanted(errand.export_id, ctx)) is None:
        return
    export, user = wanted
    if export.ready_at is not None:
        return
    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            await _account(archive, user, ctx)
            await _conversations(archive, user, ctx)
            await _calls(archive, user, ctx)
            await _posts(archive, user, ctx)
            await _swaps(archive, user, ctx)
            await _reviews(archive, user, ctx)
            await _media(archive, user, ctx)
        size = file.tell()
        pieces = await _keep(file, export, ctx)
    await ask_later(FinishExport(export_id=export.id, size=size, pieces=pieces), ctx)


async def still_wanted(export_id: str, ctx: Context) -> tuple[Export, User] | None:
    """A copy, and whose it is. Of one that was deleted, or whose person is gone, what is kept of its file goes."""
    export = await ctx.store.exports.get(export_id)
    user = None if export is None else await ctx.store.users.get(export.user_id)
    if export is None or user is None or export.deleted_at is not None:
        # What an earlier try has kept was not known to whoever deleted it.
        await ask_later(DropExport(export_id=export_id), ctx)
        return None
    return export, user


async def _account(archive: zipfile.ZipFile, user: User, ctx: Context) -> None:
    store, me = ctx.store, user.id
    await _write(archive, "account.json", _plain(user))
    for name, own in (
        ("sessions", await store.sessions.owned(me)),
        ("activity", await store.activities.owned(me)),
        ("saved_messages", await store.saved.owned(me)),
        ("identities", await store.identities.owned(me)),
        ("gigs", await store.gigs.owned(me)),
        ("follows", await store.follows.owned(me)),
        ("post_votes", await store.post_votes.owned(me)),
        ("bookings", await store.bookings.owned(me)),
        ("series", await store.series.of_person(me, after="", limit=MOST_SERIES)),
        ("availability", await store.availability.owned(me)),
        ("calendar_grants", await store.calendar_grants.owned(me)),
        ("calendar_feeds", await store.calendar_feeds.owned(me)),
        ("calendar_watches", await store.calendar_watches.owned(me)),
        ("calendar_events", await store.calendar_events.owned(me)),
        ("busy_times", await store.busy_times.owned(me)),
        ("notifications", await store.notifications.owned(me)),
        ("notification_marks", await store.notification_marks.owned(me)),
        ("push_subscriptions", await store.push_subscriptions.owned(me)),
        ("notification_preferences", await store.notification_preferences.owned(me)),
        ("bookmarks", await store.bookmarks.owned(me)),
        ("matches", await store.matches.owned(me)),
        ("scores", await store.scores.owned(me)),
        ("standings", await store.standings.owned(me)),
        ("awards", await store.awards.owned(me)),
        ("vacations", await store.vacations.owned(me)),
        ("saved_searches", await store.saved_searches.owned(me)),
        ("favourites", await store.favourites.owned(me)),
        ("blocks", await store.blocks.owned(me)),
        ("consent_log", await store.consent_log.owned(me)),
        ("contact_shares", await store.contact_shares.owned(me)),
        ("statements", [StatementView.of(one, now=ctx.now) for one in await store.statements.owned(me)]),
        ("reports", [ReportView.of(one) for one in await store.reports.of_person(me, before=None, limit=MOST_REPORTS)]),
    ):
        await _write(archive, f"{name}.json", [_plain(one) for one in own])


async def _conversations(archive: zipfile.ZipFile, user: User, ctx: Context) -> None:
    about = []
    for thread_id in await ctx.store.threads.ids_of_person(user.id, limit=MOST_THREADS):
        thread = await ctx.store.threads.get(thread_id)
        if thread is None:
            continue
        mine = await ctx.store.memberships.of_person(user.id, [thread.id])
        own: list[Message] = []
        for first in range(1, thread.last_seq + 1, NUMBERS_AT_ONCE):
            page = await ctx.store.messages.numbered(thread.id, first=first, last=first + NUMBERS_AT_ONCE - 1)
            own += [message for message in page if message.sender == user.id]
        fields = {"id": thread.id, "kind": thread.kind, "title": thread.title, "participants": thread.participants}
        about.append({**fields, "membership": [_plain(one) for one in mine.values()]})
        written = [message.model_dump(mode="json", include=WRITTEN) for message in own]
        await _write(archive, f"conversations/{thread.id}.json", written)
    await _write(archive, "conversations.json", about)


async def _calls(archive: zipfile.ZipFile, user: User, ctx: Context) -> None:
    """Who else was there, and when, is theirs."""
    own: list[dict[str, Any]] = []
    before: str | None = None
    while page := await ctx.store.calls.of_person(user.id, swap=None, before=before, limit=NUMBERS_AT_ONCE):
        before = page[-1].order
        for call in page:
            spans = [_plain(span) for span in call.attendance if span.user_id == user.id]
            own.append({**call.model_dump(mode="json", include=CALLED), "attendance": spans})
    await _write(archive, "calls.json", own)


async def _posts(archive: zipfile.ZipFile, user: User, ctx: Context) -> None:
    written: list[dict[str, Any]] = []
    before: str | None = None
    while page := await ctx.store.posts.of_person(user.id, before=before, limit=NUMBERS_AT_ONCE):
        before = page[-1].order
        written += [post.model_dump(mode="json", include=POSTED) for post in page]
    await _write(archive, "posts.json", written)


async def _swaps(archive: zipfile.ZipFile, user: User, ctx: Context) -> None:
    """Swaps are of two: of what was said about them it is what this person said."""
    swaps: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    before = None
    while page := await ctx.store.swaps.of_person(user.id, before=before, limit=SWAPS_AT_ONCE):
        for swap in page:
            own: dict[str, Any] = {"history": [_plain(step) for step in swap.history if step.by == user.id]}
            own |= {"delivered": {user.id: swap.delivered[user.id]} if user.id in swap.delivered else {}}
            said = {} if swap.requestor == user.id else {"note": ""}
            swaps.append(_plain(swap) | own | said)
        before = page[-1].order
        for agenda in await ctx.store.agendas.of_swaps([swap.id for swap in page]):
            items += [{"swap_id": agenda.id, **_plain(item)} for item in agenda.items if item.by == user.id]
    await _write(archive, "swaps.json", swaps)
    await _write(archive, "agenda_items.json", items)
    transfers = await ctx.store.credit_transfers.of_person(user.id, before=None, limit=MOST_TRANSFERS)
    await _write(archive, "credits.json", [_plain(one) for one in transfers])


async def _reviews(archive: zipfile.ZipFile, user: User, ctx: Context) -> None:
    """What this person wrote, and of what was written of them what everybody reads."""
    for name, ask, untold in (
        ("written_reviews", ctx.store.reviews.written_by, set[str]()),
        ("reviews", ctx.store.reviews.shown_of, {"was_appropriate", "private_note"}),
    ):
        found: list[dict[str, Any]] = []
        before: str | None = None
        while page := await ask(user.id, before=before, limit=NUMBERS_AT_ONCE):
            before = page[-1].order
            found += [one.model_dump(mode="json", exclude=untold) for one in page]
        await _write(archive, f"{name}.json", found)


async def _media(archive: zipfile.ZipFile, user: User, ctx: Context) -> None:
    own = [upload for upload in await ctx.store.uploads.owned(user.id) if upload.variants and not upload.dropped]
    await _write(archive, "uploads.json", [_plain(one) for one in own])
    for upload in own:
        # Under its id, as two may have the same name, and as it is: most kinds are packed already.
        size = upload.variants[Size.ORIGINAL].size
        with archive.open(zipfile.ZipInfo(f"media/{upload.id}-{upload.name}"), "w") as file:
            async for part in ctx.ports.media.read(upload.id, Size.ORIGINAL, 0, size):
                await asyncio.to_thread(file.write, part)


def _plain(document: BaseModel) -> dict[str, Any]:
    return document.model_dump(mode="json", exclude=SECRETS)


async def _write(archive: zipfile.ZipFile, name: str, content: object) -> None:
    # Off the loop: packing a long conversation takes a while.
    await asyncio.to_thread(lambda: archive.writestr(name, json.dumps(content, indent=1, ensure_ascii=False)))


async def _keep(file: IO[bytes], export: Export, ctx: Context) -> int:
    file.seek(0)
    number = 0
    while data := await asyncio.to_thread(file.read, PIECE_BYTES):
        piece = ExportPiece(
            id=piece_id(export.id, number),
            export_id=export.id,
            user_id=export.user_id,
            expires_at=export.expires_at,
            data=data,
        )
        await ctx.store.export_pieces.put(piece)
        number += 1
    return number
