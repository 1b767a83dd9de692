"""Where people stand, and what they have earned: by both doors, from what they did and from nothing they say."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from handlers.achievements import score_swap
from handlers.errands import ScoreSwap
from server.config import Settings
from server.core import utc_now
from store import Database, Store
from store.scores import totals
from tests.asks.base import backstage
from tests.asks.swaps import a_swap_request
from tests.later import later
from tests.people import Person, refused
from tests.processes import Servers

pytestmark = pytest.mark.usefixtures("unlimited")

WINDOWS = ("day", "week", "month", "all")


async def board(person: Person, window: str = "all", **asked: Any) -> dict[str, Any]:
    """A board, which both doors show alike."""
    by_event: dict[str, Any] = await person.asks("leaderboard:get", {"window": window, **asked})
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    assert await person.rest("GET", f"/leaderboard/?window={window}&{query}") == by_event
    return by_event


def rows(found: list[dict[str, Any]]) -> list[tuple[int, str, int]]:
    return [(one["rank"], one["user"]["name"], one["points"]) for one in found]


async def held(ada: Person, one: Person, other: Person, day: int, **more: Any) -> None:
    """A swap that both say was held, and what it is worth."""
    swap = await one.rest("POST", "/swaps/", a_swap_request(other, days=day, **more))
    await backstage(ada).hold(swap["id"])
    await backstage(ada).does(lambda ctx: score_swap(ScoreSwap(swap_id=swap["id"]), ctx))


async def test_people_are_ranked_by_what_they_did_with_others(
    people: tuple[Person, Person, Person], settings: Settings, servers: Servers
) -> None:
    ada, bob, eve = people
    dan, kim = [await Person(name, ada.url, ada.http).join() for name in ("dan", "kim")]
    # Bob teaches three others; Ada and Eve swap with each other again and again, each time for half as much.
    for day, (one, other) in enumerate([(bob, ada), (bob, dan), (bob, kim), (ada, eve), (ada, eve), (ada, eve)]):
        skills = {"offered_skill": "Guitar", "desired_skill": "French"}
        await held(ada, one, other, 3 + day, **skills)

    for window in WINDOWS:
        found = await board(ada, window)
        ranked = [(1, "bob", 60), (2, "ada", 20 + 35), (3, "eve", 35), (4, "dan", 20), (4, "kim", 20)]
        assert sorted(rows(found["items"])) == sorted(ranked)
        assert [one["rank"] for one in found["items"]] == [1, 2, 3, 4, 4]
        assert (found["my_rank"], found["my_points"], found["window"]) == (2, 55, window)
    first = await board(eve, limit=2)
    assert (rows(first["items"]), first["my_rank"]) == ([(1, "bob", 60), (2, "ada", 55)], 3)
    assert [one["user"]["name"] for one in first["neighbours"]][:3] == ["bob", "ada", "eve"]
    rest = await board(eve, limit=2, cursor=first["next_cursor"])
    assert [rank for rank, _, _ in rows(rest["items"])] == [3, 4]
    # Of one skill those alone who taught it: Ada taught Bob French, and Eve guitar.
    assert rows((await board(ada, skill="Guitar"))["items"]) == [(1, "bob", 60), (2, "ada", 35)]
    assert (await board(bob, skill="French"))["my_rank"] is None
    # Nobody said where they live; and what is now has a name, too.
    assert rows((await board(ada, lat=52.5, lon=13.4))["items"]) == []
    assert await board(ada, "month", period=f"{utc_now():%Y-%m}") == await board(ada, "month")

    await eve.rest("PUT", "/auth/profile", {"privacy": {"leaderboard": False}})
    async with later(settings, servers, ada, eve, days=40):
        async with asyncio.timeout(20):
            while "eve" in {name for _, name, _ in rows((await board(ada))["items"])}:
                await asyncio.sleep(0.05)
        hers = await board(eve)
        assert (hers["my_rank"], hers["my_points"], hers["neighbours"]) == (None, None, [])
        assert (await board(ada))["my_points"] == 55
        for window in ("day", "week", "month"):
            assert (await board(ada, window))["items"] == []
    await nothing_is_kept_but_what_the_log_comes_to(settings, servers, [ada, bob, eve, dan, kim])


async def nothing_is_kept_but_what_the_log_comes_to(settings: Settings, servers: Servers, people: list[Person]) -> None:
    database = Database(servers.mongodb_url, settings.mongodb_database)
    store = Store(database)
    for person in people:
        kept = {one.board: one.points for one in await store.standings.of_person(person.id)}
        assert kept == totals(await store.scores.owned(person.id)) != {}
    await database.close()


async def test_badges_are_earned_and_not_claimed(
    people: tuple[Person, Person, Person], settings: Settings, servers: Servers
) -> None:
    """A streak of weeks goes on over a vacation and a journey from the first to the last zone of the day."""
    ada, bob, _ = people

    async def earned(person: Person) -> tuple[set[str], int]:
        by_event = await person.asks("achievement:list")
        assert await person.rest("GET", "/achievements/") == by_event
        for one in by_event["items"]:
            assert 0 <= one["progress"] <= one["goal"]
        return {one["badge"] for one in by_event["items"] if one["awarded_at"]}, by_event["streak_weeks"]

    assert await earned(ada) == (set(), 0)
    with refused("invalid"):
        await ada.rest("POST", "/achievements/", {"badge": "veteran"})
    assert await ada.rest("POST", "/achievements/", {}) == await ada.asks("achievement:update")
    await ada.rest("PUT", "/auth/profile", {"time_zone": "Pacific/Kiritimati"})
    await held(ada, ada, bob, 3)
    told = await ada.hears("achievement:awarded")
    assert (told["achievement"]["badge"], told["achievement"]["progress"]) == ("first_swap", 1)
    assert await earned(ada) == ({"first_swap"}, 1)
    away = {"since": utc_now().isoformat(), "until": (utc_now() + timedelta(days=15)).isoformat()}
    await ada.rest("PUT", "/auth/profile", {"vacation": away, "time_zone": "Pacific/Midway"})

    async with later(settings, servers, ada, bob, days=20):
        # The weeks of the vacation, of which only a day has to be one, neither count nor break it.
        assert await earned(ada) == ({"first_swap"}, 1)
        assert await earned(bob) == ({"first_swap"}, 0)
    assert ada.hears_nothing_of("achievement:awarded")
