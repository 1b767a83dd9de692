"""What is one person's own in a conversation: how far they read, whether it is muted.

Marks are "up to" numbers that only grow, unless somebody sets theirs back: a late or repeated one changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Filter, Repository


class Membership(Document):
    """One person in one conversation. The id is `<thread>:<user>`."""

    thread_id: str
    user_id: str
    read_up_to: int = 0
    # What others may see of it: with receipts off, or a private mark, it stays behind.
    shown_read_up_to: int = 0
    delivered_up_to: int = 0
    # What this person was notified of as they were not there.
    noticed_up_to: int = 0
    muted_until: datetime | None = None
    joined_at: datetime


def membership_id(thread_id: str, user_id: str) -> str:
    """The id under which a person's membership of a conversation is kept."""
    return f"{thread_id}:{user_id}"


class Memberships(Repository[Membership]):
    collection = "memberships"
    document = Membership
    indexes: ClassVar[Sequence[IndexModel]] = (IndexModel([("thread_id", ASCENDING), ("_id", ASCENDING)]),)  # of_thread

    async def of_thread(self, thread_id: str) -> list[Membership]:
        """Everybody's membership of a conversation."""
        return await self._many({"thread_id": thread_id}, limit=1000)

    async def among(self, ids: Sequence[str]) -> list[Membership]:
        """Those of these ids that exist, in no order."""
        return await self._many({"_id": {"$in": list(ids)}}, limit=max(1, len(ids)))

    async def of_person(self, user_id: str, thread_ids: Sequence[str]) -> dict[str, Membership]:
        """A person's memberships of some conversations, by thread id."""
        ids = [membership_id(thread, user_id) for thread in thread_ids]
        return {found.thread_id: found for found in await self._many({"_id": {"$in": ids}}, limit=len(ids) or 1)}

    async def change(
        self, thread_id: str, user_id: str, change: Filter, *, where: Filter | None = None
    ) -> Membership | None:
        """Change a membership, if it (still) matches."""
        return await self._change({"_id": membership_id(thread_id, user_id), **(where or {})}, change)

    async def delete(self, thread_id: str, user_id: str) -> None:
        """Forget a person who left."""
        await self._rows.delete_one({"_id": membership_id(thread_id, user_id)}, session=await self._within())
