"""What a call was, for whoever has to judge it: who was there, and when. What was said in it nobody keeps."""

from handlers.calls.access import access_call
from handlers.context import Context
from handlers.evidence import Evidence

KEPT = {"thread_id", "swap", "participants", "created_by", "host", "rings", "attendance", "created_at", "started_at",
        "ended_at", "end_reason"}  # fmt: skip


async def call_evidence(session_id: str, ctx: Context) -> Evidence:
    """One that the actor may be in. It is the other one's, if there is one other."""
    call = await access_call(session_id, ctx)
    others = [person for person in call.participants if person != ctx.actor.user_id]
    return Evidence(others[0] if len(others) == 1 else None, call.model_dump(mode="json", include=KEPT))
