"""What happened to people's accounts, kept a year: for them to look at when something seems wrong."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Repository

KEPT_SECONDS = 365 * 86_400


class What(StrEnum):
    SIGNED_UP = "signed_up"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    REFRESH_REUSED = "refresh_reused"
    NEW_DEVICE = "new_device"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - what happened, not a secret
    PASSWORD_RESET = "password_reset"  # noqa: S105
    EMAIL_CONFIRMED = "email_confirmed"
    PHONE_CONFIRMED = "phone_confirmed"
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGED = "email_changed"
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"
    EXPORT_ASKED = "export_asked"
    EXPORT_READY = "export_ready"
    EXPORT_FAILED = "export_failed"
    EXPORT_DELETED = "export_deleted"
    TERMS_ACCEPTED = "terms_accepted"
    ROLE_CHANGED = "role_changed"
    BANNED = "banned"
    BAN_LIFTED = "ban_lifted"
    APPEAL_DECIDED = "appeal_decided"
    DELETION_ASKED = "deletion_asked"
    DELETION_UNDONE = "deletion_undone"


class Activity(Document):
    """One thing that happened, by which device and from where; `order` pages the list."""

    user_id: str
    what: What
    session_id: str
    device: str
    address: str
    at: datetime
    order: str


class Activities(Repository[Activity]):
    collection = "activity"
    owner = "user_id"
    document = Activity
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("user_id", ASCENDING), ("order", DESCENDING)]),  # of_person
        IndexModel([("at", ASCENDING)], expireAfterSeconds=KEPT_SECONDS),
    )

    async def of_person(self, user_id: str, *, before: str | None, limit: int) -> list[Activity]:
        """What happened to an account, the last first, from after a position."""
        where: dict[str, Any] = {"user_id": user_id}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)
