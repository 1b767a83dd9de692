"""Ringing people, and what they answer: one state a person, owned by the call, the same on all their devices.

A ring ends once, by whatever comes first: an answer on any device, the caller who gives up, or its time.
"""

from handlers.calls.access import access_callable, access_open_call, by_the_rules, members, place_of, put, told
from handlers.calls.recorder import summoned, unrecorded
from handlers.calls.records import CallId, announce, caller_of, dated, ended, ring, ringing_key, settled
from handlers.calls.tokens import token_for
from handlers.context import Context, people
from handlers.errors import Conflict, Invalid, NotAllowedNow
from handlers.events.base import Event
from handlers.events.calls import CallEnded, CallMissed, CallUpdated
from handlers.models import Command, UserId
from handlers.notifying import notify, settle
from handlers.views.calls import CallView
from handlers.visibility import tell_in_call
from store.calls import HELPER, Answer, Call, EndReason, Ring
from store.notifications import Topic


class RingPerson(Command):
    """Whom to ring, once more or for the first time."""

    turn_by = "session_id"

    session_id: CallId
    user_id: UserId


class AcceptCall(Command):
    """Which call."""

    turn_by = "session_id"

    session_id: CallId


class RejectCall(Command):
    """Which call."""

    turn_by = "session_id"

    session_id: CallId


class CancelCall(Command):
    """Which call."""

    turn_by = "session_id"

    session_id: CallId


async def ring_person(command: RingPerson, ctx: Context) -> CallView:
    """Ring somebody of the conversation for a call that is open, again if they missed or refused it."""
    call = await access_callable(command.session_id, ctx)
    whom, thread = command.user_id, await place_of(call, ctx)
    if whom not in members(call, thread) or whom == ctx.actor.user_id:
        raise Invalid.field("user_id", "Ring somebody else of this conversation.")
    if whom in call.present or whom in call.removed:
        raise NotAllowedNow("They are in the call, or were put out of it.")
    if (before := call.ring_of(whom)) is not None and _rings(before, ctx):
        return CallView.of(call, token_for(call, ctx.actor.user_id, ctx))
    (fresh,) = await ring([whom], thread, ctx)
    await announce(call, (fresh,), ctx)
    # Who came to the conversation later is of the call from now on.
    everybody = tuple(dict.fromkeys((*call.participants, whom)))
    rung = {"rings": (*_without(call, whom), fresh), "participants": everybody}
    call = await change(call.model_copy(update=rung), ctx)
    return CallView.of(call, token_for(call, ctx.actor.user_id, ctx))


async def accept_call(command: AcceptCall, ctx: Context) -> CallView:
    """Answer a call; your other devices stop ringing. Then join it by the token in the answer."""
    call = await access_callable(command.session_id, ctx)
    call = await change(answered(call, _ringing(call, ctx), Answer.ACCEPTED), ctx)
    return CallView.of(call, token_for(call, ctx.actor.user_id, ctx))


async def reject_call(command: RejectCall, ctx: Context) -> CallView:
    """Refuse a call; your other devices stop ringing."""
    call = await access_open_call(command.session_id, ctx)
    call = await change(answered(call, _ringing(call, ctx), Answer.REJECTED), ctx)
    return CallView.of(call)


async def cancel_call(command: CancelCall, ctx: Context) -> CallView:
    """Stop ringing; a call of yours that nobody has answered is over by that, unless it is planned: end that."""
    call = await access_open_call(command.session_id, ctx)
    if call.created_by != ctx.actor.user_id:
        raise NotAllowedNow("Only who called can give up; reject the call, or leave it.")
    rings = tuple(
        one.model_copy(update={"answer": Answer.CANCELLED}) if one.answer is Answer.RINGING else one
        for one in call.rings
    )
    call = call.model_copy(update={"rings": rings})
    is_answered = any(one.answer is Answer.ACCEPTED for one in rings) or call.people_present - {call.created_by}
    if not is_answered and call.opens_at is None:
        call = ended(call, EndReason.CANCELLED, ctx)
    return CallView.of(await change(call, ctx))


