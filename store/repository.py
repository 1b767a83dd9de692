"""What every collection can do: keep a document type, read it back by id or by page, and declare its indexes.

A repository answers questions that its indexes can serve; it knows no rule of the domain.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pymongo import IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import OperationFailure

from store.database import Database, Row, Session
from store.ids import new_id

Filter = Mapping[str, Any]

# IndexOptionsConflict, IndexKeySpecsConflict: an index of that name, or of those keys, is there and is another.
OTHERWISE = frozenset({85, 86})
ALREADY_THERE = 48
# The embedded database compares whatever it reads with each of those that it is asked about.
ASKED_AT_ONCE = 100
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
SHORT_TIME = timedelta(minutes=1)
LONGER = 8


def in_parts(ids: Sequence[str]) -> Iterator[list[str]]:
    """As many as are asked about in one question, and the rest after them."""
    for start in range(0, len(ids), ASKED_AT_ONCE):
        yield list(ids[start : start + ASKED_AT_ONCE])


def order_of(at: datetime, id_: str) -> str:
    """Where something stands in a list by time, as one text to page by: the millisecond, and its id among equals."""
    return f"{int(at.timestamp() * 1000):013d}.{id_}"


class Kept(Protocol):
    """What a collection keeps: it has an id, and knows itself as a row."""

    @property
    def id(self) -> str: ...
    def row(self) -> Row: ...
    @classmethod
    def read(cls, row: Row) -> Self: ...


class Document(BaseModel):
    """What is kept. Never leaves the server: a view does."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(default_factory=new_id)

    def row(self) -> Row:
        """The document as MongoDB keeps it."""
        row = self.model_dump()
        row["_id"] = row.pop("id")
        return row

    @classmethod
    def read(cls, row: Row) -> Self:
        """The document that MongoDB kept as this row."""
        row["id"] = row.pop("_id")
        return cls.model_validate(row)


D = TypeVar("D", bound=Kept)


class Repository(Generic[D]):
    """One collection. A session, when there is one, puts every question and write into its transaction."""

    collection: ClassVar[str]
    document: type[D]
    indexes: ClassVar[Sequence[IndexModel]] = ()
    # The field that says whose own a document is, if they are somebody's own: they go with that person.
    owner: ClassVar[str | None] = None
    # Fields that say whom it is about, where it means nothing without them: it goes with these people, too.
    names: ClassVar[Sequence[str]] = ()

    def __init__(self, database: Database, session: Session | None = None) -> None:
        self._rows = database.documents[self.collection]
        self._session = session

    async def create_indexes(self) -> None:
        """Create the collection, its indexes that are missing, and those anew that were otherwise; safe to repeat."""
        if not self.indexes:
            await self._create()
            return
        try:
            await self._rows.create_indexes(list(self.indexes))
        except OperationFailure as error:
            if error.code not in OTHERWISE:
                raise
            for index in self.indexes:
                await self._create_anew(index)

    async def _create(self) -> None:
        try:
            await self._rows.database.create_collection(self.collection, check_exists=False)
        except OperationFailure as error:
            if error.code != ALREADY_THERE:
                raise

    async def _create_anew(self, index: IndexModel) -> None:
        try:
            await self._rows.create_indexes([index])
        except OperationFailure as error:
            if error.code not in OTHERWISE:
                raise
            await self._rows.drop_index(index.document["name"])
            await self._rows.create_indexes([index])

    async def get(self, id_: str) -> D | None:
        """The document of this id, if there is one. Whether the actor may see it is the caller's question."""
        return await self._one({"_id": id_})

    async def insert(self, document: D) -> D:
        """Keep a new document. Raises `Duplicate` when a unique index says that it is there already."""
        await self.insert_all([document])
        return document

    async def insert_all(self, documents: Sequence[D]) -> None:
        """Keep new documents; within a transaction they travel, and may be found to be `Duplicate`, a little later."""
        rows = [document.row() for document in documents]
        if self._session is not None:
            self._session.insert(self._rows, rows)
        elif len(rows) == 1:
            # Of many the driver says in other words that one is there already.
            await self._rows.insert_one(rows[0])
        elif rows:
            await self._rows.insert_many(rows)

    async def has_others(self, id_: str) -> bool:
        """Whether there is anything in it beside one document."""
        return any(one.id != id_ for one in await self._many({}, limit=2))

    async def owned(self, user_id: str) -> list[D]:
        """All that is a person's own; for a copy of it, since there is no end to it."""
        assert self.owner is not None  # noqa: S101 - asked of those that are somebody's own
        rows = self._rows.find({self.owner: user_id}, session=await self._within())
        return [self._read(row) async for row in rows]

    async def delete_owned(self, user_id: str, *, most: int) -> bool:
        """Delete so many documents that go with a person, of each kind; False if there were none."""
        fields = (self.owner, *self.names) if self.owner is not None else ()
        return any([await self._delete_some({field: user_id}, most) for field in fields])

    async def expire(self, *, at: datetime, most: int) -> None:
        """Delete so many documents whose time is over by an index that says so, those that have just been first."""
        for index in self.indexes:
            kept = index.document.get("expireAfterSeconds")
            if kept is not None:
                (field,) = index.document["key"]
                await self._drop_until(at - timedelta(seconds=kept), field, most)

    async def _drop_until(self, until: datetime, field: str, most: int) -> None:
        # The embedded database reads whatever a question matches, however few are wanted: so it is asked about a short
        # time, and about longer ones as long as little is found. Nothing at all sorts before any moment.
        span = SHORT_TIME
        while until > BEGINNING and most > 0:
            since = max(BEGINNING, until - span)
            gone = await self._delete_some({field: {"$gt": since, "$lte": until}}, most)
            until, most, span = since, most - gone, span if gone > ASKED_AT_ONCE else LONGER * span

    async def _delete_some(self, where: Filter, most: int) -> int:
        own = self._rows.find(where, projection={"_id": 1}, session=await self._within(), limit=most)
        ids = [row["_id"] async for row in own]
        for some in in_parts(ids):
            await self._rows.delete_many({"_id": {"$in": some}}, session=await self._within())
        return len(ids)

    async def _within(self) -> AsyncClientSession | None:
        """What to give the driver as `session`: within a transaction a question finds what it has inserted."""
        return None if self._session is None else await self._session.ready()

    async def _one(self, where: Filter) -> D | None:
        row = await self._rows.find_one(where, session=await self._within())
        return None if row is None else self._read(row)

    async def _many(self, where: Filter, *, sort: Sequence[tuple[str, int]] = (("_id", 1),), limit: int) -> list[D]:
        rows = self._rows.find(where, session=await self._within(), sort=list(sort), limit=limit)
        return [self._read(row) async for row in rows]

    async def _change(self, where: Filter, change: Filter | Sequence[Filter]) -> D | None:
        """Change one document, named by its `_id`, and answer it as it is afterwards; None if it did not match.

        Two questions within one transaction: the embedded database answers the one command for both by reading the
        whole collection.
        """
        done = await self._rows.update_one(where, change, session=await self._within())
        return await self.get(where["_id"]) if done.matched_count else None

    def _read(self, row: Row) -> D:
        return self.document.read(row)


class Replaceable(Repository[D]):
    """A collection in which what is kept may give way to what is kept anew."""

    async def put_whole(self, document: D) -> None:
        """Keep a document in the place of the one of its id, if there is any."""
        if await self.get(document.id) is None:
            await self.insert(document)
        else:
            await self._rows.replace_one({"_id": document.id}, document.row(), session=await self._within())
