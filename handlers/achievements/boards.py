"""Where people stand among others, by window and skill; who does not want to be compared is on no board."""

from collections.abc import Sequence

from handlers.achievements.scoring import is_listed
from handlers.context import Context
from handlers.errands import StandAnew
from handlers.models import Cursor, Limit, Line, Query
from handlers.views.achievements import LeaderboardView, LeaderView
from store.gigs import GigSkill
from store.scores import Board, Standing, Window
from store.users import User
from store.vacations import Vacations

NEIGHBOURS = 2


class GetLeaderboard(Query):
    """Which board, and which part of it."""

    window: Window = Window.MONTH
    skill: Line | None = None
    cursor: Cursor | None = None
    limit: Limit = 30


async def get_leaderboard(query: GetLeaderboard, ctx: Context) -> LeaderboardView:
    """Who did most in a day, a week, a month or ever, perhaps of one skill; with your rank and those around you."""
    skill = None if query.skill is None else GigSkill.called(query.skill).key
    board = Board.at(query.window, ctx.now, skill or "")
    found = await ctx.store.standings.after(board, query.cursor or "", limit=query.limit + 1)
    page = found[: query.limit]
    around, mine = await _around_me(board, ctx)
    users = await _shown([*page, *around], ctx)
    return LeaderboardView(
        items=await _ranked(board, page, users, ctx),
        next_cursor=page[-1].order if len(found) > query.limit else None,
        window=board.window,
        period=board.period,
        skill=skill,
        my_rank=None if mine is None else 1 + await ctx.store.standings.count_above(board, mine.points),
        my_points=None if mine is None else mine.points,
        neighbours=tuple(await _ranked(board, around, users, ctx)),
    )


async def stand_anew(errand: StandAnew, ctx: Context) -> None:
    """Put somebody on boards or take them off, as they want it now, and remember when they are away."""
    user = await ctx.store.users.get(errand.user_id)
    if user is None or user.erased_at is not None:
        return
    await ctx.store.standings.list_all(user.id, shown=is_listed(user))
    known = await ctx.store.vacations.get(user.id) or Vacations(id=user.id, user_id=user.id)
    if user.vacation is not None or known.away:
        await ctx.store.vacations.put(known.with_(user.vacation, errand.at or ctx.now))


async def _around_me(board: Board, ctx: Context) -> tuple[list[Standing], Standing | None]:
    me = ctx.actor.user_id
    mine = (await ctx.store.standings.on(me, [board])).get(board.key)
    if mine is None or mine.listed_on is None or mine.points <= 0:
        return [], None
    above = await ctx.store.standings.before(board, mine.order, limit=NEIGHBOURS)
    below = await ctx.store.standings.after(board, mine.order, limit=NEIGHBOURS)
    return [*reversed(above), mine, *below], mine


async def _ranked(
    board: Board, standings: Sequence[Standing], users: dict[str, User], ctx: Context
) -> list[LeaderView]:
    if not standings:
        return []
    first = 1 + await ctx.store.standings.count_above(board, standings[0].points)
    return LeaderView.all_of(standings, users, first)


async def _shown(standings: Sequence[Standing], ctx: Context) -> dict[str, User]:
    """The people of these places. Asked again: one may have changed their mind, or their role, a moment ago."""
    ids = [*dict.fromkeys(one.user_id for one in standings)]
    users = await ctx.store.users.among(ids) if ids else []
    return {user.id: user for user in users if is_listed(user) and user.is_around(ctx.now)}
