"""What two people want to get out of a swap, and what they share for it: one short list beside each swap.

Every change is of the version that was read, as with swaps.
"""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from store.repository import Document, Repository


class Item(BaseModel):
    """Something that one of them wants, or with a link or a file, shares. The id is its writer's to choose."""

    model_config = ConfigDict(frozen=True)

    id: str
    by: str
    text: str
    link: str | None = None
    upload: str | None = None
    edited_by: str | None = None
    # Who ticked it off; nobody has as long as there is none.
    done_by: str | None = None
    created_at: datetime


class Agenda(Document):
    """The list of one swap, in the order in which it was written. The id is the swap's; without items it is new."""

    people: tuple[str, str]
    items: tuple[Item, ...] = ()
    version: int = 0
    updated_at: datetime

    def item(self, item_id: str) -> Item | None:
        """The item of this id."""
        return next((item for item in self.items if item.id == item_id), None)

    def shows(self, upload_id: str) -> bool:
        """Whether one of the items is this file."""
        return any(item.upload == upload_id for item in self.items)


class Agendas(Repository[Agenda]):
    collection = "agendas"
    document = Agenda

    async def of_swaps(self, swap_ids: Sequence[str]) -> list[Agenda]:
        """Those of these swaps that have one."""
        return await self._many({"_id": {"$in": list(swap_ids)}}, limit=max(1, len(swap_ids)))

    async def replace(self, agenda: Agenda, *, version: int) -> bool:
        """Put a list in the place of its earlier version; False if that one is no longer there."""
        done = await self._rows.replace_one(
            {"_id": agenda.id, "version": version}, agenda.row(), session=await self._within()
        )
        return bool(done.matched_count)
