"""Whoever gives up waiting for the database keeps nobody else from it."""

import asyncio
import os
import signal
from contextlib import suppress

from pymongo.errors import PyMongoError

from store.database import Database
from tests.processes import Servers

# More than there are connections: the others wait for one.
MANY = 150


async def test_many_who_are_ended_at_once_while_they_wait_leave_the_pool_to_others(
    servers: Servers, database_name: str
) -> None:
    database = Database(servers.mongodb_url, database_name)
    await database.ping()

    async def ask() -> None:
        with suppress(PyMongoError):
            await database.documents["things"].find_one({"_id": 1})

    mongodb = servers.pid("mongodb")
    os.kill(mongodb, signal.SIGSTOP)
    try:
        asking = [asyncio.create_task(ask()) for _ in range(MANY)]
        await asyncio.sleep(0.3)
        # As `background.end` does to whom a cancellation did not end.
        for _ in range(6):
            for task in asking:
                task.cancel()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
    finally:
        os.kill(mongodb, signal.SIGCONT)
    _, stuck = await asyncio.wait(asking, timeout=15)
    assert not stuck
    await database.ping()
    await database.close()
