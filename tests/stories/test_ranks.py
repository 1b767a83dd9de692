"""Where people stand, told to who is there while it changes: seldom, and as it is."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from handlers.achievements.ranking import standing_changed
from handlers.context import Context
from server.config import Settings
from server.core import utc_now
from server.mail import DevelopmentOutbox
from tests.asks.base import backstage
from tests.conftest import serving
from tests.people import Person
from tests.processes import Servers
from tests.stories.test_standing import board, held

pytestmark = pytest.mark.usefixtures("unlimited")

PAUSE = timedelta(seconds=1)


@pytest.fixture
async def server(settings: Settings, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A server that does its own jobs."""
    monkeypatch.setattr("handlers.achievements.ranking.PAUSE", PAUSE)
    async with serving(settings, servers, mailer=DevelopmentOutbox()) as url:
        yield url


async def told(person: Person, rank: int, points: int) -> list[dict[str, Any]]:
    """What somebody hears of where they stand, until it is there."""
    heard = [await person.hears("leaderboard:changed")]
    while (heard[-1]["my_rank"], heard[-1]["my_points"]) != (rank, points):
        heard.append(await person.hears("leaderboard:changed"))
    return heard


async def often(person: Person, ctx: Context) -> None:
    """Much comes together."""
    for _ in range(30):
        await standing_changed(person.id, None, 1, ctx)


async def test_who_gets_points_and_whom_they_pass_are_told_seldom(people: tuple[Person, Person, Person]) -> None:
    ada, bob, eve = people
    dan = await Person("dan", ada.url, ada.http).join()
    await eve.rest("PUT", "/auth/profile", {"privacy": {"leaderboard": False}})
    begun = utc_now()

    await held(ada, ada, dan, 3)
    await told(ada, 1, 20)
    await held(ada, bob, eve, 4)
    await backstage(ada).does(partial(often, bob))
    await held(ada, bob, eve, 5)

    heard = await told(bob, 1, 30)
    assert len(heard) <= (utc_now() - begun) / PAUSE
    # Passed, with no other points than before.
    last = (await told(ada, 2, 20))[-1]
    found = await board(ada, "month")
    assert (found["my_rank"], found["my_points"]) == (2, 20)
    assert (found["window"], found["period"]) == (last["window"], last["period"])
    assert eve.hears_nothing_of("leaderboard:changed")
