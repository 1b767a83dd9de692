"""Asking somebody for a swap, and reading one's own."""

from typing import Annotated

from pydantic import Field

from handlers.context import Context, people
from handlers.conversations import begin, note, pair_key, require_known
from handlers.errors import Conflict, Invalid
from handlers.events.swaps import SwapCreated
from handlers.models import Creating, Cursor, Id, Limit, Line, Planned, Prose, Query, SwapId, TimeZone, UserId, Whole
from handlers.swaps.access import access_swap
from handlers.swaps.schedule import plan
from handlers.swaps.times import answer_by, require_ahead, told
from handlers.views.base import Page
from handlers.views.swaps import SwapView
from store.ids import new_id
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
    time_zone: TimeZone = Field(default="UTC", description="In which you think of it, like Europe/Berlin.")
    mode: Mode = Mode.ONLINE
    note: Prose = ""


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
    require_ahead(command.scheduled_time, "scheduled_time", ctx)
    await require_known((command.responder,), ctx, field="responder")
    if command.gig is not None and (waiting := await ctx.store.swaps.waiting_for(command.gig, me)):
        raise Conflict("You asked for this offer already, and wait for an answer.", current=SwapView.of(waiting))
    swap_id = new_id()
    key = pair_key(me, command.responder, swap=swap_id)
    thread, _ = await begin((me, command.responder), ctx, pair_key=key, gig=command.gig, swap=swap_id)
    swap = await ctx.store.swaps.insert(_asked(command, swap_id, thread.id, ctx))
    await note(thread.id, "swap:request", told(swap.proposals), ctx, sender=me)
    await plan(None, swap, ctx)
    view = SwapView.of(swap)
    ctx.emit(SwapCreated(swap=view), to=people(*swap.people))
    return view


def _asked(command: RequestSwap, swap_id: str, thread_id: str, ctx: Context) -> Swap:
    me, time = ctx.actor.user_id, command.scheduled_time
    return Swap(
        **command.model_dump(exclude={"client_id", "requestor"}),
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


async def get_swap(query: GetSwap, ctx: Context) -> SwapView:
    """One of your swaps."""
    return SwapView.of(await access_swap(query.swap_id, ctx))
