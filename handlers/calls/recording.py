"""Recording a call, while each who is there allows it; and the call with the server's own peer alone, to try things."""

from datetime import timedelta

from pydantic import Field, StrictBool

from handlers.attachments import attach
from handlers.calls.access import access_call, access_recordings, put, told
from handlers.calls.recorder import is_recorder, require_helper, rung, summoned, unrecorded
from handlers.calls.records import CallId, dated
from handlers.calls.ringing import change
from handlers.calls.tokens import token_for
from handlers.consenting import word
from handlers.context import Context, people
from handlers.errors import CallEnded, NotAllowedNow, NotFound
from handlers.events.calls import CallCreated, CallUpdated
from handlers.models import Command, Creating, Id
from handlers.recordings import erase_recordings
from handlers.views.calls import CallView
from store.calls import HELPER, Call
from store.consent_log import Kind
from store.ids import new_id
from store.repository import order_of

# Long enough to find the right microphone.
LONGEST_TRY = timedelta(minutes=10)


class TryCall(Creating):
    """With nobody but the server's own peer."""


class ConsentToRecording(Command):
    """To the recording of which call."""

    turn_by = "session_id"

    session_id: CallId
    granted: StrictBool = Field(description="False takes it back: it stops, and of a call that is over it is deleted.")


class AddRecording(Command):
    """Of which call, as an upload of the recorder's."""

    turn_by = "session_id"

    session_id: CallId
    upload_id: Id


async def try_call(_: TryCall, ctx: Context) -> CallView:
    """Call the server's own peer: it sends back what it hears and sees of you, and tells how it comes to it."""
    await require_helper(ctx)
    me, call_id = ctx.actor.user_id, new_id()
    call = Call(
        id=call_id,
        participants=(me, HELPER),
        created_by=me,
        host=me,
        rings=(rung(ctx),),
        closes_at=ctx.now + min(LONGEST_TRY, ctx.ports.rules.calls.longest),
        created_at=ctx.now,
        updated_at=ctx.now,
        order=order_of(ctx.now, call_id),
    )
    call = await ctx.store.calls.insert(dated(call, ctx))
    ctx.emit(CallCreated(call=CallView.of(call)), to=people(*call.told))
    return CallView.of(call)


async def consent_to_recording(command: ConsentToRecording, ctx: Context) -> CallView:
    """Allow that a call is recorded, or allow it no more.

    It is recorded while everybody in it allows it; who comes later and does not makes it pause. Whoever takes it back
    stops it, and it begins anew only once all allow it anew. After the call it deletes what was recorded.
    """
    call, me = await access_recordings(command.session_id, ctx), ctx.actor.user_id
    if HELPER in (me, *call.participants):
        raise NotAllowedNow("This call is to try things; nothing of it is recorded.")
    if call.ended_at is not None:
        if command.granted:
            raise CallEnded("This call is over.")
        await word(Kind.RECORDING, ctx, granted=False, about=call.id)
        kept = await erase_recordings(call, ctx)
        ctx.emit(CallUpdated(call=CallView.of(kept)), to=await told(kept, ctx))
        return CallView.of(kept)
    if command.granted:
        await require_helper(ctx)
    if command.granted is (me in call.consents):
        # Said before; it may be that only the recorder did not come.
        return CallView.of(await change(call, ctx), token_for(call, me, ctx)) if command.granted else CallView.of(call)
    await word(Kind.RECORDING, ctx, granted=command.granted, about=call.id)
    allowed = call.model_copy(update={"consents": (*call.consents, me)}) if command.granted else unrecorded(call)
    return CallView.of(await change(summoned(allowed, ctx), ctx), token_for(call, me, ctx))


async def add_recording(command: AddRecording, ctx: Context) -> CallView:
    """Keep what was recorded with its call; for the recorder. The same once more changes nothing."""
    call = await access_call(command.session_id, ctx)
    if not is_recorder(call, ctx.actor.user_id):
        raise NotFound("There is no such call.")
    if command.upload_id in call.recordings:
        return CallView.of(call)
    await attach(command.upload_id, f"call:{call.id}", ctx, field="upload_id", only="video/")
    kept = await put(dated(call.model_copy(update={"recordings": (*call.recordings, command.upload_id)}), ctx), ctx)
    ctx.emit(CallUpdated(call=CallView.of(kept)), to=await told(kept, ctx))
    return CallView.of(kept)
