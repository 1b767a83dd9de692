"""What a swap is, for whoever has to judge it: as its people see it. It is the other one's."""

from handlers.context import Context
from handlers.evidence import Evidence
from handlers.swaps.access import access_swap
from handlers.views.swaps import SwapView


async def swap_evidence(swap_id: str, ctx: Context) -> Evidence:
    """One of the actor's."""
    swap = await access_swap(swap_id, ctx)
    (other,) = {*swap.people} - {ctx.actor.user_id}
    return Evidence(other, SwapView.of(swap).model_dump(mode="json"))
