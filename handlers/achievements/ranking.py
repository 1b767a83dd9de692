"""Telling people at once that they stand elsewhere on this month's board, and seldom: what comes together is one word.

Who got or lost points is told, and whom they passed by it; others' ranks may move with theirs, and are asked for.
"""

from datetime import timedelta

from handlers.context import Context, people
from handlers.errands import Errand, ask_later
from handlers.events.achievements import LeaderboardChanged
from store.scores import Board, Standing, Window, standing_order

# However often it changes, nobody is told oftener.
PAUSE = timedelta(seconds=5)
# The nearest; whoever passes a hundred is no neighbour of most of them.
MOST_PASSED = 10


class TellStanding(Errand):
    """Somebody has other points than before, or was passed."""

    user_id: str


async def standing_changed(user_id: str, known: Standing | None, points: int, ctx: Context) -> None:
    """Have somebody told who gets points on this month's board, or loses them, and whom they pass."""
    before = 0 if known is None else known.points
    places = sorted(standing_order(amount, user_id) for amount in (before, before + points))
    passed = await ctx.store.standings.after(_board(ctx), places[0], until=places[1], limit=MOST_PASSED)
    for person in sorted({user_id, *(one.user_id for one in passed)}):
        await ask_later(TellStanding(user_id=person), ctx, at=ctx.now + PAUSE, key=f"standing:{person}")


async def tell_standing(errand: TellStanding, ctx: Context) -> None:
    """Tell somebody where they stand now; not who is on no board."""
    board = _board(ctx)
    mine = (await ctx.store.standings.on(errand.user_id, [board])).get(board.key)
    if mine is None or mine.listed_on is None:
        return
    rank = 1 + await ctx.store.standings.count_above(board, mine.points) if mine.points > 0 else None
    told = LeaderboardChanged(window=board.window, period=board.period, my_rank=rank, my_points=mine.points)
    ctx.emit(told, to=people(errand.user_id))


def _board(ctx: Context) -> Board:
    return Board.at(Window.MONTH, ctx.now)
