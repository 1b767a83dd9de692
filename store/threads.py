"""Conversations: who is in them, their last message, and how far their numbering has come.

`last_seq` grows in the transaction that inserts the message of that number: a reader never sees a gap.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Filter, Repository, order_of


class Kind(StrEnum):
    PAIR = "pair"
    GROUP = "group"


class Excerpt(BaseModel):
    """What a list of conversations shows of the last message."""

    model_config = ConfigDict(frozen=True)

    message_id: str
    seq: int
    sender: str
    text: str
    timestamp: datetime


class FirstContact(BaseModel):
    """Somebody turned to a stranger, who has not answered yet; or declined, of which the first knows nothing."""

    model_config = ConfigDict(frozen=True)

    by: str
    to: str
    at: datetime
    declined: bool = False


def _found_by(first: Collection[FirstContact]) -> dict[str, list[str]]:
    """By whom, and of whom, first contacts are found; nothing where there are none."""
    found = {"first_by": [one.by for one in first], "asked_of": [one.to for one in first if not one.declined]}
    return {name: ids for name, ids in found.items() if ids}


class Thread(Document):
    """A conversation. `sent` holds the number of each person's last own message, by user id."""

    kind: Kind
    pair_key: str | None = None
    title: str | None = None
    participants: tuple[str, ...]
    admins: tuple[str, ...] = ()
    gig: str | None = None
    swap: str | None = None
    last_seq: int = 0
    last_message: Excerpt | None = None
    sent: dict[str, int] = {}
    pinned: tuple[str, ...] = ()
    # Every participant is in exactly one of the two: the list of conversations reads either by one index.
    shown_to: tuple[str, ...]
    archived_by: tuple[str, ...] = ()
    created_by: str
    created_at: datetime
    activity_at: datetime
    # One strictly ordered field to page by: when it was last active, then its id.
    order: str
    # Of whom in it an answer is waited for, by whom; and its place among what somebody is asked for.
    first: tuple[FirstContact, ...] = ()
    asked_order: str = ""
    # Those of a pair who blocked the other, or left: here, so that whoever writes asks nothing more.
    closed_by: tuple[str, ...] = ()
    # When to look whether what was said is read; set by the first message after the last look.
    notice_at: datetime | None = None
    notice_again: bool = False

    @property
    def request(self) -> FirstContact | None:
        """The first contact that a pair is, as long as nobody has answered it."""
        return self.first[0] if self.first and self.kind is Kind.PAIR else None

    def is_answered(self, person: str) -> bool:
        """Whether this person need not wait: some of the others are no strangers to them, or one has said a word."""
        asked = {one.to for one in self.first if one.by == person}
        waits = bool(asked) and {*self.participants} - {person} <= asked
        # Who answered may have left since.
        return not waits or bool(self.sent.keys() - {person})

    def asks(self, person: str) -> FirstContact | None:
        """What of somebody is waited for here: until they answer, nobody in it is told anything of them."""
        return next((one for one in self.first if one.to == person), None)

    def row(self) -> dict[str, Any]:
        """Without `pair_key` where there is none, as its index is unique; nor `notice_at`, of which few have one."""
        row = super().row() | _found_by(self.first)
        for name in ("pair_key", "notice_at"):
            if row[name] is None:
                del row[name]
        return row


