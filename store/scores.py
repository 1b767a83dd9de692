"""What people have points for: written once and never changed; what no longer counts is reversed by another entry.

Totals are kept beside, board by board, and can be reckoned anew from the entries at any time.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Repository

# What is read of somebody's entries at once: whoever has more is as well known by the last ones.
MOST_READ = 2000


class Window(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


# So long after its last points a place on a board is kept; a board is whole so long after it began, and is shown then.
KEPT = {Window.DAY: timedelta(days=60), Window.WEEK: timedelta(days=180), Window.MONTH: timedelta(days=800)}


class Reason(StrEnum):
    SWAP = "swap"
    REVIEW_WRITTEN = "review_written"
    REVIEW_RECEIVED = "review_received"


class Score(Document):
    """Points for one cause, or taken back. The id is `<person>:<cause>:<n>`: each step of a cause is there once."""

    user_id: str
    cause: str
    n: int
    reason: Reason
    # 1, or -1 where it is reversed.
    sign: int
    points: int
    partner: str
    skill: str = ""
    minutes: int = 0
    stars: int = 0
    # Where the person lived when they got them first, if they showed it.
    area: str = ""
    # When what it is for happened, and which day that was where the person was.
    at: datetime
    day: str
    noted_at: datetime
    order: str

    @property
    def date(self) -> date:
        return date.fromisoformat(self.day)


def score_id(user_id: str, cause: str, n: int) -> str:
    """The id of a step of a cause."""
    return f"{user_id}:{cause}:{n}"


class Scores(Repository[Score]):
    collection = "scores"
    owner = "user_id"
    document = Score
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("cause", ASCENDING), ("n", ASCENDING)]),  # of_cause
        IndexModel([("user_id", ASCENDING), ("partner", ASCENDING), ("reason", ASCENDING)]),  # with_partner
        IndexModel([("user_id", ASCENDING), ("order", DESCENDING)]),  # of_person
    )

    async def of_cause(self, user_id: str, cause: str) -> list[Score]:
        """The steps of one cause, the first first."""
        return await self._many({"user_id": user_id, "cause": cause}, sort=(("n", 1),), limit=MOST_READ)

    async def with_partner(self, user_id: str, partner: str, reason: Reason) -> list[Score]:
        """What somebody has with one other person for one reason."""
        return await self._many({"user_id": user_id, "partner": partner, "reason": reason}, limit=MOST_READ)

    async def of_person(self, user_id: str, *, limit: int = MOST_READ) -> list[Score]:
        """All of a person's, the last first."""
        return await self._many({"user_id": user_id}, sort=(("order", -1),), limit=limit)


class Board(BaseModel):
    """A list of people by their points: of one window, of all that is done, of one skill or in one area."""

    model_config = ConfigDict(frozen=True)

    window: Window
    period: str
    skill: str = ""
    area: str = ""

    @classmethod
    def at(cls, window: Window, at: datetime, skill: str = "", area: str = "") -> "Board":
        """The board of a moment; days, weeks (from Monday) and months are UTC's, the same for everybody."""
        year, week, _ = at.isocalendar()
        periods = {
            Window.DAY: f"{at:%Y-%m-%d}",
            Window.WEEK: f"{year}-W{week:02d}",
            Window.MONTH: f"{at:%Y-%m}",
            Window.ALL: "",
        }
        return cls(window=window, period=periods[window], skill=skill, area=area)

    @property
    def key(self) -> str:
        # No skill's key has a space in it.
        return f"{self.window}:{self.period}:{self.skill}" + (self.area and f" {self.area}")


def began(window: Window, period: str) -> datetime | None:
    """When a day, a week or a month began that is named as boards name it; None of what is no such name."""
    formats = {Window.DAY: "%Y-%m-%d", Window.WEEK: "%G-W%V %u", Window.MONTH: "%Y-%m"}
    named = f"{period} 1" if window is Window.WEEK else period
    try:
        start = datetime.strptime(named, formats[window]).replace(tzinfo=UTC)
    except (KeyError, ValueError):
        return None
    return start if Board.at(window, start).period == period else None


