"""People that somebody wants to find again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Repository


class Favourite(Document):
    """One person in somebody's list. The id is `<user>:<person>`; `order` pages the list."""

    user_id: str
    person_id: str
    created_at: datetime
    order: str


class Favourites(Repository[Favourite]):
    collection = "favourites"
    owner = "user_id"
    names = ("person_id",)
    document = Favourite
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("order", DESCENDING)]),  # of_person
        IndexModel([("person_id", ASCENDING)]),  # delete_owned
    )

    async def of_person(self, user_id: str, *, before: str | None, limit: int) -> list[Favourite]:
        """A person's list, the last added first, from after a position."""
        where: dict[str, Any] = {"user_id": user_id}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)

    async def among(self, user_id: str, people: Collection[str]) -> set[str]:
        """Those of these people who are in a person's list."""
        ids = [favourite_id(user_id, person) for person in people]
        return {one.person_id for one in await self._many({"_id": {"$in": ids}}, limit=len(ids) or 1)}

    async def delete(self, favourite: str) -> bool:
        """Forget it; False if it was not there."""
        return (await self._rows.delete_one({"_id": favourite}, session=await self._within())).deleted_count == 1


def favourite_id(user_id: str, person_id: str) -> str:
    """The id under which somebody is kept in a person's list."""
    return f"{user_id}:{person_id}"
