"""What a dead process left open is closed by the living; what a living one does is left alone."""

import asyncio
import signal
import sys

import pymongo
import pytest
from bson.errors import InvalidBSON
from pymongo.errors import OperationFailure, PyMongoError

import background
from store.database import Database, Duplicate, Session, is_unavailable


async def write(database: Database) -> None:
    async def work(session: Session) -> None:
        await database.documents["things"].update_one({"_id": 1}, {"$inc": {"n": 1}}, session=await session.ready())

    await database.transaction(work)


async def written_at_last(database: Database) -> None:
    """Write until it succeeds: the driver uses no session again that was given up."""
    async with asyncio.timeout(30):  # 2 s on a quiet machine; a minute without the lifeline
        while True:
            try:
                return await write(database)
            except Exception as error:
                assert is_unavailable(error)


def next_session(database: Database) -> bytes:
    """The one that the driver uses next."""
    return bytes(database.documents.client.start_session().session_id["id"])


async def died_in_a_transaction(url: str, name: str) -> Database:
    """A process that wrote, did not commit, and beats no more; its connection stays to be closed by the test."""
    dead = Database(url, name)
    session = dead.documents.client.start_session()
    await dead.lifeline.cover(session)
    await session.start_transaction()
    await dead.documents["things"].update_one({"_id": 1}, {"$inc": {"n": 1}}, session=session)
    await background.end(dead.lifeline._task)
    return dead


async def test_a_dead_process_holds_nothing_for_long(mongodb_url: str, database_name: str) -> None:
    living = Database(mongodb_url, database_name)
    await living.documents["things"].insert_one({"_id": 1, "n": 0})
    dead = await died_in_a_transaction(mongodb_url, database_name)
    with pytest.raises(PyMongoError) as refused, pymongo.timeout(0.5):
        await living.documents["things"].update_one({"_id": 1}, {"$inc": {"n": 1}})
    assert is_unavailable(refused.value)

    try:
        async with asyncio.timeout(45):  # 5 s on a quiet machine; a minute without the lifeline
            while True:
                try:
                    await write(living)
                    break
                except Exception as error:
                    assert is_unavailable(error)
                    await asyncio.sleep(0.5)
            while await living.documents["processes"].count_documents({}) > 1:
                await asyncio.sleep(0.05)
        found = await living.documents["things"].find_one({"_id": 1})
        assert found is not None
        assert found["n"] == 1
    finally:
        await living.close()
        await dead.close()


DIES = """
import asyncio, os, signal, sys
from store.database import Database

async def main():
    database = Database(sys.argv[1], sys.argv[2])
    async def work(session):
        await database.documents["things"].update_one({"_id": 1}, {"$inc": {"n": 1}}, session=await session.ready())
        os.kill(os.getpid(), signal.SIGKILL)
    await database.transaction(work)

asyncio.run(main())
"""


