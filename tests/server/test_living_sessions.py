"""Whether sessions are alive is asked once for all who come together, and their ends are found unheard."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

import pymongo
import pytest
from pymongo import _csot

from handlers.errors import Unauthenticated
from server.security import LivingSessions
from server.together import Together
from store import Database, Store
from store.sessions import Session, Sessions

NOW = datetime(2026, 11, 26, tzinfo=UTC)


class Asked:
    """Sessions whose questions wait until they are let go; every third one has ended."""

    def __init__(self) -> None:
        self.questions: list[list[str]] = []
        self.go = asyncio.Event()
        self.away = False

    async def ended(self, ids: Sequence[str]) -> list[str]:
        self.questions.append(list(ids))
        await self.go.wait()
        if self.away:
            raise ConnectionError
        return [one for one in ids if int(one) % 3 == 0]


async def test_a_crowd_that_comes_at_once_is_two_questions() -> None:
    asked = Asked()
    sessions = LivingSessions(cast("Sessions", asked), clock=lambda: NOW)
    coming = [asyncio.create_task(sessions.require(str(number % 50))) for number in range(100)]
    await asyncio.sleep(0)
    late = asyncio.create_task(sessions.require("51"))
    await asyncio.sleep(0)
    # Whoever gives up takes the answer from nobody.
    coming[1].cancel()
    asked.go.set()

    came = await asyncio.gather(*coming, late, return_exceptions=True)

    assert [len(question) for question in asked.questions] in ([50, 1], [51])
    refused = [isinstance(one, Unauthenticated) for one in came]
    assert [number for number, no in enumerate(refused) if no] == [
        n for n in range(101) if (n % 50 if n < 100 else 51) % 3 == 0
    ]
    assert isinstance(came[1], asyncio.CancelledError)
    await sessions.require("1")
    assert len(asked.questions) <= 2


async def test_a_crowd_has_more_time_than_whoever_happens_to_be_its_first() -> None:
    left: list[float | None] = []

    async def question(about: Sequence[str]) -> dict[str, bool]:
        left.append(_csot.get_timeout())
        return dict.fromkeys(about, True)

    with pymongo.timeout(0.1):
        assert await Together(question, name="question").ask("1")
    assert left == [None]


async def test_who_cannot_be_answered_is_told_and_asked_for_again() -> None:
    asked = Asked()
    asked.go.set()
    asked.away = True
    sessions = LivingSessions(cast("Sessions", asked), clock=lambda: NOW)
    for _ in range(2):
        with pytest.raises(ConnectionError):
            await sessions.require("1")
    asked.away = False
    await sessions.require("1")
    assert len(asked.questions) == 3


@pytest.fixture
async def store(mongodb_url: str, database_name: str) -> AsyncIterator[Store]:
    database = Database(mongodb_url, database_name)
    store = Store(database)
    await store.sessions.create_indexes()
    yield store
    await database.close()


async def test_an_end_that_nobody_told_of_is_found_by_the_next_look_and_told_once(store: Store) -> None:
    living = [
        Session(
            user_id="u", device="", address="", nonce="n", created_at=NOW, last_seen_at=NOW,
            expires_at=NOW + timedelta(days=1),
        )
        for _ in range(3)
    ]  # fmt: skip
    await store.sessions.insert_all(living)
    now = NOW
    ended: list[tuple[str, str]] = []
    sessions = LivingSessions(store.sessions, clock=lambda: now)
    sessions.start(lambda session_id, code: ended.append((session_id, code)))
    for one in living:
        await sessions.require(one.id)

    # By a clock that is half a minute behind, while an hour goes by in which the database cannot be asked.
    await store.sessions.revoke(living[0].id, at=NOW - timedelta(seconds=30), because="signed_out")
    now = NOW + timedelta(hours=1)
    await sessions.recheck()
    assert ended == [(living[0].id, "session_ended")]
    await store.sessions.revoke(living[1].id, at=now - timedelta(seconds=30), because="signed_out")
    await sessions.recheck()
    await sessions.recheck()
    await sessions.stop()

    assert ended == [(one.id, "session_ended") for one in living[:2]]
    await sessions.require(living[2].id)
    for one in living[:2]:
        with pytest.raises(Unauthenticated):
            await sessions.require(one.id)
