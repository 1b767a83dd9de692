"""Asking somebody for a swap, and reading one's own."""

from typing import Annotated

from pydantic import Field

from handlers.account import access_self
from handlers.between import require_there
from handlers.context import Context, people
from handlers.conversations import begin, note, pair_key, require_known
from handlers.errors import Conflict, Invalid, NotAllowedNow
from handlers.events.swaps import SwapCreated
from handlers.free_time import timetables
from handlers.meetings import tell_of
from handlers.models import Creating, Cursor, Id, Limit, Line, Planned, Prose, Query, SwapId, TimeZone, UserId, Whole
from handlers.recordings import recordings_of
from handlers.swaps.access import access_swap
from handlers.swaps.calendar import require_both_free
from handlers.swaps.clocks import clocks_of
from handlers.swaps.schedule import plan
from handlers.swaps.times import answer_by, require_ahead, told
from handlers.trust import trust_of
from handlers.views.base import Page
from handlers.views.swaps import DatedSwapView, SwapView
from store.gigs import Gig
from store.ids import new_id
from store.profiles import Mode as GigMode
from store.repository import order_of
from store.swaps import Action, Mode, Status, Step, Swap, pair_of


class RequestSwap(Creating):
    """Whom to ask, for what, when."""

    requestor: UserId | None = Field(default=None, description="You; refused if it is anybody else.")
    responder: UserId
    gig: Id | None = Field(default=None, description="The responder's offer that it is about.")
    offered_skill: Line = Field(description="What you teach.")
    desired_skill: Line = Field(description="What you want to learn.")
    scheduled_time: Planned = Field(description="When you propose to meet.")
    duration_minutes: Annotated[Whole, Field(ge=15, le=480)] = 60
    time_zone: TimeZone | None = Field(
        default=None, description="In which you think of it; without it yours, which has to be known then."
    )
    mode: Mode | None = Field(default=None, description="That of the offer; online, where there is a choice.")
    note: Prose = ""
    credit_minutes: Annotated[Whole, Field(ge=0, le=1440)] = Field(
        default=0, description="Time credit that goes over once it is held, where the swap is unbalanced."
    )
    credit_from: UserId | None = Field(default=None, description="Whose credit: yours, unless the other side is named.")


class ListSwaps(Query):
    """Which of one's own."""

    status: Status | None = None
    cursor: Cursor | None = None
    limit: Limit = 30


class GetSwap(Query):
    """Which of one's own."""

    swap_id: SwapId


async def request_swap(command: RequestSwap, ctx: Context) -> SwapView:
    """Ask somebody for a swap; it opens a conversation of its own, in which all that happens to it is said."""
    me = ctx.actor.user_id
    ctx.require_self(command.requestor, "requestor")
    if command.responder == me:
        raise Invalid.field("responder", "A swap needs somebody else.")
    if command.credit_from not in (None, me, command.responder):
        raise Invalid.field("credit_from", "Must be one of the two.")
    require_ahead(command.scheduled_time, "scheduled_time", ctx)
    await require_known((command.responder,), ctx, field="responder")
    await require_there(command.responder, ctx)
    if command.gig is not None and (waiting := await ctx.store.swaps.waiting_for(command.gig, me)):
        raise Conflict("You asked for this offer already, and wait for an answer.", current=SwapView.of(waiting))
    await _require_patience(ctx)
    gig = None if command.gig is None else await _access_offer(command, ctx)
    zone = command.time_zone or await _own_zone(ctx)
    swap_id = new_id()
    key = pair_key(me, command.responder, swap=swap_id)
    thread, _ = await begin((me, command.responder), ctx, pair_key=key, gig=command.gig, swap=swap_id)
    asked = _asked(command, gig, ctx, swap_id=swap_id, thread_id=thread.id, zone=zone)
    await require_both_free(asked, ctx)
    swap = await ctx.store.swaps.insert(asked)
    await note(thread.id, "swap:request", told(swap.proposals), ctx, sender=me)
    await plan(None, swap, ctx)
    titles = {swap.responder: "You are asked for a swap."}
    await tell_of(swap, titles, ctx, times=swap.proposals, why=swap.note)
    view = SwapView.of(swap)
    ctx.emit(SwapCreated(swap=view), to=people(*swap.people))
    return view


async def _require_patience(ctx: Context) -> None:
    """Refuse who waits for many answers: the more, the longer they are here and the more they kept their word."""
    waiting = await ctx.store.swaps.count_waiting(ctx.actor.user_id)
    most = ctx.ports.rules.open_swaps
    if waiting < most:
        return
    if waiting >= most * (1 + await trust_of(await access_self(ctx), ctx)):
        raise NotAllowedNow(f"{waiting} of your requests wait for an answer; cancel one, or wait.")


async def _access_offer(command: RequestSwap, ctx: Context) -> Gig:
    gig = await ctx.store.gigs.get(command.gig or "")
    if gig is None or not gig.is_listed(ctx.now) or gig.created_by != command.responder:
        raise Invalid.field("gig", "The responder has no such offer.", code="not_found")
    if command.mode is not None and gig.mode not in (command.mode, GigMode.BOTH):
        raise Invalid.field("mode", f"This offer is {gig.mode}.")
    return gig


async def _own_zone(ctx: Context) -> str:
    """Where the actor's clock is. A guess would stand in both calendars, and be wrong when clocks are changed."""
    [me] = await timetables([await access_self(ctx)], ctx)
    if me.zone_name is None:
        raise Invalid.field("time_zone", "Say in which zone, here or in your profile.", code="missing")
    return me.zone_name


def _asked(command: RequestSwap, gig: Gig | None, ctx: Context, *, swap_id: str, thread_id: str, zone: str) -> Swap:
    me, time = ctx.actor.user_id, command.scheduled_time
    mode = Mode.OFFLINE if gig is not None and gig.mode is GigMode.OFFLINE else Mode.ONLINE
    return Swap(
        **command.model_dump(exclude={"client_id", "requestor", "time_zone", "mode", "credit_from"}),
        time_zone=zone,
        mode=command.mode or mode,
        credit_from=(command.credit_from or me) if command.credit_minutes else None,
        gig_snapshot=None if gig is None else gig.snapshot(),
        id=swap_id,
        requestor=me,
        people=(me, command.responder),
        pair=pair_of(me, command.responder),
        turn=command.responder,
        proposals=(time,),
        thread_id=thread_id,
        history=(Step(action=Action.REQUEST, by=me, at=ctx.now, status=Status.PENDING, new_time=time),),
        expires_at=answer_by((time,), ctx),
        created_at=ctx.now,
        updated_at=ctx.now,
        order=order_of(ctx.now, swap_id),
    )


async def list_swaps(query: ListSwaps, ctx: Context) -> Page[SwapView]:
    """Your swaps, the last asked for first; perhaps of one status alone."""
    found = await ctx.store.swaps.of_person(
        ctx.actor.user_id, status=query.status, before=query.cursor, limit=query.limit + 1
    )
    return Page.of(found, SwapView.of, limit=query.limit)


async def get_swap(query: GetSwap, ctx: Context) -> DatedSwapView:
    """One of your swaps, when that is by your clock and by theirs, and what was recorded of it."""
    swap = await access_swap(query.swap_id, ctx)
    recorded = await recordings_of(swap.id, ctx)
    return DatedSwapView.by_the_clocks(swap, *await clocks_of(swap, ctx), recorded=recorded)
