"""What staff did: written once, and kept. An entry is added, and nothing here changes or deletes one."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from store.ids import new_id
from store.repository import Document, Repository, order_of

# One list for all of it, so that an index can page through it.
ALL = "staff"


class Act(StrEnum):
    ROLE_SET = "role_set"
    BANNED = "banned"
    BAN_LIFTED = "ban_lifted"
    WARNED = "warned"
    MUTED = "muted"
    MEASURE_LIFTED = "measure_lifted"
    APPEAL_DECIDED = "appeal_decided"
    MESSAGE_HIDDEN = "message_hidden"
    MESSAGE_SHOWN = "message_shown"
    GIG_HIDDEN = "gig_hidden"
    GIG_SHOWN = "gig_shown"
    JOB_RETRIED = "job_retried"
    JOB_DROPPED = "job_dropped"
    MAINTENANCE_BEGUN = "maintenance_begun"
    MAINTENANCE_ENDED = "maintenance_ended"
    CATEGORY_CHANGED = "category_changed"
    DISCUSSION_CHANGED = "discussion_changed"
    DISCUSSIONS_MERGED = "discussions_merged"
    POST_HIDDEN = "post_hidden"
    BADGE_GRANTED = "badge_granted"
    BADGE_REVOKED = "badge_revoked"
    REVIEW_HIDDEN = "review_hidden"
    REVIEW_SHOWN = "review_shown"
    SWAP_DECIDED = "swap_decided"
    CASE_ASSIGNED = "case_assigned"
    CASE_NOTED = "case_noted"
    CASE_DECIDED = "case_decided"


class StaffAct(Document):
    """One thing that a member of staff did. Without `actor_id` it was done at the command line."""

    act: Act
    actor_id: str | None
    target_id: str
    before: str
    after: str
    at: datetime
    order: str
    list: str = ALL

    @classmethod
    def of(cls, act: Act, target_id: str, before: str, after: str, *, by: str | None, at: datetime) -> "StaffAct":
        """An act of now, with its place in the list."""
        id_ = new_id()
        return cls(
            id=id_, act=act, actor_id=by, target_id=target_id, before=before, after=after, at=at,
            order=order_of(at, id_),
        )  # fmt: skip


class StaffLog(Repository[StaffAct]):
    collection = "staff_log"
    document = StaffAct
    indexes: ClassVar[Sequence[IndexModel]] = (IndexModel([("list", ASCENDING), ("order", DESCENDING)]),)  # page

    async def page(self, *, before: str | None, limit: int) -> list[StaffAct]:
        """What was done, the last first, from after a position."""
        where: dict[str, Any] = {"list": ALL}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)
