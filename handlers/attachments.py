"""What every use case that shows files does with them: let something refer to one, and let it go."""

from datetime import datetime

from handlers.context import Context
from handlers.errands import Errand, ask_later
from handlers.errors import Invalid
from store.uploads import Upload


class DropUpload(Errand):
    """Delete a file, unless something refers to it."""

    upload_id: str


async def attach(upload_id: str, parent: str, ctx: Context, *, field: str, only: str = "") -> Upload:
    """Have something show a file of the actor's that nothing shows yet; perhaps only of a kind, such as `image/`."""
    upload = await ctx.store.uploads.show(upload_id, parent, owner=ctx.actor.user_id)
    if upload is None:
        raise Invalid.field(field, "There is no such upload of yours, or it is in use; send it anew.", code="not_found")
    if any(not variant.media_type.startswith(only) for variant in upload.variants.values()):
        raise Invalid.field(field, f"Must be of the kind {only}*.")
    return upload


async def let_go(upload_id: str, ctx: Context, *, at: datetime | None = None) -> None:
    """Have a file deleted, now or at a moment, if nothing refers to it then."""
    await ask_later(DropUpload(upload_id=upload_id), ctx, at=at)