async def time_out(session_id: str, ctx: Context) -> None:
    """Do what a call's deadlines ask for; run by whichever process finds it, and by several to no harm."""
    call = await ctx.store.calls.get(session_id)
    if call is None or call.due_at is None or call.due_at > ctx.now:
        return
    late = [one for one in call.all_rings if one.answer is Answer.RINGING and one.until <= ctx.now]
    for one in late:
        call = answered(call, one, Answer.MISSED)
        if one.user_id == HELPER:
            call = unrecorded(call)
    inside = members(call, await place_of(call, ctx)) if late else ()
    # Who has left the conversation meanwhile has missed nothing.
    missed = [one for one in late if one.user_id != HELPER and one.user_id in inside]
    unused = call.created_at + ctx.ports.rules.calls.unused
    if call.closes_at <= ctx.now:
        call = ended(call, EndReason.TIME_OVER, ctx)
    elif not call.attendance and call.opens_at is None and unused <= ctx.now:
        call = ended(call, EndReason.UNUSED, ctx)
    call = await change(call, ctx)
    for one in missed:
        fact = CallMissed(session_id=call.id, user_id=one.user_id, caller_id=call.created_by, at=ctx.now)
        ctx.emit(fact, to=people(one.user_id, call.created_by))
    if missed:
        await _notify_of_missed([one.user_id for one in missed], call, ctx)


async def change(call: Call, ctx: Context) -> Call:
    """Keep a changed call, which may be over by what was changed, and tell its people; then its room is closed."""
    kept = await put(dated(summoned(settled(call, ctx), ctx), ctx), ctx)
    if silent := [one.user_id for one in kept.rings if one.answer is not Answer.RINGING]:
        await settle(silent, ringing_key(kept), ctx)
    view = CallView.of(kept)
    event: Event = CallUpdated(call=view) if kept.ended_at is None else CallEnded(call=view)
    ctx.emit(event, to=await told(kept, ctx))
    if kept.ended_at is not None:
        await tell_in_call({span.user_id for span in kept.attendance if span.left_at == kept.ended_at}, ctx)
        ctx.after_commit(lambda: close_room(kept.id, ctx))
    return kept


async def close_room(session_id: str, ctx: Context) -> None:
    """Nobody has a seat any more."""
    with by_the_rules():
        await ctx.ports.rooms.change(session_id, lambda _: (None, None))


async def _notify_of_missed(user_ids: list[str], call: Call, ctx: Context) -> None:
    title, many = f"{await caller_of(call, ctx)} called, and you missed it", "You missed {count} calls"
    key = f"missed:{call.thread_id}"
    await notify(user_ids, Topic.CALLS, ctx, title=title, many=many, about=f"call:{call.id}", key=key)


def answered(call: Call, ring: Ring, answer: Answer) -> Call:
    """The call with an answer of somebody who was rung."""
    given = ring.model_copy(update={"answer": answer})
    if ring == call.recorder:
        return call.model_copy(update={"recorder": given})
    return call.model_copy(update={"rings": tuple(given if one.user_id == ring.user_id else one for one in call.rings)})


def _without(call: Call, user_id: str) -> tuple[Ring, ...]:
    return tuple(one for one in call.rings if one.user_id != user_id)


def _rings(ring: Ring, ctx: Context) -> bool:
    return ring.answer is Answer.RINGING and ring.until > ctx.now


def _ringing(call: Call, ctx: Context) -> Ring:
    """The actor's own ring, while it rings."""
    ring = call.ring_of(ctx.actor.user_id)
    if ring is None:
        raise NotAllowedNow("This call does not ring for you; join it by the token in its details.")
    if not _rings(ring, ctx):
        answer = Answer.MISSED if ring.answer is Answer.RINGING else ring.answer
        raise Conflict(f"This call rings no longer: {answer}, perhaps on another device.", current=CallView.of(call))
    return ring