async def test_one_that_was_killed_on_this_machine_is_not_waited_for(
    mongodb_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its silence would tell nothing in the time that this test has.
    monkeypatch.setattr("store.lifeline.SILENCE_SECONDS", 600.0)
    living = Database(mongodb_url, database_name)
    await living.documents["things"].insert_one({"_id": 1, "n": 0})
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", DIES, mongodb_url, database_name)
    assert await killed.wait() == -signal.SIGKILL
    try:
        async with asyncio.timeout(30):  # 1 s on a quiet machine; a minute without the lifeline
            while True:
                try:
                    await write(living)
                    break
                except Exception as error:
                    assert is_unavailable(error)
            # Its session is ended first, and then it is taken off the list.
            while await living.documents["processes"].count_documents({}) > 1:
                await asyncio.sleep(0.05)
    finally:
        await living.close()


async def test_processes_that_beat_leave_each_other_alone(mongodb_url: str, database_name: str) -> None:
    one, other = Database(mongodb_url, database_name), Database(mongodb_url, database_name)
    await one.documents["things"].insert_one({"_id": 1, "n": 0})
    try:
        for _ in range(7):
            await asyncio.gather(write(one), write(other))
            await asyncio.sleep(1)
        assert await one.documents["processes"].count_documents({}) == 2
    finally:
        for database in (one, other):
            await database.close()


async def test_a_transaction_that_ran_out_of_time_holds_nothing_for_long(mongodb_url: str, database_name: str) -> None:
    database = Database(mongodb_url, database_name)
    await database.documents["things"].insert_one({"_id": 1, "n": 0})
    try:

        async def too_slow(session: Session) -> None:
            await database.documents["things"].update_one({"_id": 1}, {"$inc": {"n": 1}}, session=await session.ready())
            await asyncio.sleep(0.4)
            await database.documents["things"].update_one({"_id": 1}, {"$inc": {"n": 1}}, session=await session.ready())

        with pytest.raises(Exception) as refused:
            await database.transaction(too_slow, within=0.3)
        assert is_unavailable(refused.value)

        await written_at_last(database)
        found = await database.documents["things"].find_one({"_id": 1})
        assert found is not None
        assert found["n"] == 1
    finally:
        await database.lifeline.stop()
        assert await database.documents["processes"].count_documents({}) == 0
        await database.close()


@pytest.mark.parametrize("end", ["a duplicate", "a refusal", "a cancellation"])
async def test_a_transaction_whose_end_was_not_heard_holds_nothing_for_long(
    mongodb_url: str, database_name: str, end: str
) -> None:
    database = Database(mongodb_url, database_name)
    things, admin = database.documents["things"], database.documents.client.admin
    await things.insert_many([{"_id": 1, "n": 0}, {"_id": 2}])
    written = asyncio.Event()
    used: list[bytes] = []
    # No command, no word to the database: as if the network swallowed it.
    lost = {"failCommands": ["abortTransaction"], "closeConnection": True}
    await admin.command({"configureFailPoint": "failCommand", "mode": "alwaysOn", "data": lost})
    try:

        async def work(session: Session) -> None:
            driver = await session.ready()
            used.append(bytes(driver.session_id["id"]))
            await things.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=driver)
            written.set()
            if end == "a cancellation":
                await asyncio.sleep(30)
            if end == "a refusal":
                raise LookupError(end)
            session.insert(things, [{"_id": 3}, {"_id": 2}])

        task = asyncio.create_task(database.transaction(work))
        await written.wait()
        if end == "a cancellation":
            task.cancel()
        with pytest.raises((Duplicate, LookupError, asyncio.CancelledError)):
            await task
        await admin.command({"configureFailPoint": "failCommand", "mode": "off"})

        assert next_session(database) not in used
        await written_at_last(database)
        found = await things.find_one({"_id": 1})
        assert found is not None
        assert found["n"] == 1
        # Nor is it on any list for longer than it takes to end it.
        async with asyncio.timeout(30):
            while {*used} & {*database.lifeline._sessions}:
                await asyncio.sleep(0.02)
    finally:
        await admin.command({"configureFailPoint": "failCommand", "mode": "off"})
        await database.close()


@pytest.mark.parametrize("refusal", [Duplicate("there already"), LookupError("not found")])
async def test_a_transaction_whose_end_was_heard_keeps_its_session(
    mongodb_url: str, database_name: str, refusal: Exception
) -> None:
    database = Database(mongodb_url, database_name)
    # It only has to be there: what it forsakes is ended by no hand of its own.
    database.lifeline._task = asyncio.create_task(asyncio.sleep(0))
    await database.documents["things"].insert_one({"_id": 1, "n": 0})
    used: list[bytes] = []

    async def work(session: Session) -> None:
        used.append(bytes((await session.ready()).session_id["id"]))
        await database.documents["things"].update_one({"_id": 1}, {"$inc": {"n": 1}}, session=await session.ready())
        raise refusal

    with pytest.raises(type(refusal)):
        await database.transaction(work)
    assert database.lifeline._forsaken == {}
    assert next_session(database) in used
    await write(database)
    await database.close()


async def test_the_list_has_an_end_and_nothing_ends_the_beat(
    mongodb_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.lifeline.BEAT_SECONDS", 0.01)
    database = Database(mongodb_url, database_name)
    processes = database.documents["processes"]
    await database.documents["things"].insert_one({"_id": 1, "n": 0})
    watched: list[int] = []

    async def unreadable() -> None:
        watched.append(len(watched))
        raise InvalidBSON("what is that?")

    monkeypatch.setattr(database.lifeline, "_watch", unreadable)
    database.lifeline.start()
    try:
        await write(database)
        found = await processes.find_one({})
        assert found is not None and len(found["sessions"]) == 1
        monkeypatch.setattr("store.lifeline.KEPT_SECONDS", 0.0)
        async with asyncio.timeout(30):
            while len(watched) < 3 or await processes.count_documents({"sessions": []}) == 0:
                await asyncio.sleep(0.01)
    finally:
        await database.close()


def test_whom_the_database_interrupts_may_ask_again() -> None:
    """As it does to all that a session is in the midst of when somebody ends it."""
    assert is_unavailable(OperationFailure("operation was interrupted", 11601))
