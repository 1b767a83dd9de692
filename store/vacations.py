"""When people were away: their profile knows the vacation of now, and a streak has to know of all."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, IndexModel

from store.profiles import Vacation
from store.repository import Document, Repository

MOST_KEPT = 50


class Away(BaseModel):
    """From when until when; without an end, still."""

    model_config = ConfigDict(frozen=True)

    since: datetime
    until: datetime | None


class Vacations(Document):
    """All of one person's, under their id."""

    user_id: str
    away: tuple[Away, ...] = ()

    def with_(self, vacation: Vacation | None, now: datetime) -> "Vacations":
        """What was, and what is set now: of what was set before, only what has passed is true.

        What is set now begins now at the earliest: nobody freezes the weeks that they missed.
        """
        past = [
            one if one.until is not None and one.until <= now else Away(since=one.since, until=now)
            for one in self.away
            if one.since < now
        ]
        is_over = vacation is None or (vacation.until is not None and vacation.until <= now)
        set_now = [] if vacation is None or is_over else [Away(since=max(vacation.since, now), until=vacation.until)]
        return self.model_copy(update={"away": tuple([*past, *set_now][-MOST_KEPT:])})


class VacationsOf(Repository[Vacations]):
    collection = "vacations"
    owner = "user_id"
    document = Vacations
    indexes: ClassVar[Sequence[IndexModel]] = (IndexModel([("user_id", ASCENDING)]),)  # delete_owned

    async def put(self, vacations: Vacations) -> None:
        """Keep it as it is now."""
        if await self.get(vacations.id) is None:
            await self.insert(vacations)
        else:
            away = [one.model_dump() for one in vacations.away]
            await self._change({"_id": vacations.id}, {"$set": {"away": away}})
