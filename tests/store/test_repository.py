"""What a release does to a database that an older one made, and what becomes of what is over."""

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from pymongo import AsyncMongoClient

from handlers.context import Caller, Context
from handlers.ports import Ports
from handlers.tidying import drop_expired
from store import Collection, Store, requests
from store.database import Database, Duplicate
from store.ids import new_id
from store.jobs import Job, State
from store.requests import Request
from store.searches import Watch
from store.sightings import How, Sighting
from store.staff_log import Act, StaffAct
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


async def test_every_collection_is_there_before_anything_is_kept(mongodb_url: str, database_name: str) -> None:
    database = Database(mongodb_url, database_name)
    for _ in range(2):
        await Store(database).create_indexes()
    fields = [field for field in vars(Store).values() if isinstance(field, Collection)]
    names = {field.__get__(Store(database), Store).collection for field in fields}
    assert names <= set(await database.documents.list_collection_names())
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


async def test_what_is_over_goes_by_its_index_and_nothing_else(mongodb_url: str, database_name: str) -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    database = Database(mongodb_url, database_name)
    store = Store(database)
    await store.create_indexes()
    ends = [now - timedelta(days=1), now, now + timedelta(seconds=1)]
    watches = [Watch(user_id="a", filters={}, found_by=("*",), expires_at=at) for at in ends]
    await store.watches.insert_all(watches)
    ended = [None, now - timedelta(days=13), now - timedelta(days=15)]
    jobs = [Job(kind="x", errand={}, state=State.DONE, due_at=now, created_at=now, ended_at=at) for at in ended]
    await store.jobs.insert_all(jobs)

    await store.expire(at=now, most=1)

    assert len(await store.watches.of_person("a", limit=9)) == 2
    await store.expire(at=now, most=9)
    assert [one.id for one in await store.watches.of_person("a", limit=9)] == [watches[2].id]
    assert [await store.jobs.get(job.id) is not None for job in jobs] == [True, True, False]
    # The embedded database sweeps nothing by itself, for which it would read everything.
    over = {"ended_at": {"$gt": datetime(1970, 1, 1, tzinfo=UTC), "$lte": now}}
    plan = await database.documents.command({"explain": {"find": "jobs", "filter": over}, "verbosity": "queryPlanner"})
    assert "IXSCAN" in str(plan["queryPlanner"]["winningPlan"])
    await database.close()


async def test_all_of_a_busy_minute_goes_in_the_next_one(mongodb_url: str, database_name: str) -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    database = Database(mongodb_url, database_name)
    store = Store(database)
    await store.requests.create_indexes()
    over = now - requests.KEPT
    # Most are of the last seconds, and some of long ago.
    times = [over - timedelta(milliseconds=number) for number in range(590)]
    times += [over - timedelta(days=number) for number in range(0, 100, 10)]
    kept = Request(fingerprint="", answer="", created_at=over + timedelta(seconds=1))
    for some in range(0, len(times), 200):
        rows = [Request(fingerprint="", answer="", created_at=at) for at in times[some : some + 200]]
        await store.requests.insert_all(rows)
    await store.requests.insert(kept)

    await drop_expired(Context(store, now, cast("Ports", None), Caller("")))

    assert [row["_id"] async for row in database.documents["requests"].find()] == [kept.id]
    await database.close()


async def test_a_look_that_nobody_swept_yet_counts_no_more(mongodb_url: str, database_name: str) -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    database = Database(mongodb_url, database_name)
    sightings = Store(database).sightings
    old, young = [
        Sighting(id=name, gig_id="a", how=How.LISTED, at=now - timedelta(minutes=minutes))
        for name, minutes in (("old", 60), ("young", 59))
    ]
    await sightings.insert_all([old, young])

    assert await sightings.known(["old", "young", "new"], now=now) == {"young"}
    # And the same look can be kept anew.
    await sightings.insert(old)
    await database.close()


async def test_to_what_staff_did_can_only_be_added(mongodb_url: str, database_name: str) -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    database = Database(mongodb_url, database_name)
    log = Store(database).staff_log
    first, second = [StaffAct.of(Act.WARNED, "bob", "", str(n), by="ada", at=now + timedelta(n)) for n in range(2)]
    await log.insert(first)

    # All that can be asked of it; whatever is new here has to keep what there was.
    assert {name for name in dir(log) if not name.startswith("_") and callable(getattr(log, name))} == {
        *("document", "create_indexes", "get", "insert", "insert_all", "page", "has_others", "owned"),
        *("delete_owned", "expire"),
    }
    for one in (first, first.model_copy(update={"after": "otherwise"})):
        with pytest.raises(Duplicate):
            await log.insert(one)
    for person in ("ada", "bob"):
        assert not await Store(database).delete_owned(person, most=9)
    await Store(database).expire(at=now + timedelta(days=9999), most=9)
    await log.insert(second)

    assert await log.page(before=None, limit=9) == [second, first]
    await database.close()
