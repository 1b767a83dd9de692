"""Who was in the calls of a swap: a word that takes nobody's side, beside what its people say. It decides nothing."""

from collections.abc import Collection, Sequence

from handlers.account import STAFF, access_self
from handlers.context import Context
from handlers.errors import NotFound
from handlers.models import Access, Query, SwapId
from handlers.times import Span, common, joined
from handlers.views.swaps import AttendanceView, Hint, PresenceView
from store.calls import Call
from store.swaps import Mode, Status, Swap

# Of one swap there are few; whoever calls each other more often has met.
MOST_CALLS = 100
# Of the time that was planned.
ENOUGH = 0.5


class GetAttendance(Query):
    """Of which swap of yours; staff asks of those that are disputed."""

    swap_id: SwapId


async def get_attendance(query: GetAttendance, ctx: Context) -> AttendanceView:
    """Who was in the calls of a swap and for how long: before you say what became of it, and for who decides."""
    swap = await ctx.store.swaps.get(query.swap_id)
    if swap is None or not await _may_see(swap, ctx):
        raise NotFound("There is no such swap.")
    calls = await ctx.store.calls.of_swap(swap.id, limit=MOST_CALLS)
    there = {person: _there(person, calls, ctx) for person in swap.people}
    together = common(there[swap.requestor], there[swap.responder])
    return AttendanceView(
        swap_id=swap.id,
        scheduled_time=swap.scheduled_time,
        calls=len(calls),
        people=tuple(
            PresenceView(
                user_id=person,
                seconds=_seconds(spans),
                first_at=spans[0].start if spans else None,
                last_at=spans[-1].end if spans else None,
            )
            for person, spans in there.items()
        ),
        together_seconds=_seconds(together),
        hint=_hint(swap, there.values(), _seconds(together), ctx),
    )


def _hint(swap: Swap, there: Collection[list[Span]], together: int, ctx: Context) -> Hint:
    if together >= swap.duration.total_seconds() * ENOUGH:
        return Hint.TOGETHER
    came = sum(map(bool, there))
    if ctx.now < swap.ends_at or swap.mode is Mode.OFFLINE or not came:
        return Hint.UNKNOWN
    return Hint.SHORT if came == len(there) else Hint.ABSENT


async def _may_see(swap: Swap, ctx: Context) -> bool:
    if ctx.actor.user_id in swap.people:
        return True
    return swap.status is Status.DISPUTED and (await access_self(ctx)).role in STAFF[Access.MODERATOR]


def _there(person: str, calls: Sequence[Call], ctx: Context) -> list[Span]:
    return joined(
        Span(one.joined_at, one.left_at or ctx.now)
        for call in calls
        for one in call.attendance
        if one.user_id == person
    )


def _seconds(spans: Sequence[Span]) -> int:
    return int(sum((span.end - span.start).total_seconds() for span in spans))
