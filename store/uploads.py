"""Files that people sent: what each is, whose, and what refers to it. The bytes are kept elsewhere, under its id."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Repository, order_of


class Size(StrEnum):
    """What is kept of a file; of one that is no picture, the original alone."""

    ORIGINAL = "original"
    PREVIEW = "preview"
    THUMBNAIL = "thumbnail"


class Variant(BaseModel):
    """A file in one size: its bytes, and of a picture its pixels."""

    model_config = ConfigDict(frozen=True)

    media_type: str
    size: int
    width: int | None = None
    height: int | None = None


class Upload(Document):
    """One file. Without `variants` it is still on its way; `dropped` before its bytes go."""

    owner: str
    name: str
    variants: dict[Size, Variant] = {}
    # What shows it, as `<kind>:<id>`, once and for good.
    parent: str | None = None
    dropped: bool = False
    created_at: datetime
    order: str


class Uploads(Repository[Upload]):
    collection = "uploads"
    owner = "owner"
    document = Upload
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("owner", ASCENDING), ("dropped", ASCENDING), ("order", DESCENDING)]),  # of_person, since
    )

    async def of_person(self, user_id: str, *, before: str | None, limit: int) -> list[Upload]:
        """A person's files, the last first, from after a position; some may be on their way still."""
        where: dict[str, Any] = {"owner": user_id, "dropped": False}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)

    async def among(self, ids: Collection[str]) -> dict[str, Upload]:
        """Those of these that there are, all of each, by their ids."""
        found = await self._many({"_id": {"$in": list(ids)}}, limit=max(1, len(ids)))
        return {one.id: one for one in found if one.variants and not one.dropped}

    async def since(self, user_id: str, at: datetime, *, limit: int) -> list[Upload]:
        """What a person sent since then."""
        return await self._many({"owner": user_id, "dropped": False, "order": {"$gte": order_of(at, "")}}, limit=limit)

    async def finish(self, upload_id: str, variants: dict[Size, Variant]) -> Upload | None:
        """All of it is there; None if it was dropped meanwhile."""
        kept = {size: variant.model_dump() for size, variant in variants.items()}
        return await self._change({"_id": upload_id, "dropped": False}, {"$set": {"variants": kept}})

    async def show(self, upload_id: str, parent: str, *, owner: str) -> Upload | None:
        """Have something refer to a file of this person's; None unless it is there, and nothing refers to it yet."""
        where: dict[str, Any] = {
            "_id": upload_id,
            "owner": owner,
            "parent": None,
            "dropped": False,
            "variants": {"$ne": {}},
        }
        return await self._change(where, {"$set": {"parent": parent}})

    async def drop(self, upload: Upload) -> bool:
        """Let nobody have it any more; False if something began to refer to it."""
        where = {"_id": upload.id, "parent": upload.parent}
        return await self._change(where, {"$set": {"dropped": True}}) is not None

    async def remove(self, upload_id: str) -> None:
        """Forget it."""
        await self._rows.delete_one({"_id": upload_id}, session=await self._within())
