"""Whom people want nothing to do with."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.own_list import OwnList
from store.repository import Document


class Block(Document):
    """One person whom somebody blocked. The id is `<user>:<person>`; `order` pages the list."""

    user_id: str
    person_id: str
    created_at: datetime
    order: str


def block_id(user_id: str, person_id: str) -> str:
    """The id under which it is kept that somebody blocked a person."""
    return f"{user_id}:{person_id}"


class Blocks(OwnList[Block]):
    collection = "blocks"
    names = ("person_id",)
    document = Block
    indexes: ClassVar[Sequence[IndexModel]] = (
        *OwnList.indexes,
        IndexModel([("person_id", ASCENDING)]),  # delete_owned
    )

    async def of_pairs(self, pairs: Collection[tuple[str, str]]) -> list[Block]:
        """Those that are kept of these pairs, each of who blocked and whom."""
        ids = [block_id(*pair) for pair in pairs]
        return await self._many({"_id": {"$in": ids}}, limit=len(ids)) if ids else []
