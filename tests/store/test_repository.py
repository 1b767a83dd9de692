"""What a release does to a database that an older one made."""

import pytest
from pymongo import AsyncMongoClient

from store import Store
from store.database import Database
from store.ids import new_id
from store.threads import Threads


async def test_an_index_that_was_otherwise_is_made_anew(mongodb_url: str, database_name: str) -> None:
    database = Database(mongodb_url, database_name)
    threads = database.documents["threads"]
    partial = {"pair_key": {"$exists": True}}
    await threads.create_index([("pair_key", 1)], unique=True, partialFilterExpression=partial)
    await threads.insert_many([{"_id": new_id()}, {"_id": new_id()}, {"_id": new_id(), "pair_key": "a:b"}])

    for _ in range(2):
        await Threads(database).create_indexes()

    index = (await threads.index_information())["pair_key_1"]
    assert (index.get("sparse"), index.get("unique"), index.get("partialFilterExpression")) == (True, True, None)
    assert await threads.count_documents({}) == 3
    await database.close()


async def test_an_index_over_much_may_take_longer_than_anybody_else_waits(
    mongodb_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.database.PATIENCE_SECONDS", 0.5)
    slowly = {"failCommands": ["createIndexes"], "blockConnection": True, "blockTimeMS": 800}
    database = Database(mongodb_url, database_name)
    async with AsyncMongoClient[dict[str, object]](mongodb_url) as client:
        await client.admin.command({"configureFailPoint": "failCommand", "mode": {"times": 1}, "data": slowly})

        await Store(database).create_indexes()

    assert "pair_key_1" in await database.documents["threads"].index_information()
    await database.close()
