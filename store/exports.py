"""Copies of all that is a person's own, kept for them to fetch; the file in pieces, as a document ends at 16 MB."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Repository


class Export(Document):
    """A copy that was asked for; it can be fetched once `ready_at` is set."""

    user_id: str
    created_at: datetime
    expires_at: datetime
    ready_at: datetime | None = None
    # From then on there is no file any more.
    deleted_at: datetime | None = None
    size: int = 0
    pieces: int = 0


class ExportPiece(Document):
    """A part of the file. The id is `<export>:<number>`."""

    export_id: str = ""
    user_id: str
    expires_at: datetime
    data: bytes


class Exports(Repository[Export]):
    collection = "exports"
    owner = "user_id"
    document = Export
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("created_at", DESCENDING)]),  # of_person
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),
    )

    async def of_person(self, user_id: str, *, limit: int) -> list[Export]:
        """A person's copies, the last first."""
        return await self._many({"user_id": user_id}, sort=(("created_at", -1),), limit=limit)

    async def finish(self, export_id: str, *, at: datetime, size: int, pieces: int) -> Export | None:
        """All of it is there; None if it was already, or is gone."""
        change = {"$set": {"ready_at": at, "size": size, "pieces": pieces}}
        return await self._change({"_id": export_id, "ready_at": None}, change)

    async def drop(self, export_id: str, *, at: datetime) -> None:
        """It is deleted; that there was one is kept."""
        await self._change({"_id": export_id}, {"$set": {"deleted_at": at}})

    async def forget(self, export_id: str) -> None:
        """There never was one."""
        await self._rows.delete_one({"_id": export_id}, session=await self._within())


class ExportPieces(Repository[ExportPiece]):
    collection = "export_pieces"
    owner = "user_id"
    document = ExportPiece
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING)]),  # delete_owned
        IndexModel([("export_id", ASCENDING)]),  # drop
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),
    )

    async def put(self, piece: ExportPiece) -> None:
        """Keep it; a second try puts it again."""
        await self._rows.replace_one({"_id": piece.id}, piece.row(), upsert=True, session=await self._within())

    async def drop(self, export_id: str, *, most: int) -> int:
        """Delete so many parts of a file; how many there were of them."""
        return await self._delete_some({"export_id": export_id}, most)


def piece_id(export_id: str, number: int) -> str:
    """The id of a part of a copy's file."""
    return f"{export_id}:{number}"
