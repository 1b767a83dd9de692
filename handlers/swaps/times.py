"""The times that people propose."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.errors import Invalid

FARTHEST = timedelta(days=366)


def require_ahead(time: datetime, field: str, ctx: Context) -> None:
    """Refuse what is over, and what nobody can plan."""
    if time <= ctx.now:
        raise Invalid.field(field, "Must be in the future.")
    if time > ctx.now + FARTHEST:
        raise Invalid.field(field, "Must be within a year.")


def answer_by(times: Sequence[datetime], ctx: Context) -> datetime:
    """Until when proposed times wait for an answer: none is waited for once the last of them has come."""
    return min(max(times), ctx.now + ctx.ports.rules.swap_answer)


def told(times: Sequence[datetime], why: str = "") -> str:
    """What the conversation says of a step: the times that it is about, and why."""
    return "\n".join([*(f"{time:%Y-%m-%dT%H:%M:%SZ}" for time in times), *([why] if why else [])])
