"""Whoever watches the database's commands is told of each how it ended, also of those that nobody waited for."""

import asyncio
import os
import signal

import pytest

from store.database import Database
from store.watching import End
from tests.processes import Servers


async def test_a_command_that_is_cancelled_ends_as_such(
    servers: Servers, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.watching.MOST_OPEN", 1)
    begun: list[str] = []
    ended: list[tuple[int, str | None]] = []

    def watch(command: str, _: str) -> End:
        begun.append(command)
        number = len(begun)
        return lambda error: ended.append((number, error))

    database = Database(servers.mongodb_url, database_name, watch=watch)
    things = database.documents["things"]
    await things.find_one({"_id": 1})
    mongodb = servers.pid("mongodb")
    os.kill(mongodb, signal.SIGSTOP)
    try:
        asking = asyncio.create_task(things.find_one({"_id": 1}))
        async with asyncio.timeout(10):
            while len(begun) < 2:
                await asyncio.sleep(0.01)
        asking.cancel()
        await asyncio.wait((asking,), timeout=10)
        assert asking.cancelled()
    finally:
        os.kill(mongodb, signal.SIGCONT)
    await things.find_one({"_id": 1})
    await database.close()

    assert begun[:3] == ["find"] * 3
    assert ended[:3] == [(1, None), (2, "cancelled"), (3, None)]
