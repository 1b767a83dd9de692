"""What was recorded of calls: whoever is in one may have that, and have it deleted; who leaves for good has it done."""

from handlers.attachments import let_go
from handlers.context import Context
from handlers.errors import Conflict
from store.calls import Call
from store.uploads import Upload

# Looked through, of a swap, the last first: there are few.
MOST_CALLS = 100


async def recordings_of(swap_id: str, ctx: Context) -> list[tuple[Call, Upload]]:
    """What was recorded in the calls of a swap, the first first, as far as the actor may fetch it."""
    calls = await ctx.store.calls.of_swap(swap_id, limit=MOST_CALLS)
    kept = {file: call for call in reversed(calls) for file in call.recordings_for(ctx.actor.user_id)}
    files = await ctx.store.uploads.among(kept) if kept else {}
    return [(call, files[file]) for file, call in kept.items() if file in files]


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
