"""Who voted for which post: one vote each. The post counts them; whose they were goes with who leaves."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository


class PostVote(Document):
    """One vote. The id is `<post>:<user>`."""

    post_id: str
    user_id: str
    at: datetime


def vote_id(post_id: str, user_id: str) -> str:
    """The id under which a person's vote for a post is kept."""
    return f"{post_id}:{user_id}"


class PostVotes(Repository[PostVote]):
    collection = "post_votes"
    owner = "user_id"
    document = PostVote
    indexes: ClassVar[Sequence[IndexModel]] = (IndexModel([("user_id", ASCENDING)]),)  # owned

    async def of_person(self, user_id: str, post_ids: Sequence[str]) -> list[str]:
        """Which of these posts somebody voted for."""
        ids = [vote_id(post_id, user_id) for post_id in post_ids]
        return [vote.post_id for vote in await self._many({"_id": {"$in": ids}}, limit=len(ids) or 1)]

    async def delete(self, post_id: str, user_id: str) -> bool:
        """Take a vote back; False if there was none."""
        asked = {"_id": vote_id(post_id, user_id)}
        return (await self._rows.delete_one(asked, session=await self._within())).deleted_count == 1
