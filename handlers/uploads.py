"""Files: sent ahead, by REST alone, then referred to by what shows them; whoever may see that may fetch them.

A file that nothing refers to is its sender's alone, for a day.
"""

import hashlib
import re
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import InstanceOf, WithJsonSchema

from handlers.attachments import DropUpload, let_go
from handlers.context import Context
from handlers.errors import NotAllowedNow, NotFound, RateLimited, UnderWay
from handlers.evidence import Evidence
from handlers.models import Command, Cursor, Id, Keyed, Limit, Outward, Query
from handlers.ports import Incoming
from handlers.showing import is_referred_to, is_shown
from handlers.views.base import Page
from handlers.views.files import File, UploadView
from store.calls import HELPER
from store.database import Duplicate, Session
from store.repository import order_of
from store.uploads import Size, Upload

DAY = timedelta(days=1)
MOST_A_DAY = 500
BYTES_A_DAY = 100 * 1024 * 1024
# What is on its way counts as if it were as large as it may become.
MOST_BYTES = 10 * 1024 * 1024
# What the server's own peer recorded of a call: hours of it.
RECORDING_BYTES = 512 * 1024 * 1024
# Whatever died on its way is deleted after this, and what nothing refers to after a day.
ON_ITS_WAY = timedelta(minutes=50)
LONGEST_NAME = 120
NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class ReceiveUpload(Outward, Keyed):
    """A file, as the part `file` of multipart/form-data."""

    file: Annotated[InstanceOf[Incoming], WithJsonSchema({"type": "string", "format": "binary"})]


class ListUploads(Query):
    """One's own."""

    cursor: Cursor | None = None
    limit: Limit = 30


class GetUpload(Query):
    """Which file."""

    upload_id: Id


class GetUploadFile(GetUpload):
    """Which file, and of a picture in what size."""

    size: Size = Size.ORIGINAL


class DeleteUpload(Command):
    """Which file of one's own."""

    upload_id: Id


async def receive_upload(command: ReceiveUpload, ctx: Context) -> UploadView:
    """Send a file of up to 10 MiB; pictures are made anew, without what was hidden in them, and in three sizes.

    PNG, JPEG, WebP, GIF, PDF, MP4, MP3, OGG, WAV and plain text are taken, by what they are and not by their name.
    """
    most_bytes = RECORDING_BYTES if ctx.actor.user_id == HELPER else MOST_BYTES
    upload_id = _id_of(command.client_id, ctx)
    if (earlier := await ctx.store.uploads.get(upload_id)) is not None:
        return _again(earlier)
    name, order = tidy(command.file.name), order_of(ctx.now, upload_id)
    upload = Upload(id=upload_id, owner=ctx.actor.user_id, name=name, created_at=ctx.now, order=order)

    async def begin(session: Session) -> None:
        await _begin(upload, replace(ctx, store=ctx.store.within(session)))

    # Before its first byte, and no longer than that: nothing is held while a file comes in.
    try:
        await ctx.store.database.transaction(begin)
    except Duplicate:
        raise _under_way() from None
    try:
        variants = await ctx.ports.media.keep(upload_id, command.file.parts, most_bytes=most_bytes)
        done = await ctx.store.uploads.finish(upload_id, variants)
    except BaseException:
        await _delete(upload_id, ctx)
        raise
    if done is None:
        raise NotFound("It took too long; send it again.")
    return UploadView.of(done)


async def list_uploads(query: ListUploads, ctx: Context) -> Page[UploadView]:
    """The files that you sent, the last first; a page may hold fewer than asked for while others come in."""
    found = await ctx.store.uploads.of_person(ctx.actor.user_id, before=query.cursor, limit=query.limit + 1)
    page = Page.of(found, UploadView.of, limit=query.limit)
    # What is on its way has no sizes yet; it is nobody's to see.
    return page.model_copy(update={"items": [upload for upload in page.items if upload.variants]})


async def get_upload(query: GetUpload, ctx: Context) -> UploadView:
    """What a file is."""
    return UploadView.of(await _access_upload(query.upload_id, ctx))


