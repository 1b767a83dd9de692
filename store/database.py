"""The connection to MongoDB and its transactions.

Whatever a command writes goes through `Database.transaction`, so that it is all there, on a majority, or not at all.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import Any, TypeVar

import pymongo
from bson.codec_options import CodecOptions
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import (
    AutoReconnect,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    WaitQueueTimeoutError,
    WTimeoutError,
)

from store.lifeline import Lifeline

Row = dict[str, Any]
Session = AsyncClientSession
T = TypeVar("T")

Duplicate = DuplicateKeyError

# A caller waits this long for the database at most, retries and fail-over included: then it hears `unavailable`.
PATIENCE_SECONDS = 3.0

# Not the primary, stepping down, shutting down, no write concern: the server's own words for "not now, try again".
NOT_NOW = frozenset({6, 7, 89, 91, 112, 189, 251, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436, 50})


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


class Database:
    """One client for one event loop; made inside the running loop and closed by its maker."""

    def __init__(self, url: str, name: str) -> None:
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
        )
        self.documents: AsyncDatabase[Row] = self._client.get_database(
            name, codec_options=CodecOptions(tz_aware=True, tzinfo=UTC)
        )
        self.lifeline = Lifeline(self.documents)

    async def ping(self) -> None:
        """Raise unless the database answers within a second."""
        with pymongo.timeout(1):
            await self.documents.command("ping")

    async def transaction(self, work: Callable[[Session], Awaitable[T]], *, within: float = PATIENCE_SECONDS) -> T:
        """Run work in one transaction and commit it, in so many seconds; it runs again when it raced with another."""
        async with self._client.start_session() as session:
            try:
                with pymongo.timeout(within):
                    await self.lifeline.cover(session)
                    return await session.with_transaction(work)
            except PyMongoError as error:
                # With the time over the driver cannot say that it gives up, and what was written stays locked.
                if is_unavailable(error):
                    self.lifeline.forsake(session)
                raise

    async def drop(self) -> None:
        """Drop everything; for tests and demo data."""
        await self._client.drop_database(self.documents.name)

    async def close(self) -> None:
        """Close every connection."""
        await self._client.close()
