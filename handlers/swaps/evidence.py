"""What a swap is, for whoever has to judge it: as its people see it. It is the other one's."""

from handlers.context import Context
from handlers.evidence import Evidence
from handlers.swaps.access import access_swap
from handlers.views.swaps import AgendaItemView, SwapView


async def swap_evidence(swap_id: str, ctx: Context) -> Evidence:
    """One of the actor's."""
    swap = await access_swap(swap_id, ctx)
    (other,) = {*swap.people} - {ctx.actor.user_id}
    agenda = await ctx.store.agendas.get(swap.id)
    theirs = [item for item in agenda.items if item.by == other] if agenda is not None else []
    content = SwapView.of(swap).model_dump(mode="json")
    content["agenda"] = [AgendaItemView.of(item).model_dump(mode="json") for item in theirs]
    return Evidence(other, content, tuple(item.upload for item in theirs if item.upload is not None))
