"""What somebody sees first: numbers with what became of them, what comes next, what waits for them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from handlers.account import access_self
from handlers.context import Context
from handlers.events.dashboard import onlookers
from handlers.models import Query, Signal
from handlers.reviewable import pending, until
from handlers.views.chat import ThreadView
from handlers.views.dashboard import (
    ChartView,
    DashboardView,
    MonthView,
    NextLessonView,
    StatsView,
    TrendView,
    UnreadView,
)
from handlers.views.notifications import NotificationView
from handlers.views.profiles import RatingsView
from handlers.views.reviews import PendingReviewView
from handlers.views.series import LessonView, agreed_lessons
from handlers.views.swaps import SwapView
from store.scores import Board, Window
from store.series import Series
from store.swaps import Swap
from store.users import User

MONTHS = 6
# Of what a list elsewhere shows whole, the beginning.
FEW = 10
# Looked at to count: whoever has more has enough to do.
MOST_SWAPS = 1000
MOST_THREADS = 100
# A lesson touches five of them at most.
MOST_HOURS = 100


class GetDashboard(Query):
    """One's own."""


class WatchDashboard(Signal):
    """One's own."""


class UnwatchDashboard(Signal):
    """One's own."""


async def get_dashboard(_: GetDashboard, ctx: Context) -> DashboardView:
    """What you did this month and the months before, what comes next, and what waits for you.

    Watch it first, and you hear `dashboard:changed` whenever it is worth asking again.
    """
    user = await access_self(ctx)
    months = _months(ctx.now, user.time_zone)
    held = await ctx.store.swaps.completed(user.id, since=months[0], limit=MOST_SWAPS)
    chart = await _chart(user, months, held, ctx)
    coming = await ctx.store.swaps.upcoming(user.id, after=ctx.now, limit=FEW)
    news = await ctx.store.notifications.page(user.id, before=None, limit=FEW)
    return DashboardView(
        stats=_stats(chart, held, months),
        chart=chart,
        ratings=RatingsView.of(user.ratings),
        activity=tuple(NotificationView.of(one) for one in news if one.shown and one.expires_at > ctx.now),
        next_swaps=tuple(map(SwapView.of, coming)),
        next_lessons=tuple(await _next_lessons(user.id, ctx)),
        pending_reviews=tuple(
            PendingReviewView.of(swap, reader=user.id, until=until(swap)) for swap in await pending(user.id, ctx)
        ),
        unread=UnreadView(
            messages=await _unread(user, ctx),
            notifications=(await ctx.store.notifications.count_unread([user.id]))[user.id],
        ),
        matches=await ctx.store.matches.count_of_person(user.id),
    )


async def _next_lessons(user_id: str, ctx: Context) -> list[NextLessonView]:
    """By the hours that are booked for them: of however many series, these are what comes next."""
    hours = await ctx.store.bookings.coming(user_id, after=ctx.now, limit=MOST_HOURS)
    # In the order of time; what is held or asked for is no lesson.
    booked = list(dict.fromkeys(one.ref for hour in hours for one in hour.taken if one.start > ctx.now))
    which = [key for ref in booked if (key := Series.of_ref(ref)) is not None]
    found = {one.id: one for one in await ctx.store.series.among(sorted({id_ for id_, _ in which}))} if which else {}
    coming = {id_: {one.number: one for one in agreed_lessons(series, ctx.now)} for id_, series in found.items()}
    return [
        NextLessonView(
            swap_id=id_, user_id=found[id_].other(user_id), lesson=LessonView.of(coming[id_][number], found[id_])
        )
        for id_, number in which
        if number in coming.get(id_, {})
    ][:FEW]


async def watch_dashboard(_: WatchDashboard, ctx: Context) -> None:
    """Hear that your dashboard has changed, by this connection, until you unwatch or leave. Then read it."""
    ctx.watch(onlookers(ctx.actor.user_id)[0])


async def unwatch_dashboard(_: UnwatchDashboard, ctx: Context) -> None:
    """Hear no more of it."""
    ctx.unwatch(onlookers(ctx.actor.user_id)[0])


def _months(now: datetime, time_zone: str | None) -> list[datetime]:
    """When the last months began where somebody is, the first first; the next one ends the list."""
    here = now.astimezone(ZoneInfo(time_zone or "UTC"))
    number = here.year * 12 + here.month - 1
    firsts = [date(one // 12, one % 12 + 1, 1) for one in range(number - MONTHS + 1, number + 2)]
    return [datetime(day.year, day.month, 1, tzinfo=here.tzinfo).astimezone(UTC) for day in firsts]


async def _chart(user: User, months: Sequence[datetime], held: Sequence[Swap], ctx: Context) -> ChartView:
    # By the middle of a month: its first moment is yet another one's elsewhere.
    boards = [Board.at(Window.MONTH, start + (end - start) / 2) for start, end in pairwise(months)]
    points = await ctx.store.standings.on(user.id, boards)
    views = []
    for board, (start, end) in zip(boards, pairwise(months), strict=True):
        swaps = [swap for swap in held if start <= (swap.closed_at or swap.updated_at) < end]
        counted = points[board.key].points if board.key in points else 0
        minutes = sum(swap.duration_minutes for swap in swaps)
        views.append(MonthView(month=board.period, swaps=len(swaps), minutes=minutes, points=counted))
    return ChartView(months=tuple(views))


def _stats(chart: ChartView, held: Sequence[Swap], months: Sequence[datetime]) -> StatsView:
    before, now = chart.months[-2:]

    def partners(start: datetime, end: datetime) -> int:
        # Each swap has two people, of whom one is always oneself.
        met = {swap.pair for swap in held if start <= (swap.closed_at or swap.updated_at) < end}
        return len(met)

    return StatsView(
        swaps=TrendView.of(now.swaps, before.swaps),
        minutes=TrendView.of(now.minutes, before.minutes),
        points=TrendView.of(now.points, before.points),
        partners=TrendView.of(partners(*months[-2:]), partners(*months[-3:-1])),
    )


async def _unread(user: User, ctx: Context) -> int:
    threads = await ctx.store.threads.of_person(user.id, archived=False, before=None, limit=MOST_THREADS)
    mine = await ctx.store.memberships.of_person(user.id, [thread.id for thread in threads])
    return sum(
        ThreadView.of(thread, mine[thread.id], reader=user.id).unread_count for thread in threads if thread.id in mine
    )
