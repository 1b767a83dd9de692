"""Lists that people keep for themselves: each thing in one once, the last one first."""

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol, TypeVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Kept, Repository


class Listed(Kept, Protocol):
    """One thing in one person's list. Its id is `<user>:<thing>`; `order` pages the list."""

    @property
    def user_id(self) -> str: ...
    @property
    def order(self) -> str: ...


L = TypeVar("L", bound=Listed)


class OwnList(Repository[L]):
    owner = "user_id"
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("order", DESCENDING)]),  # of_person
    )

    async def put(self, listed: L) -> bool:
        """Keep it, once; False if it was there."""
        if await self.get(listed.id) is not None:
            return False
        await self.insert(listed)
        return True

    async def delete(self, listed_id: str) -> bool:
        """Forget it; False if it was not there."""
        return (await self._rows.delete_one({"_id": listed_id}, session=await self._within())).deleted_count == 1

    async def clear(self, user_id: str, *, most: int) -> list[L]:
        """Forget so many of a person's list, the last ones first; those that it forgot."""
        gone = await self.of_person(user_id, before=None, limit=most)
        ids = [one.id for one in gone]
        if ids:
            await self._rows.delete_many({"_id": {"$in": ids}}, session=await self._within())
        return gone

    async def of_person(self, user_id: str, *, before: str | None, limit: int) -> list[L]:
        """A person's list, the last one first, from after a position."""
        where: dict[str, Any] = {"user_id": user_id}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)
