"""Where people stand among others, by window, skill and area; who does not want to be compared is on no board."""

from collections.abc import Sequence
from typing import Self

from pydantic import Field, model_validator

from handlers.achievements.scoring import home_of, is_compared, is_listed
from handlers.blocking import hidden_from
from handlers.context import Context
from handlers.criteria import Somewhere
from handlers.errands import StandAnew
from handlers.errors import Invalid, NotFound
from handlers.models import Cursor, Limit, Line, Query
from handlers.views.achievements import LeaderboardView, LeaderView
from store.areas import area_of, corners
from store.gigs import GigSkill
from store.scores import KEPT, Board, Standing, Window, began
from store.users import User
from store.vacations import Vacations

NEIGHBOURS = 2


class GetLeaderboard(Somewhere, Query):
    """Which board, and which part of it; of a skill, or of the area in which a position lies."""

    window: Window = Window.MONTH
    period: Line | None = Field(
        default=None, description="An earlier day, week or month, such as 2027-02-13, 2027-W06, 2027-02."
    )
    skill: Line | None = None
    cursor: Cursor | None = None
    limit: Limit = 30

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if self.skill is not None and self.near is not None:
            raise ValueError("Boards are of a skill or of an area; give one of them.")
        return self


async def get_leaderboard(query: GetLeaderboard, ctx: Context) -> LeaderboardView:
    """Who did most in a day, a week, a month or ever, perhaps of one skill or in one area; with your rank.

    Beside it stand those around you. Points count in the area in which one lived when one got them.
    """
    board = _board(query, ctx)
    found = await ctx.store.standings.after(board, query.cursor or "", limit=query.limit + 1)
    page = found[: query.limit]
    around, mine = await _around_me(board, ctx)
    users = await _shown([*page, *around], board, ctx)
    return LeaderboardView(
        items=await _ranked(board, page, users, ctx),
        next_cursor=page[-1].order if len(found) > query.limit else None,
        window=board.window,
        period=board.period,
        skill=board.skill or None,
        area=corners(board.area) if board.area else None,
        my_rank=None if mine is None else 1 + await ctx.store.standings.count_above(board, mine.points),
        my_points=None if mine is None else mine.points,
        neighbours=tuple(await _ranked(board, around, users, ctx)),
    )


async def stand_anew(errand: StandAnew, ctx: Context) -> None:
    """Put somebody on boards or take them off, as they want it now, and remember when they are away."""
    user = await ctx.store.users.get(errand.user_id)
    if user is None or user.erased_at is not None:
        return
    await ctx.store.standings.list_all(user.id, shown=is_compared(user), in_areas=bool(home_of(user)))
    known = await ctx.store.vacations.get(user.id) or Vacations(id=user.id, user_id=user.id)
    if user.vacation is not None or known.away:
        await ctx.store.vacations.put(known.with_(user.vacation, errand.at or ctx.now))


def _board(query: GetLeaderboard, ctx: Context) -> Board:
    """The one that is asked for, if it is kept yet, and whole."""
    skill = "" if query.skill is None else GigSkill.called(query.skill).key
    area = "" if query.near is None else area_of(*query.near)
    now = Board.at(query.window, ctx.now, skill, area)
    if query.period is None:
        return now
    start = began(query.window, query.period)
    if start is None or start > ctx.now:
        says = f"a {now.window} that has begun, such as {now.period}" if now.period else "left out: all time is one"
        raise Invalid.field("period", f"Must be {says}.")
    kept = KEPT[query.window]
    if start + kept <= ctx.now:
        raise NotFound(f"There is no such board any more: each is kept for {kept.days} days after it began.")
    return now.model_copy(update={"period": query.period})


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


async def _shown(standings: Sequence[Standing], board: Board, ctx: Context) -> dict[str, User]:
    """The people of these places, but those between whom and the actor is a block.

    Asked again: one may have changed their mind, or their role, a moment ago.
    """
    ids = {one.user_id for one in standings}
    ids -= await hidden_from(ctx.actor.user_id, ids, ctx)
    users = await ctx.store.users.among([*ids]) if ids else []
    return {user.id: user for user in users if is_listed(user, board) and user.is_around(ctx.now)}
