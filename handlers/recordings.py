"""Deleting what was recorded of a call: whoever is in it may have that, and who leaves for good has it done."""

from handlers.attachments import let_go
from handlers.context import Context
from handlers.errors import Conflict
from store.calls import Call


async def erase_recordings(call: Call, ctx: Context) -> Call:
    """The call without its recordings, which are deleted; once it is over, none is taken any more either."""
    # What a recorder has not handed in yet, or another process finds on its disk, is meant as well.
    recorder = None if call.ended_at is not None else call.recorder
    if not call.recordings and call.recorder == recorder:
        return call
    for upload_id in call.recordings:
        await let_go(upload_id, ctx)
    kept = await ctx.store.calls.put(call.model_copy(update={"recordings": (), "recorder": recorder}))
    if kept is None:
        raise Conflict("Somebody changed this call at the same moment; ask again.")
    return kept