async def get_upload_file(query: GetUploadFile, ctx: Context) -> File:
    """Fetch a file, or a part of it; a picture in one of three sizes, any other file as it is."""
    upload = await _access_upload(query.upload_id, ctx)
    size = query.size if query.size in upload.variants else Size.ORIGINAL
    kept = upload.variants[size]
    return File(
        upload.name,
        kept.media_type,
        kept.size,
        lambda start, stop: ctx.ports.media.read(upload.id, size, start, stop),
        etag=f"{upload.id}-{size}",
        is_picture=kept.width is not None,
    )


async def delete_upload(command: DeleteUpload, ctx: Context) -> None:
    """Delete a file that nothing refers to; what refers to one has to go first."""
    upload = await ctx.store.uploads.get(command.upload_id)
    if upload is None or upload.dropped or upload.owner != ctx.actor.user_id:
        raise _no_such_file()
    if await is_referred_to(upload, ctx) or not await ctx.store.uploads.drop(upload):
        raise NotAllowedNow("Something shows this file; delete or change that.")
    await let_go(upload.id, ctx)


async def drop_upload(errand: DropUpload, ctx: Context) -> None:
    """Delete a file, unless something refers to it, or may do so yet; what is evidence goes once nobody needs it."""
    if await ctx.store.reports.holds(errand.upload_id):
        return
    upload = await ctx.store.uploads.get(errand.upload_id)
    if upload is not None and not upload.dropped:
        if await is_referred_to(upload, ctx):
            return
        if upload.parent is None and upload.variants and ctx.now < upload.created_at + DAY:
            await let_go(upload.id, ctx, at=upload.created_at + DAY)
            return
        if not await ctx.store.uploads.drop(upload):
            return
    await _delete(errand.upload_id, ctx)


async def upload_evidence(upload_id: str, ctx: Context) -> Evidence:
    """What a file is, for whoever has to judge it; one that the actor may see."""
    upload = await _access_upload(upload_id, ctx)
    return Evidence(upload.owner, UploadView.of(upload).model_dump(mode="json"), (upload.id,))


def tidy(name: str) -> str:
    """What somebody called a file, without folders and what no name should hold; it is never a path here."""
    last = NOT_IN_NAMES.sub("", re.split(r"[/\\]", name)[-1]).strip(" .")
    stem, dot, ending = last.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) < 12 else last[:LONGEST_NAME]


def _id_of(client_id: UUID | None, ctx: Context) -> str:
    """The same for the same key of the same person: of two who send it at once one is there already."""
    if client_id is None:
        return secrets.token_hex(12)
    return hashlib.sha256(f"{ctx.actor.user_id}:{client_id}".encode()).hexdigest()[:24]


def _again(upload: Upload) -> UploadView:
    """What a file became that is sent again by the same key."""
    if upload.dropped:
        raise NotFound("What was sent by this key is deleted; send the file by another one.")
    if not upload.variants:
        raise _under_way()
    return UploadView.of(upload)


def _under_way() -> UnderWay:
    return UnderWay("This file is on its way already; ask again.", retry_after=timedelta(seconds=1))


async def _delete(upload_id: str, ctx: Context) -> None:
    await ctx.ports.media.drop(upload_id)
    await ctx.store.uploads.remove(upload_id)


async def _begin(upload: Upload, ctx: Context) -> None:
    """Take the room for a file that is on its way; whatever dies there, somebody looks after it."""
    if upload.owner != HELPER:
        # Of two at the same moment one runs again, and counts the other.
        await ctx.store.users.update(upload.owner, {"last_upload": upload.id})
        await _require_room(ctx)
    await let_go(upload.id, ctx, at=ctx.now + ON_ITS_WAY)
    await ctx.store.uploads.insert(upload)


async def _require_room(ctx: Context) -> None:
    sent = await ctx.store.uploads.since(ctx.actor.user_id, ctx.now - DAY, limit=MOST_A_DAY)
    taken = sum(one.variants[Size.ORIGINAL].size if one.variants else MOST_BYTES for one in sent)
    if len(sent) >= MOST_A_DAY or taken + MOST_BYTES > BYTES_A_DAY:
        raise RateLimited("You sent as much as anybody may in a day; wait.", retry_after=timedelta(hours=1))


async def _access_upload(upload_id: str, ctx: Context) -> Upload:
    """A file that the actor may see, whoever that is."""
    upload = await ctx.store.uploads.get(upload_id)
    if upload is None or upload.dropped or not upload.variants or not await is_shown(upload, ctx):
        raise _no_such_file()
    return upload


def _no_such_file() -> NotFound:
    return NotFound("There is no such file.")
