"""What people are to know of, each once: grouped while it is unread, and gone when its time is over."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository, order_of
from store.users import ERASED_NAME

KEPT = timedelta(days=90)
# After its time is over a notification is kept so long, hidden: whoever counts it down finds it.
AFTERWARDS = timedelta(days=1)


class Topic(StrEnum):
    """What a notification is about; people choose by these what reaches them how."""

    MESSAGES = "messages"
    SWAPS = "swaps"
    REMINDERS = "reminders"
    MATCHES = "matches"
    GIGS = "gigs"
    SAVED_SEARCHES = "saved_searches"
    REVIEWS = "reviews"
    CALLS = "calls"
    FORUM = "forum"
    ACHIEVEMENTS = "achievements"
    ACCOUNT = "account"
    MODERATION = "moderation"


class Notification(Document):
    """One thing that one person is to know of. An unread one of the same key grows, instead of a second one."""

    user_id: str
    topic: Topic
    title: str
    # The title once there are several; `{count}` in it is how many.
    many: str = ""
    # What the server says beside the title, and then what people wrote.
    lead: str = ""
    text: str = ""
    # Whom it names, as long as they have not left; their name stands for `{name}` in what the server says.
    named: str | None = None
    name: str = ""
    about: str
    data: dict[str, Any] = {}
    actor_id: str | None = None
    key: str | None = None
    # The person and the key, as long as it is unread: a unique index lets there be one.
    open_key: str | None = None
    count: int = 1
    urgent: bool = False
    pushed: bool = False
    # Until their quiet is over it is pushed to nobody.
    held: bool = False
    # Not shown to who wants none of the topic in the list; it may still be pushed, or written of in a letter.
    shown: bool = True
    # Whose unread ones it counts to, as long as it does.
    unread_of: str | None
    created_at: datetime
    at: datetime
    order: str
    read_at: datetime | None = None
    expires_at: datetime
    kept_until: datetime

    def row(self) -> dict[str, Any]:
        """Without `open_key` where there is none, as its index is unique; nor `named`, if nobody is."""
        row = super().row()
        for name in ("open_key", "named"):
            if row[name] is None:
                del row[name]
        return row

    @property
    def heading(self) -> str:
        """The title, of one or of several."""
        title = self.many.replace("{count}", str(self.count)) if self.many and self.count > 1 else self.title
        return title.replace("{name}", self.name)

    @property
    def words(self) -> str:
        """All that is said beside it."""
        return "\n".join(filter(None, (self.lead.replace("{name}", self.name), self.text)))


def open_key(user_id: str, key: str) -> str:
    """By what a person's unread notification of a key is found."""
    return f"{user_id}:{key}"


