"""Accounts elsewhere by which people sign in here, and those who are on the way to prove that one is theirs."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, IndexModel

from store.repository import Document, Repository


class Claims(BaseModel):
    """What a provider vouches for. Whose it is says `issuer` with `subject`, never the address."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    subject: str
    email: str
    # Whether the provider knows that the address is this person's, and is the one to know.
    owns_email: bool
    name: str


def identity_id(claims: Claims) -> str:
    """The id of the identity that claims are of."""
    return f"{claims.issuer} {claims.subject}"


class Identity(Document):
    """An account elsewhere and the account here that it opens. The id is `<issuer> <subject>`."""

    user_id: str
    email: str
    linked_at: datetime


class Identities(Repository[Identity]):
    collection = "identities"
    owner = "user_id"
    document = Identity
    indexes: ClassVar[Sequence[IndexModel]] = (IndexModel([("user_id", ASCENDING)]),)  # of_person

    async def of_person(self, user_id: str) -> list[Identity]:
        """By which accounts elsewhere a person signs in."""
        return await self._many({"user_id": user_id}, limit=10)

    async def delete(self, identity_id: str) -> None:
        """Forget one."""
        await self._rows.delete_one({"_id": identity_id}, session=await self._within())


class Proof(Document):
    """One try to prove who one is elsewhere, by the browser that began it. The id is the protocol's `state`."""

    # A hash of what that browser alone knows.
    browser: str
    nonce: str
    verifier: str
    redirect_uri: str | None
    asked_at: datetime | None = None
    claims: Claims | None = None
    expires_at: datetime


class Proofs(Repository[Proof]):
    collection = "identity_proofs"
    document = Proof
    indexes: ClassVar[Sequence[IndexModel]] = (IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),)

    async def ask(self, state: str, *, at: datetime) -> bool:
        """The provider is asked about it now; False if it was before."""
        return await self._change({"_id": state, "asked_at": None}, {"$set": {"asked_at": at}}) is not None

    async def ask_again(self, state: str) -> None:
        """The provider did not answer."""
        await self._change({"_id": state}, {"$set": {"asked_at": None}})

    async def keep(self, state: str, claims: Claims) -> None:
        """What the provider said."""
        await self._change({"_id": state}, {"$set": {"claims": claims.model_dump()}})

    async def use(self, state: str) -> bool:
        """It has served; False if it had before."""
        done = await self._rows.delete_one({"_id": state}, session=await self._within())
        return done.deleted_count == 1
