"""Whether the server stands still for everybody but staff: one document, and none before it ever did."""

from datetime import datetime

from store.repository import Document, Repository

ID = "maintenance"


class Standstill(Document):
    """The last that was said about it; `words` are for people."""

    id: str = ID
    on: bool
    words: str
    at: datetime


class Maintenance(Repository[Standstill]):
    collection = "maintenance"
    document = Standstill

    async def last(self) -> Standstill | None:
        """What was said last, if anything ever was."""
        return await self.get(ID)

    async def say(self, standstill: Standstill) -> None:
        """Have something else hold from now on."""
        fields = standstill.row()
        del fields["_id"]
        if await self._change({"_id": ID}, {"$set": fields}) is None:
            await self.insert(standstill)
