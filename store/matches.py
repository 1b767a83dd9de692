"""Pairs of people who can teach each other what the other one wants to learn, and how well they fit.

A pair is kept once for both, also while it is shown to nobody: nobody is told of it twice. Why two people fit is not
kept; it is found anew from what they say of themselves whenever it is shown.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Repository

# Whoever has more has enough.
MOST_COUNTED = 100


class Match(Document):
    """One pair. The id is both people, sorted; `order` places it among others by its score."""

    people: tuple[str, str]
    score: int
    # Both, or nobody: while they do not fit.
    shown_to: tuple[str, ...]
    found_at: datetime
    order: str

    def other(self, user_id: str) -> str:
        """Whom somebody is matched with."""
        return self.people[1] if user_id == self.people[0] else self.people[0]


class Matches(Repository[Match]):
    collection = "matches"
    owner = "people"
    document = Match
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("shown_to", ASCENDING), ("order", DESCENDING)]),  # of_person
        IndexModel([("people", ASCENDING), ("_id", ASCENDING)]),  # all_of_person
    )

    async def of_person(self, user_id: str, *, before: str | None, limit: int) -> list[Match]:
        """The matches that a person is shown, the best first, from after a position."""
        where: dict[str, Any] = {"shown_to": user_id}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)

    async def count_of_person(self, user_id: str) -> int:
        """How many matches a person is shown, as far as anybody counts."""
        return await self._rows.count_documents({"shown_to": user_id}, limit=MOST_COUNTED, session=await self._within())

    async def all_of_person(self, user_id: str, *, after: str, limit: int) -> list[Match]:
        """Every pair that a person is in, shown or not, by id from after one of them."""
        return await self._many({"people": user_id, "_id": {"$gt": after}}, limit=limit)

    async def known(self, ids: Collection[str]) -> set[str]:
        """Those of these pairs that were found before."""
        return {match.id for match in await self._many({"_id": {"$in": list(ids)}}, limit=len(ids) or 1)}

    async def rate(self, match: Match, score: int | None) -> None:
        """Show a pair by its score; to nobody if there is none."""
        shown_to = () if score is None else match.people
        change = {"score": score or 0, "shown_to": shown_to, "order": match_order(score or 0, match.id)}
        await self._change({"_id": match.id}, {"$set": change})


def match_order(score: int, match_id: str) -> str:
    """Where a pair stands among others: by its score, and by its id among equals."""
    return f"{score:03d}.{match_id}"
