"""What an offer or a request is, for whoever has to judge it."""

from handlers.context import Context
from handlers.evidence import Evidence
from handlers.gigs.access import access_gig, view


async def gig_evidence(gig_id: str, ctx: Context) -> Evidence:
    """One that the actor may see."""
    gig = await access_gig(gig_id, ctx)
    shown = await view(gig, ctx, reader=ctx.actor.user_id)
    return Evidence(gig.created_by, shown.model_dump(mode="json"), gig.images)