class Threads(Repository[Thread]):
    collection = "threads"
    document = Thread
    indexes: ClassVar[Sequence[IndexModel]] = (
        IndexModel([("shown_to", ASCENDING), ("order", DESCENDING)]),  # of_person
        IndexModel([("archived_by", ASCENDING), ("order", DESCENDING)]),  # of_person
        IndexModel([("participants", ASCENDING), ("order", DESCENDING)]),  # ids_of_person, of_people
        IndexModel([("pair_key", ASCENDING)], unique=True, sparse=True),  # of_pair
        IndexModel([("notice_at", ASCENDING)], sparse=True),  # unnoticed
        IndexModel([("first_by", ASCENDING)], sparse=True),  # begun_by
        IndexModel([("asked_of", ASCENDING), ("asked_order", DESCENDING)]),  # asked_of
    )

    async def of_pair(self, pair_key: str) -> Thread | None:
        """The conversation of two people in one context."""
        return await self._one({"pair_key": pair_key})

    async def of_person(self, user_id: str, *, archived: bool, before: str | None, limit: int) -> list[Thread]:
        """A person's conversations, the last active first, from after a position in their order."""
        where: dict[str, Any] = {"archived_by" if archived else "shown_to": user_id}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)

    async def begun_by(self, user_id: str, *, limit: int) -> list[Thread]:
        """Those in which somebody waits for an answer of a stranger, in no order."""
        return await self._many({"first_by": user_id}, sort=(), limit=limit)

    async def asked_of(self, user_id: str, *, before: str | None, limit: int) -> list[Thread]:
        """Those in which a stranger waits for an answer of somebody, the last begun first, from after a position."""
        where: dict[str, Any] = {"asked_of": user_id}
        if before is not None:
            where["asked_order"] = {"$lt": before}
        return await self._many(where, sort=(("asked_order", -1),), limit=limit)

    async def between(self, one: str, other: str, *, limit: int) -> list[Thread]:
        """What two people have as a pair, in whatever context, in no order."""
        return await self._many({"pair_key": _keys_of_two(one, other)}, sort=(), limit=limit)

    async def set_first(self, thread: Thread, first: Collection[FirstContact]) -> Thread | None:
        """Of whom an answer is waited for, from now on."""
        found = _found_by(first)
        gone = {name: "" for name in ("first_by", "asked_of") if name not in found}
        change: dict[str, Any] = {"$set": {"first": [one.model_dump() for one in first], **found}}
        return await self._change({"_id": thread.id}, change | ({"$unset": gone} if gone else {}))

    async def ids_of_person(self, user_id: str, *, limit: int) -> list[str]:
        """The ids of a person's conversations, the last active first."""
        rows = self._rows.find(
            {"participants": user_id},
            projection={"_id": 1},
            sort=[("order", -1)],
            limit=limit,
            session=await self._within(),
        )
        return [row["_id"] async for row in rows]

    async def of_people(self, user_ids: Sequence[str], *, limit: int) -> list[Thread]:
        """The last active conversations of any of these people."""
        return await self._many({"participants": {"$in": list(user_ids)}}, sort=(("order", -1),), limit=limit)

    async def among(self, ids: Collection[str]) -> list[Thread]:
        """Those of these ids that exist, in no order."""
        return await self._many({"_id": {"$in": list(ids)}}, limit=max(1, len(ids)))

    async def append(
        self, thread_id: str, *, message_id: str, sender: str, text: str, at: datetime, is_told: bool = False
    ) -> Thread | None:
        """Take the next number, `last_seq` of what comes back, for a message of a participant; None if not theirs.

        Without a sender it is for what the server itself has to say. What is told elsewhere is no reason to look who
        has not read it.

        Only in the transaction that inserts the message: a number taken beforehand is a gap that a reader sees.
        """
        excerpt = {"message_id": message_id, "sender": sender, "text": text, "timestamp": at}
        own = {f"sent.{sender}": "$last_seq"} if sender else {}
        # The second look of what was said before would be the last: this has two of its own.
        look = {"notice_at": {"$cond": ["$notice_again", at, {"$ifNull": ["$notice_at", at]}]}, "notice_again": False}
        return await self._change(
            {"_id": thread_id, **({"participants": sender} if sender else {})},
            [
                {
                    "$set": {
                        "last_seq": {"$add": ["$last_seq", 1]},
                        "activity_at": at,
                        "order": order_of(at, thread_id),
                        **({} if is_told else look),
                    }
                },
                # Literally: a text that begins with `$` would be read as the name of a field.
                {"$set": {"last_message": {"$literal": excerpt}, **own}},
                {"$set": {"last_message.seq": "$last_seq"}},
            ],
        )

    async def close(self, one: str, other: str) -> None:
        """Have one of two people take no messages of the other, in whatever they have as a pair."""
        await self._of_two(one, other, {"$addToSet": {"closed_by": one}})

    async def reopen(self, one: str, other: str) -> None:
        """Have them take messages again."""
        await self._of_two(one, other, {"$pull": {"closed_by": one}})

    async def close_all(self, user_id: str) -> None:
        """Have somebody take no messages in any pair: to others it is the same whether they left or want no more."""
        where = {"participants": user_id, "kind": Kind.PAIR}
        await self._rows.update_many(where, {"$addToSet": {"closed_by": user_id}}, session=await self._within())

    async def _of_two(self, one: str, other: str, change: Filter) -> None:
        where = {"pair_key": _keys_of_two(one, other)}
        await self._rows.update_many(where, change, session=await self._within())

    async def unnoticed(self, *, before: datetime, limit: int) -> list[Thread]:
        """Those that were written in, and have to be looked at since a moment, the first first."""
        return await self._many({"notice_at": {"$lte": before}}, sort=(("notice_at", ASCENDING),), limit=limit)

    async def look_again(self, thread: Thread, *, at: datetime) -> None:
        """Look at one once more, at a moment; unless somebody has written in it, so that it is looked at before."""
        await self._seen(thread, {"$set": {"notice_at": at, "notice_again": True}})

    async def noticed(self, thread: Thread) -> None:
        """Look at one no more, until somebody writes in it; unless somebody has."""
        await self._seen(thread, {"$unset": {"notice_at": ""}, "$set": {"notice_again": False}})

    async def _seen(self, thread: Thread, change: Filter) -> None:
        asked = {"_id": thread.id, "last_seq": thread.last_seq}
        await self._rows.update_one(asked, change, session=await self._within())

    async def change(self, thread_id: str, change: Filter, *, where: Filter | None = None) -> Thread | None:
        """Change a conversation, if it (still) matches."""
        return await self._change({"_id": thread_id, **(where or {})}, change)


def _keys_of_two(one: str, other: str) -> dict[str, str]:
    # All keys of two people begin with theirs; ";" comes after ":".
    both = ":".join(sorted((one, other)))
    return {"$gte": f"{both}:", "$lt": f"{both};"}
