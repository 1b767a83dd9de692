"""Making calls and looking at them, and the changes of a record that several use cases make."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field, StrictBool, model_validator

from handlers.blocking import hidden_from, require_open
from handlers.calls.access import access_call
from handlers.calls.tokens import token_for
from handlers.context import Context, people
from handlers.errors import Conflict, Invalid, NotAllowedNow, NotFound, RequestWaiting
from handlers.events.calls import CallCreated, CallEnded
from handlers.models import Creating, Cursor, Id, Limit, Moment, Query, SwapId, ThreadId, UserId, Whole
from handlers.notifying import notify
from handlers.views.base import Page
from handlers.views.calls import CallView
from store.calls import Answer, Call, EndReason, Ring
from store.ids import new_id
from store.notifications import Topic
from store.repository import order_of
from store.swaps import AGREED, Swap
from store.threads import Thread

CallId = Annotated[Id, Field(description="The `session_id` of a call.")]

FURTHEST = timedelta(days=366)
# The room of a swap is open so long before it begins.
EARLY = timedelta(minutes=15)


class CreateCall(Creating):
    """In which conversation, or for which swap, and how."""

    thread_id: ThreadId | None = None
    swap: SwapId | None = Field(
        default=None, description="An accepted one, instead of `thread_id`. Without `ring` it opens as it is scheduled."
    )
    participants: Annotated[tuple[UserId, ...], Field(max_length=100)] | None = Field(
        default=None, description="Whom to ring; all others of the conversation if it is left out."
    )
    ring: StrictBool = Field(default=True, description="Without, and where it opens later, nobody is rung.")
    session_duration: Annotated[Whole, Field(ge=60, le=86_400)] | None = Field(
        default=None, description="As planned, in seconds."
    )
    opens_at: Moment | None = Field(default=None, description="Before then only the host can join.")
    lobby: StrictBool = Field(default=False, description="Whoever joins waits until the host lets them in.")

    @model_validator(mode="after")
    def one_place(self) -> "CreateCall":
        """A call is somewhere."""
        if (self.thread_id is None) is (self.swap is None):
            raise ValueError("Give one of thread_id and swap.")
        return self


class GetCall(Query):
    """Which call."""

    session_id: CallId


class ListCalls(Query):
    """Which of one's own."""

    swap: SwapId | None = Field(default=None, description="Those of a swap: who came, and for how long.")
    cursor: Cursor | None = None
    limit: Limit = 30


async def create_call(command: CreateCall, ctx: Context) -> CallView:
    """Call the people of a conversation or a swap, or plan a call with them.

    A conversation has one open call at a time: if there is one already, `conflict` says which. Join that.
    """
    call = await _made(command, ctx)
    if call.one_of is not None and (there := await ctx.store.calls.open_one(call.one_of)):
        raise Conflict("There is a call already; join it.", current=CallView.of(there))
    call = dated(settled(call, ctx), ctx)
    await announce(call, call.rings, ctx)
    await ctx.store.calls.insert(call)
    told = people(*call.participants)
    ctx.emit(CallCreated(call=CallView.of(call)), to=told)
    if call.ended_at is not None:
        ctx.emit(CallEnded(call=CallView.of(call)), to=told)
    # Without a token: this answer is kept for whoever asks again, and a token is kept nowhere.
    return CallView.of(call)


async def get_call(query: GetCall, ctx: Context) -> CallView:
    """A call, with a token of your own to join it by."""
    call = await access_call(query.session_id, ctx)
    return CallView.of(call, token_for(call, ctx.actor.user_id, ctx))


async def list_calls(query: ListCalls, ctx: Context) -> Page[CallView]:
    """Your calls, the last first: those that are open, those that were, those that you missed."""
    me = ctx.actor.user_id
    found = await ctx.store.calls.of_person(me, swap=query.swap, before=query.cursor, limit=query.limit + 1)
    page = Page[CallView].of(found, CallView.of, limit=query.limit)
    # Whoever has left a conversation has no part in what is open there, and is told of it once it is over.
    places = {call.id: call.thread_id for call in found if call.ended_at is None and call.thread_id is not None}
    threads = await ctx.store.threads.among(set(places.values())) if places else []
    inside = {thread.id for thread in threads if me in thread.participants}
    return page.model_copy(
        update={"items": [one for one in page.items if places.get(one.session_id) in {None, *inside}]}
    )


def settled(call: Call, ctx: Context) -> Call:
    """A call that was rung and that nobody will answer is over; any other, as what is planned, is as it was."""
    answers = [ring.answer for ring in call.rings]
    unanswered = answers and not {Answer.RINGING, Answer.ACCEPTED} & set(answers)
    if (
        call.ended_at is not None
        or call.opens_at is not None
        or not unanswered
        or call.people_present - {call.created_by}
    ):
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
        "consents": (),
        "attendance": tuple(
            span if span.left_at else span.model_copy(update={"left_at": ctx.now}) for span in call.attendance
        ),
        "rings": tuple(
            ring.model_copy(update={"answer": Answer.CANCELLED}) if ring.answer is Answer.RINGING else ring
            for ring in call.rings
        ),
        "recorder": call.recorder and call.recorder.model_copy(update={"answer": Answer.CANCELLED}),
    }
    return call.model_copy(update=over)


