"""Whether sessions are alive is asked of the database once for all who come together."""

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest

from handlers.errors import Unauthenticated
from server.security import LivingSessions
from store.sessions import Sessions


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
    sessions = LivingSessions(cast("Sessions", asked))
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


async def test_who_cannot_be_answered_is_told_and_asked_for_again() -> None:
    asked = Asked()
    asked.go.set()
    asked.away = True
    sessions = LivingSessions(cast("Sessions", asked))
    for _ in range(2):
        with pytest.raises(ConnectionError):
            await sessions.require("1")
    asked.away = False
    await sessions.require("1")
    assert len(asked.questions) == 3