def boards_of(score: Score) -> list[Board]:
    """Where an entry counts."""
    kinds = dict.fromkeys((("", ""), (score.skill, ""), ("", score.area)))
    return [Board.at(window, score.at, *kind) for window in Window for kind in kinds]


def totals(scores: Iterable[Score]) -> dict[str, int]:
    """What entries come to, board by board."""
    found: dict[str, int] = {}
    for score in scores:
        for board in boards_of(score):
            found[board.key] = found.get(board.key, 0) + score.points
    return found


class Standing(Document):
    """One person on one board. The id is `<person>:<board>`; `listed_on` is there only if others may see it."""

    user_id: str
    board: str
    points: int
    in_area: bool = False
    listed_on: str | None
    # The most points first, and among equals by id.
    order: str
    kept_until: datetime | None

    def row(self) -> dict[str, Any]:
        """Without what it is not found by."""
        row = super().row()
        for name in ("listed_on", "kept_until"):
            if row[name] is None:
                del row[name]
        return row

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Standing":
        return super().read({"listed_on": None, "kept_until": None, **row})


# More points than anybody gets.
MOST_POINTS = 10**9
# Behind everybody who has one: who has none is on no board.
NO_POINTS = f"{MOST_POINTS:010d}"


def standing_order(points: int, user_id: str) -> str:
    """Where somebody stands on a board."""
    return f"{MOST_POINTS - points:010d}.{user_id}"


class Standings(Repository[Standing]):
    collection = "standings"
    owner = "user_id"
    document = Standing
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("listed_on", ASCENDING), ("order", ASCENDING)]),  # after, before
        IndexModel([("listed_on", ASCENDING), ("points", DESCENDING)]),  # count_above
        IndexModel([("user_id", ASCENDING)]),  # of_person, list_all
        IndexModel([("kept_until", ASCENDING)], expireAfterSeconds=0),
    )

    async def on(self, user_id: str, boards: Sequence[Board]) -> dict[str, Standing]:
        """A person on these boards, by the boards' keys."""
        ids = [f"{user_id}:{board.key}" for board in boards]
        return {one.board: one for one in await self._many({"_id": {"$in": ids}}, limit=len(ids) or 1)}

    async def add(self, known: Standing, points: int, *, kept_until: datetime | None) -> bool:
        """Add to what was read; False if somebody else did meanwhile."""
        total = known.points + points
        change = {"points": total, "order": standing_order(total, known.user_id)}
        more = {} if kept_until is None else {"kept_until": kept_until}
        return await self._change({"_id": known.id, "points": known.points}, {"$set": change | more}) is not None

    async def after(self, board: Board, order: str, *, until: str = NO_POINTS, limit: int) -> list[Standing]:
        """Those who stand behind a position, and perhaps before another one, the nearest first."""
        where = {"listed_on": board.key, "order": {"$gt": order, "$lt": min(until, NO_POINTS)}}
        return await self._many(where, sort=(("order", 1),), limit=limit)

    async def before(self, board: Board, order: str, *, limit: int) -> list[Standing]:
        """Those who stand before a position, the nearest first."""
        return await self._many({"listed_on": board.key, "order": {"$lt": order}}, sort=(("order", -1),), limit=limit)

    async def count_above(self, board: Board, points: int) -> int:
        """How many different amounts of points are above one: an index goes from each to the next."""
        where = {"listed_on": board.key, "points": {"$gt": points}}
        return len(await self._rows.distinct("points", where, session=await self._within()))

    async def of_person(self, user_id: str, *, limit: int = MOST_READ) -> list[Standing]:
        """A person on all their boards."""
        return await self._many({"user_id": user_id}, limit=limit)

    async def list_all(self, user_id: str, *, shown: bool, in_areas: bool) -> None:
        """Let others see a person on boards, and on those of areas, or no longer."""
        everywhere, there = ("$board" if one else "$$REMOVE" for one in (shown, shown and in_areas))
        change = [{"$set": {"listed_on": {"$cond": ["$in_area", there, everywhere]}}}]
        await self._rows.update_many({"user_id": user_id}, change, session=await self._within())
