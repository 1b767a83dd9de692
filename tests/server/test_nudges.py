"""Who looks at their dashboard is told that it changed: once of what comes together, and once more if more came."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from handlers.context import people
from handlers.events.dashboard import CHANGING, DashboardChanged, onlookers
from server.fanout import FeedEvent
from server.nudges import Nudges

NOW = datetime(2026, 11, 26, tzinfo=UTC)
(ADA,), (BOB,) = people("ada"), people("bob")
(LOOKS,) = onlookers("ada")


class Screen:
    """What Ada's connection, which looks on, was told; Bob has none that does."""

    def __init__(self) -> None:
        self.told: list[FeedEvent] = []
        self.nudges = Nudges(lambda audience: ["one"] if audience == LOOKS else [], self._tell, clock=lambda: NOW)

    def _tell(self, audience: str, event: FeedEvent) -> None:
        assert audience == LOOKS
        self.told.append(event)

    async def was_told(self, times: int) -> None:
        async with asyncio.timeout(20):
            while len(self.told) < times:
                await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.nudges.SOON_SECONDS", 0.0)


async def test_what_comes_together_is_one_word_and_what_comes_in_the_pause_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.nudges.PAUSE_SECONDS", 0.2)
    screen = Screen()
    for type_ in CHANGING:
        assert screen.nudges.lets_pass(ADA, type_)
        assert screen.nudges.lets_pass(BOB, type_)
    await screen.was_told(1)
    for _ in range(9):
        assert screen.nudges.lets_pass(ADA, "message:created")
        # Asked for by what has no event of its own; it is told in its turn.
        assert not screen.nudges.lets_pass(LOOKS, DashboardChanged.name)
    assert len(screen.told) == 1
    await screen.was_told(2)
    assert json.loads(screen.told[1].body) == {
        "id": json.loads(screen.told[1].body)["id"], "type": "dashboard:changed", "ts": NOW.isoformat(),
        "actor_id": None, "data": {},
    }  # fmt: skip
    await asyncio.sleep(0.5)
    assert len(screen.told) == 2
    # After a rest the first is told soon again, and nothing is kept of who does not look.
    assert (screen.nudges._timers, screen.nudges._told, screen.nudges._again) == ({}, set(), set())


async def test_what_changes_nothing_and_what_others_hear_is_no_reason() -> None:
    screen = Screen()
    for audience, type_ in ((ADA, "typing:changed"), (BOB, "swap:updated"), ("call:1", "message:created")):
        assert screen.nudges.lets_pass(audience, type_)
    assert screen.nudges._timers == {}
