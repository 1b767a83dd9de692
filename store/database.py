"""The connection to MongoDB and its transactions.

Whatever a command writes goes through `Database.transaction`, so that it is all there, on a majority, or not at all.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC
from typing import Any, NoReturn, TypeVar, cast

import pymongo
from bson.codec_options import CodecOptions
from pymongo import AsyncMongoClient, InsertOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import (
    AutoReconnect,
    ClientBulkWriteException,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    WaitQueueTimeoutError,
    WriteConcernError,
    WTimeoutError,
)

from store.lifeline import Lifeline, is_broken
from store.waiting import mend
from store.watching import Watch, Watcher

Row = dict[str, Any]
T = TypeVar("T")

Duplicate = DuplicateKeyError
DUPLICATE = 11000

# A caller waits this long for the database at most, retries and fail-over included: then it hears `unavailable`.
PATIENCE_SECONDS = 3.0
# Who is refused after so long may have lost the rest of it to a database that was not found.
DOUBTFUL_SECONDS = 2.0

# Not the primary, stepping down, shutting down, interrupted, no write concern: the server's words for "try again".
NOT_NOW = frozenset({6, 7, 89, 91, 112, 189, 251, 262, 9001, 10107, 11600, 11601, 11602, 13388, 13435, 13436, 50})


# MongoDB 8.0, which was the first to take inserts into several collections as one command.
OLDEST_WIRE_VERSION = 25


class Unusable(Exception):
    """Why this database cannot be used at all, in one line for whoever set it."""


def is_unavailable(error: BaseException) -> bool:
    """Tell whether an error means that the database cannot answer now, whatever the question was."""
    if isinstance(
        error,
        AutoReconnect | ConnectionFailure | ExecutionTimeout | NetworkTimeout | WaitQueueTimeoutError | WTimeoutError,
    ):
        return True
    if isinstance(error, OperationFailure) and not isinstance(error, DuplicateKeyError):
        return error.code in NOT_NOW or error.has_error_label("TransientTransactionError")
    return isinstance(error, PyMongoError) and error.timeout


class Session:
    """One try at a transaction. Inserts wait in it, and travel together before the next question or the commit.

    A round trip costs as much as the write: with one for all its inserts a message costs half.
    """

    def __init__(self, driver: AsyncClientSession) -> None:
        self._driver = driver
        self._begun = False
        self._inserts: list[tuple[AsyncCollection[Row], Row]] = []

    def insert(self, into: AsyncCollection[Row], rows: Iterable[Row]) -> None:
        """Insert rows; an index that forbids one of them is heard of when they travel."""
        self._inserts.extend((into, row) for row in rows)

    async def ready(self) -> AsyncClientSession:
        """The driver's session, once the database has everything that was inserted so far."""
        inserts, self._inserts = self._inserts, []
        if inserts and not self._begun:
            # Its first command carries the read concern, which the embedded database does not take of a bulk write.
            into, row = inserts.pop(0)
            await into.insert_one(row, session=self._driver)
        self._begun = True
        if inserts:
            try:
                await self._driver.client.bulk_write(
                    [InsertOne(row, namespace=into.full_name) for into, row in inserts], session=self._driver
                )
            except ClientBulkWriteException as error:
                _raise_reason(error)
        return self._driver


def _raise_reason(error: ClientBulkWriteException) -> NoReturn:
    """Raise what a single insert would have raised."""
    if isinstance(error.error, PyMongoError):
        raise error.error from None
    # In order, so that there is at most one; its stub gives it another type than the driver.
    for first in cast("list[Row]", error.write_errors or []):
        if first["code"] == DUPLICATE:
            raise DuplicateKeyError(first["errmsg"], DUPLICATE, first) from None
    for first in cast("list[Row]", error.write_concern_errors or []):
        raise WriteConcernError(first["errmsg"], first["code"], first) from None
    raise error


def _whole(work: Callable[[Session], Awaitable[T]]) -> Callable[[AsyncClientSession], Awaitable[T]]:
    """Work with a session of its own for each try, and nothing of it left behind at the commit."""

    async def attempt(driver: AsyncClientSession) -> T:
        session = Session(driver)
        done = await work(session)
        await session.ready()
        return done

    return attempt


class Database:
    """One client for one event loop; made inside the running loop and closed by its maker."""

    def __init__(self, url: str, name: str, *, watch: Watch | None = None) -> None:
        # Nothing where nobody watches: whoever makes clients for a test has listeners of their own.
        watching: dict[str, Any] = {} if watch is None else {"event_listeners": [Watcher(watch)]}
        mend()
        try:
            self._client: AsyncMongoClient[Row] = AsyncMongoClient(
                url,
                tz_aware=True,
                tzinfo=UTC,
                w="majority",
                journal=True,
                readConcernLevel="majority",
                timeoutMS=int(PATIENCE_SECONDS * 1000),
                serverSelectionTimeoutMS=2500,
                heartbeatFrequencyMS=1000,
                waitQueueTimeoutMS=2000,
                maxPoolSize=50,
                # Transactions are tried again all the same. The driver's own second try of a plain write, where it may
                # not be, raises the first error in a connection's hands, and that resets everybody's connections.
                retryWrites=False,
                **watching,
            )
        except PyMongoError as error:
            raise Unusable(f"MONGODB_URL: {error}") from error
        self.documents: AsyncDatabase[Row] = self._client.get_database(
            name, codec_options=CodecOptions(tz_aware=True, tzinfo=UTC)
        )
        self.lifeline = Lifeline(self.documents)

    async def require_usable(self) -> None:
        """Raise `Unusable` unless the database answers, lets us in, and is new enough."""
        try:
            hello = await self.documents.command("hello")
        except PyMongoError as error:
            reason = str(error).partition(" (configured timeouts")[0]
            raise Unusable(f"MONGODB_URL: the database cannot be used: {reason}") from error
        if hello["maxWireVersion"] < OLDEST_WIRE_VERSION:
            raise Unusable("MONGODB_URL: that MongoDB is too old; SkillNet needs 8.0 or newer.")

    async def ping(self) -> None:
        """Raise unless the database answers within a second."""
        with pymongo.timeout(1):
            await self.documents.command("ping")

    async def transaction(self, work: Callable[[Session], Awaitable[T]], *, within: float = PATIENCE_SECONDS) -> T:
        """Run work in one transaction and commit it, in so many seconds; it runs again when it raced with another."""
        clock = asyncio.get_running_loop().time
        async with self._client.start_session() as session:
            begun = clock()
            try:
                with pymongo.timeout(within):
                    await self.lifeline.cover(session)
                    return await session.with_transaction(_whole(work))
            except BaseException as error:
                # The driver tells nobody when its word that it gives up was lost, and what was written stays locked.
                late = clock() - begun >= min(within, DOUBTFUL_SECONDS)
                if late or isinstance(error, asyncio.CancelledError) or is_unavailable(error) or is_broken(session):
                    self.lifeline.forsake(session)
                raise

    async def drop(self) -> None:
        """Drop everything; for tests and demo data."""
        await self._client.drop_database(self.documents.name)

    async def close(self) -> None:
        """End the lifeline, and close every connection."""
        await self.lifeline.stop()
        await self._client.close()