class Notifications(Repository[Notification]):
    collection = "notifications"
    owner = "user_id"
    document = Notification
    indexes: ClassVar[Sequence[IndexModel]] = (
        # Ascending, though they are read backwards: a descending one of the embedded database does not find what
        # only begins as the bound does.
        IndexModel([("user_id", ASCENDING), ("order", ASCENDING)]),  # page, since
        IndexModel([("unread_of", ASCENDING), ("order", ASCENDING)]),  # unread, count_unread
        IndexModel([("open_key", ASCENDING)], unique=True, sparse=True),  # open
        IndexModel([("data.message_id", ASCENDING)], sparse=True),  # retell
        IndexModel([("named", ASCENDING)], sparse=True),  # delete_owned
        IndexModel([("kept_until", ASCENDING)], expireAfterSeconds=0),
    )

    async def page(self, user_id: str, *, before: str | None, limit: int) -> list[Notification]:
        """What a person was notified of, the last first, from after a position; some may be over, or not shown."""
        where: dict[str, Any] = {"user_id": user_id}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)

    async def unread(self, user_id: str, *, before: str | None, limit: int) -> list[Notification]:
        """What a person has not read, the last first, from after a position; some may be over."""
        where: dict[str, Any] = {"unread_of": user_id}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)

    async def count_unread(self, user_ids: Collection[str]) -> dict[str, int]:
        """How much each of these people has not read."""
        where = {"unread_of": {"$in": list(user_ids)}}
        steps: list[dict[str, Any]] = [{"$match": where}, {"$group": {"_id": "$unread_of", "count": {"$sum": 1}}}]
        rows = await self._rows.aggregate(steps, session=await self._within())
        counted = {row["_id"]: int(row["count"]) async for row in rows}
        return {user_id: counted.get(user_id, 0) for user_id in user_ids}

    async def open(self, user_ids: Collection[str], *keys: str) -> list[Notification]:
        """The unread ones of these keys, of these people."""
        asked = [open_key(user_id, key) for user_id in user_ids for key in keys]
        return await self._many({"open_key": {"$in": asked}}, limit=max(1, len(asked)))

    async def since(self, user_id: str, *, after: str, up_to: str | None, limit: int) -> list[Notification]:
        """What a person was notified of after a position, perhaps up to another, read or not, the first first."""
        where = {"user_id": user_id, "order": {"$gt": after, **({} if up_to is None else {"$lte": up_to})}}
        return await self._many(where, sort=(("order", 1),), limit=limit)

    async def hold(self, id_: str) -> None:
        """Note that this waits for quiet to be over, to be told with all else that does."""
        await self._set([id_], held=True)

    async def release(self, ids: Collection[str]) -> None:
        """Note that these wait for quiet no more."""
        await self._set(ids, held=False)

    async def mark_pushed(self, ids: Collection[str]) -> None:
        """Note that devices show these, so that they are taken from them once they are read."""
        await self._set(ids, pushed=True)

    async def _set(self, ids: Collection[str], **fields: bool) -> None:
        if ids:
            named = {"_id": {"$in": list(ids)}}
            await self._rows.update_many(named, {"$set": fields}, session=await self._within())

    async def retell(self, message_id: str, text: str, *, among: Collection[str]) -> list[Notification]:
        """Have those of these people that tell a message tell this of it, read or not, and those of others nothing."""
        found = await self._many({"data.message_id": message_id}, limit=1000)
        told = [one.model_copy(update={"text": text if one.user_id in among else ""}) for one in found]
        for said in {one.text for one in told}:
            named = {"_id": {"$in": [one.id for one in told if one.text == said]}}
            await self._rows.update_many(named, {"$set": {"text": said}}, session=await self._within())
        return told

    async def renew(self, id_: str, fields: dict[str, Any], *, times: int, at: datetime) -> Notification | None:
        """It happened again: so many more of it, and the last in the list; None if it was read meanwhile."""
        change = {"$set": {**fields, "at": at, "order": order_of(at, id_)}, "$inc": {"count": times}}
        return await self._change({"_id": id_, "read_at": None}, change)

    async def read(self, user_id: str, ids: Collection[str], *, at: datetime) -> list[Notification]:
        """Have a person have read these of theirs; answers those that they had not."""
        asked = {"_id": {"$in": list(ids)}, "user_id": user_id, "read_at": None}
        found = await self._many(asked, limit=max(1, len(ids)))
        if found:
            change = {"$set": {"unread_of": None, "read_at": at}, "$unset": {"open_key": ""}}
            named = {"_id": {"$in": [one.id for one in found]}}
            await self._rows.update_many(named, change, session=await self._within())
        return found

    async def delete(self, id_: str) -> None:
        """Forget one."""
        await self._rows.delete_one({"_id": id_}, session=await self._within())

    async def delete_owned(self, user_id: str, *, most: int) -> bool:
        """With what a person was notified of goes their name from what others were."""
        return any([await super().delete_owned(user_id, most=most), await self._forget_name(user_id, most)])

    async def _forget_name(self, user_id: str, most: int) -> bool:
        found = await self._many({"named": user_id}, sort=(), limit=most)
        if found:
            change = {"$set": {"name": ERASED_NAME, "actor_id": None}, "$unset": {"named": ""}}
            named = {"_id": {"$in": [one.id for one in found]}}
            await self._rows.update_many(named, change, session=await self._within())
        return bool(found)
