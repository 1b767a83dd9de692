"""Making calls and looking at them, and the changes of a record that several use cases make."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field, StrictBool

from handlers.calls.access import access_call
from handlers.calls.tokens import token_for
from handlers.context import Context, people
from handlers.errors import Conflict, Invalid, NotFound
from handlers.events.calls import CallCreated, CallEnded
from handlers.models import Creating, Cursor, Id, Limit, Moment, Query, ThreadId, UserId, Whole
from handlers.views.base import Page
from handlers.views.calls import CallView
from store.calls import Answer, Call, EndReason, Ring
from store.ids import new_id
from store.repository import order_of
from store.threads import Thread

CallId = Annotated[Id, Field(description="The `session_id` of a call.")]

FURTHEST = timedelta(days=366)


class CreateCall(Creating):
    """In which conversation, and how."""

    thread_id: ThreadId
    participants: Annotated[tuple[UserId, ...], Field(max_length=100)] | None = Field(
        default=None, description="Whom to ring; all others of the conversation if it is left out."
    )
    ring: StrictBool = Field(default=True, description="Without, and where it opens later, nobody is rung.")
    session_duration: Annotated[Whole, Field(ge=60, le=86_400)] | None = Field(
        default=None, description="As planned, in seconds."
    )
    opens_at: Moment | None = Field(default=None, description="Before then only the host can join.")
    lobby: StrictBool = Field(default=False, description="Whoever joins waits until the host lets them in.")


class GetCall(Query):
    """Which call."""

    session_id: CallId


class ListCalls(Query):
    """Which part of the list."""

    cursor: Cursor | None = None
    limit: Limit = 30


async def create_call(command: CreateCall, ctx: Context) -> CallView:
    """Call the people of a conversation, or plan a call with them. A conversation has one open call at a time.

    If there is one already, `conflict` says which: join that.
    """
    me = ctx.actor.user_id
    thread = await ctx.store.threads.get(command.thread_id)
    if thread is None or me not in thread.participants:
        raise NotFound("There is no such conversation.")
    opens_at = _later(command.opens_at, ctx)
    if opens_at is None and (there := await ctx.store.calls.open_one(f"thread:{thread.id}")):
        raise Conflict("There is a call in this conversation; join it.", current=CallView.of(there))
    call_id = new_id()
    rules = ctx.ports.rules.calls
    call = Call(
        id=call_id,
        thread_id=thread.id,
        swap=thread.swap,
        participants=thread.participants,
        created_by=me,
        host=me,
        lobby=command.lobby,
        planned_seconds=command.session_duration,
        rings=await _rings(command, thread, ctx) if command.ring and opens_at is None else (),
        opens_at=opens_at,
        closes_at=(opens_at or ctx.now) + rules.longest,
        one_of=None if opens_at else f"thread:{thread.id}",
        created_at=ctx.now,
        updated_at=ctx.now,
        order=order_of(ctx.now, call_id),
    )
    call = dated(settled(call, ctx), ctx)
    await ctx.store.calls.insert(call)
    told = people(*call.participants)
    ctx.emit(CallCreated(call=CallView.of(call)), to=told)
    if call.ended_at is not None:
        ctx.emit(CallEnded(call=CallView.of(call)), to=told)
    return CallView.of(call, token_for(call, me, ctx))


async def get_call(query: GetCall, ctx: Context) -> CallView:
    """A call, with a token of your own to join it by."""
    call = await access_call(query.session_id, ctx)
    return CallView.of(call, token_for(call, ctx.actor.user_id, ctx))


async def list_calls(query: ListCalls, ctx: Context) -> Page[CallView]:
    """Your calls, the last first: those that are open, those that were, those that you missed."""
    me = ctx.actor.user_id
    found = await ctx.store.calls.of_person(me, before=query.cursor, limit=query.limit + 1)
    return Page[CallView].of(found, CallView.of, limit=query.limit)


def settled(call: Call, ctx: Context) -> Call:
    """A call that was rung and that nobody will answer is over; any other is as it was."""
    answers = [ring.answer for ring in call.rings]
    unanswered = answers and not {Answer.RINGING, Answer.ACCEPTED} & set(answers)
    if call.ended_at is not None or not unanswered or {*call.present} - {call.created_by}:
        return call
    reason = EndReason(answers[0]) if len(set(answers)) == 1 else EndReason.MISSED
    return ended(call, reason, ctx)


def ended(call: Call, reason: EndReason, ctx: Context) -> Call:
    """The call as it is when it is over: nobody is in it, and nobody is rung."""
    over = {
        "ended_at": ctx.now,
        "updated_at": ctx.now,
        "end_reason": reason,
        "one_of": None,
        "due_at": None,
        "present": (),
        "attendance": tuple(
            span if span.left_at else span.model_copy(update={"left_at": ctx.now}) for span in call.attendance
        ),
        "rings": tuple(
            ring.model_copy(update={"answer": Answer.CANCELLED}) if ring.answer is Answer.RINGING else ring
            for ring in call.rings
        ),
    }
    return call.model_copy(update=over)


def dated(call: Call, ctx: Context) -> Call:
    """The call with the moment at which something has to be done about it."""
    if call.ended_at is not None:
        return call
    due = [call.closes_at, *(ring.until for ring in call.rings if ring.answer is Answer.RINGING)]
    if not call.attendance and call.opens_at is None:
        due.append(call.created_at + ctx.ports.rules.calls.unused)
    return call.model_copy(update={"due_at": min(due), "updated_at": ctx.now})


def _later(opens_at: datetime | None, ctx: Context) -> datetime | None:
    if opens_at is not None and opens_at > ctx.now + FURTHEST:
        raise Invalid.field("opens_at", "At most a year ahead.")
    return None if opens_at is None or opens_at <= ctx.now else opens_at


async def _rings(command: CreateCall, thread: Thread, ctx: Context) -> tuple[Ring, ...]:
    others = [person for person in thread.participants if person != ctx.actor.user_id]
    wanted = others if command.participants is None else [one for one in command.participants if one in others]
    strangers = [one for one in command.participants or () if one not in thread.participants]
    if strangers:
        raise Invalid.field("participants", f"{strangers[0]} is not in this conversation.")
    return await ring(wanted, ctx)


async def ring(wanted: list[str], ctx: Context) -> tuple[Ring, ...]:
    """Rings for these people; those who are in another call are busy."""
    busy = await ctx.store.calls.busy(wanted)
    until = ctx.now + ctx.ports.rules.calls.rings
    return tuple(
        Ring(user_id=one, answer=Answer.BUSY if one in busy else Answer.RINGING, until=until)
        for one in dict.fromkeys(wanted)
    )
