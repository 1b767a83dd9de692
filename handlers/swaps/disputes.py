"""What the two cannot settle: staff decides it, by what both say, and it is written down who did."""

from typing import Literal

from pydantic import Field, model_validator

from handlers.context import Context
from handlers.errors import Forbidden, Invalid, NotFound
from handlers.models import Command, Cursor, Limit, Query, Reason, SwapId, UserId
from handlers.swaps.lifecycle import Role
from handlers.swaps.moves import move, require_as
from handlers.views.base import Page
from handlers.views.swaps import SwapView
from store.staff_log import Act, StaffAct
from store.swaps import Action, Outcome, Status

Decision = Literal[Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW]


class ListDisputes(Query):
    """Those that wait for a decision."""

    cursor: Cursor | None = None
    limit: Limit = 30


class DecideSwap(Command):
    """What became of it, and why staff thinks so."""

    turn_by = "swap_id"

    swap_id: SwapId
    status: Decision
    absent: UserId | None = Field(default=None, description="With `no_show`: which of its people did not come.")
    reason: Reason = Field(min_length=1, description="Both sides read it.")

    @model_validator(mode="after")
    def names_who_was_absent(self) -> "DecideSwap":
        """Somebody is named where somebody was missing, and nobody else."""
        if (self.status is Status.NO_SHOW) != (self.absent is not None):
            raise ValueError("`absent` goes with the status `no_show`, and with no other.")
        return self


async def list_disputes(query: ListDisputes, ctx: Context) -> Page[SwapView]:
    """Swaps that are disputed, the first asked for first."""
    found = await ctx.store.swaps.disputed(after=query.cursor, limit=query.limit + 1)
    return Page.of(found, SwapView.of, limit=query.limit)


async def decide_swap(command: DecideSwap, ctx: Context) -> SwapView:
    """Decide what became of a disputed swap; neither of its people may."""
    swap = await ctx.store.swaps.get(command.swap_id)
    if swap is None:
        raise NotFound("There is no such swap.")
    if ctx.actor.user_id in swap.people:
        raise Forbidden("This is your own; another member of staff decides it.")
    require_as(frozenset({Role.STAFF}), Action.DECIDE, swap, ctx.now)
    outcomes = None
    if command.absent is not None:
        if command.absent not in swap.people:
            raise Invalid.field("absent", "Must be one of its people.")
        outcomes = {swap.other(command.absent): Outcome.NO_SHOW}
    me = ctx.actor.user_id
    act = StaffAct.of(
        Act.SWAP_DECIDED, swap.id, swap.status, f"{command.status}: {command.reason}", by=me, at=ctx.now
    )  # fmt: skip
    await ctx.store.staff_log.insert(act)
    return await move(
        swap, Action.DECIDE, command.status, ctx, by=None, why=command.reason, outcomes=outcomes
    )  # fmt: skip
