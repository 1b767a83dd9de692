"""The database that is set, for a command that needs it to itself; the embedded one is started, and must be at rest."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.config import Settings
from server.embedded import embedded_servers
from server.logs import refuse
from store import Database, Store


@asynccontextmanager
async def resting_store(settings: Settings) -> AsyncIterator[Store]:
    """Its collections, with every index there."""
    unneeded = settings.redis_url or "redis://unneeded"
    async with embedded_servers(
        settings.data_folder, on_log=refuse, mongodb_url=settings.mongodb_url, redis_url=unneeded
    ) as endpoints:
        database = Database(endpoints.mongodb_url, settings.mongodb_database)
        try:
            store = Store(database)
            await store.create_indexes()
            yield store
        finally:
            await database.close()