def dated(call: Call, ctx: Context) -> Call:
    """The call with the moment at which something has to be done about it."""
    if call.ended_at is not None:
        return call
    due = [call.closes_at, *(ring.until for ring in call.all_rings if ring.answer is Answer.RINGING)]
    if not call.attendance and call.opens_at is None:
        due.append(call.created_at + ctx.ports.rules.calls.unused)
    return call.model_copy(update={"due_at": min(due), "updated_at": ctx.now})


async def announce(call: Call, rings: tuple[Ring, ...], ctx: Context) -> None:
    """Notify those who are rung, as long as they are: it breaks through quiet hours."""
    rung = [one.user_id for one in rings if one.answer is Answer.RINGING]
    if rung and call.ended_at is None:
        title, about, until = f"{await caller_of(call, ctx)} calls", f"call:{call.id}", rings[0].until
        key = ringing_key(call)
        await notify(rung, Topic.CALLS, ctx, title=title, about=about, key=key, urgent=True, expires_at=until)


async def caller_of(call: Call, ctx: Context) -> str:
    """Who called, by name."""
    caller = await ctx.store.users.get(call.created_by)
    return "Somebody" if caller is None else caller.name


def ringing_key(call: Call) -> str:
    """By which it is found again that somebody was notified of a ring."""
    return f"ring:{call.id}"


async def _made(command: CreateCall, ctx: Context) -> Call:
    thread, swap = await _where(command, ctx)
    rules, call_id = ctx.ports.rules.calls, new_id()
    opens_at = _later(command.opens_at, ctx)
    planned = command.session_duration
    if swap is not None and not command.ring and command.opens_at is None:
        opens_at = _later(swap.scheduled_time - EARLY, ctx)
        planned = planned or swap.duration_minutes * 60
    # What is planned stands beside the one that is open now, and of a swap there is one of those.
    one_of = f"thread:{thread.id}" if opens_at is None else (f"swap:{swap.id}" if swap else None)
    return Call(
        id=call_id,
        thread_id=thread.id,
        swap=thread.swap if swap is None else swap.id,
        participants=thread.participants,
        created_by=ctx.actor.user_id,
        host=ctx.actor.user_id,
        lobby=command.lobby,
        planned_seconds=planned,
        rings=await _rings(command, thread, ctx) if command.ring and opens_at is None else (),
        opens_at=opens_at,
        closes_at=(opens_at or ctx.now) + rules.longest,
        one_of=one_of,
        created_at=ctx.now,
        updated_at=ctx.now,
        order=order_of(ctx.now, call_id),
    )


async def _where(command: CreateCall, ctx: Context) -> tuple[Thread, Swap | None]:
    """The conversation of the actor's in which it is, and the swap that it is for."""
    swap = None if command.swap is None else await ctx.store.swaps.get(command.swap)
    thread_id = command.thread_id if swap is None else swap.thread_id
    thread = None if thread_id is None else await ctx.store.threads.get(thread_id)
    if thread is None or ctx.actor.user_id not in thread.participants:
        raise NotFound("There is no such conversation, or no such swap.")
    require_open(thread, ctx)
    if swap is not None and swap.status not in AGREED:
        raise NotAllowedNow("This swap is not accepted; call in its conversation.")
    if thread.request is not None and thread.request.by == ctx.actor.user_id:
        raise RequestWaiting("They have not answered you yet; you can call once they do.")
    return thread, swap


def _later(opens_at: datetime | None, ctx: Context) -> datetime | None:
    if opens_at is not None and opens_at > ctx.now + FURTHEST:
        raise Invalid.field("opens_at", "At most a year ahead.")
    return None if opens_at is None or opens_at <= ctx.now else opens_at


async def _rings(command: CreateCall, thread: Thread, ctx: Context) -> tuple[Ring, ...]:
    others = [person for person in thread.participants if person != ctx.actor.user_id]
    wanted = others if command.participants is None else [one for one in others if one in command.participants]
    if strangers := [one for one in command.participants or () if one not in thread.participants]:
        raise Invalid.field("participants", f"{strangers[0]} is not in this conversation.")
    return await ring(wanted, thread, ctx)


async def ring(wanted: list[str], thread: Thread | None, ctx: Context) -> tuple[Ring, ...]:
    """Rings for these people; who is in another call is busy.

    So is in a group who is hidden from the actor, or was turned to there and has not answered.
    """
    busy = {*await ctx.store.calls.busy(wanted), *await hidden_from(ctx.actor.user_id, wanted, ctx)}
    busy |= {one for one in wanted if thread is not None and thread.asks(one)}
    until = ctx.now + ctx.ports.rules.calls.rings
    return tuple(
        Ring(user_id=one, answer=Answer.BUSY if one in busy else Answer.RINGING, until=until)
        for one in dict.fromkeys(wanted)
    )
