"""Time credit: what people owe each other in minutes. A transfer takes from one what it gives to another.

So all balances together are zero, always. Nothing is ever deleted: what was wrong is reversed by a transfer back.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from store.repository import Document, Repository


class Account(Document):
    """What somebody has, under their id: `balance` minutes, of which `reserved` are promised or in dispute."""

    balance: int = 0
    reserved: int = 0


class Accounts(Repository[Account]):
    collection = "credit_accounts"
    document = Account

    async def change(self, account: Account, *, balance: int = 0, reserved: int = 0) -> Account | None:
        """Move what was read; None if somebody else has moved it meanwhile."""
        where = {"_id": account.id, "balance": account.balance, "reserved": account.reserved}
        return await self._change(where, {"$inc": {"balance": balance, "reserved": reserved}})


class Transfer(Document):
    """Minutes from one to another for a swap; with `reverses`, back again."""

    giver: str
    receiver: str
    people: tuple[str, str]
    minutes: int
    swap: str
    reverses: str | None = None
    at: datetime
    order: str


class Transfers(Repository[Transfer]):
    collection = "credit_transfers"
    document = Transfer
    indexes: ClassVar[Sequence[IndexModel]] = (IndexModel([("people", ASCENDING), ("order", DESCENDING)]),)  # of_person

    async def of_person(self, user_id: str, *, before: str | None, limit: int) -> list[Transfer]:
        """What somebody gave and got, the last first, from after a position."""
        where: dict[str, Any] = {"people": user_id}
        if before is not None:
            where["order"] = {"$lt": before}
        return await self._many(where, sort=(("order", -1),), limit=limit)
