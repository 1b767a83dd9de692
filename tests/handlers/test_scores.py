"""Points, badges and ranks, with a clock that the test turns: what brings them, what takes them back, who is shown."""

import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

from handlers.badges import MOST_A_DAY
from handlers.errors import Invalid, NotFound
from store.areas import is_within
from store.scores import totals
from store.users import Role
from tests.handlers.swaps.world import World, world
from tests.handlers.test_reviews import held, submit


@pytest.fixture
async def earth(mongodb_url: str, database_name: str) -> AsyncIterator[World]:
    async with world(mongodb_url, database_name) as made:
        yield made


async def points(earth: World, person: str, window: str = "all", **more: Any) -> int:
    return (await earth.asks(person, "leaderboard:get", window=window, **more))["my_points"] or 0


async def badges(earth: World, person: str) -> set[str]:
    return {one["badge"] for one in (await earth.asks(person, "achievement:list"))["items"] if one["awarded_at"]}


async def awarded(earth: World, person: str) -> list[str]:
    return [one["achievement"]["badge"] for one in await earth.told(person, "achievement:awarded")]


async def test_a_swap_that_both_say_was_held_brings_points_and_a_badge_once(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    staff = await earth.somebody("staff", role=Role.MODERATOR)
    silent = await earth.agrees(ada, bob)
    await earth.passes(days=15)
    # Silence completes a swap, and gives nobody points.
    assert ((await earth.swap(silent))["status"], await points(earth, ada)) == ("completed", 0)
    assert await badges(earth, ada) == set()

    swap = await held(earth, ada, bob)

    for person, skill in ((ada, "Guitar"), (bob, "French")):
        assert await points(earth, person) == 20 == await points(earth, person, "day", skill=skill)
        assert await badges(earth, person) == {"first_swap"}
    # Asked as often as they like, and after it was disputed and decided: told once.
    for _ in range(3):
        await earth.asks(ada, "achievement:update")
    await earth.asks(ada, "swap:update", swap_id=swap, action="dispute", reason="He was not there.")
    await earth.passes(seconds=1)
    assert (await points(earth, ada), await badges(earth, ada)) == (0, set())
    await earth.asks(staff, "decide_swap", swap_id=swap, status="completed", reason="He was.")
    await earth.passes(seconds=1)
    assert (await points(earth, ada), await badges(earth, ada)) == (20, {"first_swap"})
    assert await awarded(earth, ada) == ["first_swap"]
    # Nothing is deleted.
    steps = await earth.store.scores.of_cause(ada, f"swap:{swap}")
    assert [(one.sign, one.points) for one in steps] == [(1, 20), (-1, -20), (1, 20)]


async def test_two_who_swap_for_ever_do_not_stand_above_who_teaches_many(earth: World) -> None:
    ada, bob, eve = [await earth.somebody(name) for name in ("ada", "bob", "eve")]
    for _ in range(7):
        await held(earth, ada, bob)
    for number in range(3):
        await held(earth, eve, await earth.somebody(f"guest {number}"))
    assert (await points(earth, ada), await points(earth, eve)) == (20 + 10 + 5 + 2 + 1, 60)
    found = await earth.asks(eve, "leaderboard:get", window="all")
    assert [one["rank"] for one in found["items"]] == [1, 2, 2, 3, 3, 3]
    assert (found["items"][0]["user"]["id"], found["my_rank"]) == (eve, 1)


async def test_a_day_brings_no_more_than_it_may(earth: World) -> None:
    eve = await earth.somebody("eve")
    swaps = []
    for number in range(6):
        guest = await earth.somebody(f"guest {number}")
        swaps.append((guest, await earth.agrees(eve, guest, scheduled_time=earth.after(days=3, hours=number))))
    await earth.passes(days=4)
    for guest, swap in swaps:
        for person in (eve, guest):
            await earth.does(person, swap, "confirm")
    await earth.passes(seconds=1)
    assert await points(earth, eve, "day") == MOST_A_DAY < 6 * 20
    done = {one["badge"]: one["progress"] for one in (await earth.asks(eve, "achievement:list"))["items"]}
    assert (done["regular"], done["connected"]) == (6, 5)


async def test_reviews_count_while_they_are_shown(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    staff = await earth.somebody("staff", role=Role.MODERATOR)
    swap = await held(earth, ada, bob)
    review = await submit(earth, ada, swap)
    await earth.passes(days=15)
    assert (await points(earth, ada), await points(earth, bob)) == (25, 30)
    for hidden, expected in ((True, (20, 20)), (False, (25, 30))):
        await earth.asks(staff, "moderate_review", review_id=review, hidden=hidden, reason="So." if hidden else "")
        await earth.passes(seconds=1)
        assert (await points(earth, ada), await points(earth, bob)) == expected


async def test_totals_are_what_the_entries_come_to(earth: World) -> None:
    """Whatever happens, on every board; and who has them reckoned anew finds what is wrong."""
    chance = random.Random(11)
    people = [await earth.somebody(f"person {number}") for number in range(3)]
    await lives(earth, people[0], 13.4, 52.5)
    staff = await earth.somebody("staff", role=Role.MODERATOR)
    for _ in range(6):
        one, other = chance.sample(people, 2)
        swap = await held(earth, one, other)
        for person in (one, other):
            await submit(earth, person, swap, rating=chance.randint(1, 5))
        if chance.random() < 0.5:
            await earth.asks(one, "swap:update", swap_id=swap, action="dispute", reason="So.")
            await earth.passes(seconds=1)
            status = chance.choice(["completed", "cancelled"])
            await earth.asks(staff, "decide_swap", swap_id=swap, status=status, reason="So.")
        await earth.passes(days=chance.randint(0, 9), seconds=1)
    for person in people:
        expected = totals(await earth.store.scores.owned(person))
        found = await earth.store.standings.of_person(person)
        assert {one.board: one.points for one in found} == expected
        assert any(expected.values())
    wrong = found[0]
    await earth.store.standings.add(wrong, 1000, kept_until=None)

    await earth.asks(people[-1], "achievement:update")
    await earth.passes(seconds=1)
    assert {one.board: one.points for one in await earth.store.standings.of_person(people[-1])} == expected


async def test_who_does_not_want_to_be_compared_is_on_no_board(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    admin = await earth.somebody("admin", role=Role.ADMIN)
    await held(earth, ada, bob)
    await held(earth, ada, admin)

    async def shown() -> set[str]:
        return {one["user"]["id"] for one in (await earth.asks(bob, "leaderboard:get"))["items"]}

    assert await shown() == {ada, bob}
    await earth.asks(ada, "block:add", user_id=bob)
    assert await shown() == {bob}
    assert [one["user"]["id"] for one in (await earth.asks(ada, "leaderboard:get"))["neighbours"]] == [ada]
    await earth.asks(ada, "block:remove", user_id=bob)
    assert await shown() == {ada, bob}
    # Hidden at once, before a worker comes to it; and then her place is nobody's.
    await earth.asks(ada, "update_profile", privacy={"leaderboard": False})
    assert await shown() == {bob}
    for wanted in (False, True):
        await earth.asks(ada, "update_profile", privacy={"leaderboard": wanted})
        await earth.passes(seconds=1)
        assert (await points(earth, ada) > 0, ada in await shown()) == (wanted, wanted)


async def lives(earth: World, person: str, longitude: float, latitude: float) -> None:
    point = {"type": "Point", "coordinates": [longitude, latitude]}
    await earth.asks(person, "update_profile", place={"label": "At home", "point": point})
    await earth.passes(seconds=1)


async def test_boards_of_the_past_and_of_areas_are_as_they_were(earth: World) -> None:
    ada, bob, eve = [await earth.somebody(name) for name in ("ada", "bob", "eve")]
    berlin, paris = {"lon": 13.4, "lat": 52.5}, {"lon": 2.35, "lat": 48.86}

    async def board(person: str = bob, **which: Any) -> tuple[dict[str, int], int | None]:
        found = await earth.asks(person, "leaderboard:get", **which)
        assert [one["rank"] for one in found["items"]] == [1] * len(found["items"])
        assert {one["user"]["id"] for one in found["neighbours"]} <= {one["user"]["id"] for one in found["items"]}
        return {one["user"]["id"]: one["points"] for one in found["items"]}, found["my_rank"]

    for person in (ada, bob):
        await lives(earth, person, 13.4, 52.5)
    await held(earth, ada, bob)
    periods = {"day": "2027-03-05", "week": "2027-W09", "month": "2027-03"}
    for window, period in periods.items():
        assert (await earth.asks(bob, "leaderboard:get", window=window))["period"] == period
    await earth.passes(days=40)
    await lives(earth, ada, 2.3, 48.9)
    second = await held(earth, ada, eve)

    both = {ada: 20, bob: 20}
    for window, period in periods.items():
        assert await board(window=window, period=period) == (both, 1)
        assert await board(eve, window=window, period=period, **berlin) == (both, None)
    assert await board(window="month") == ({ada: 20, eve: 20}, None)
    # Where one lived then; who shows no place, as Eve, is in none.
    assert await board(window="all", **berlin) == (both, 1)
    assert await board(ada, window="month", **paris) == ({ada: 20}, 1)
    found = await earth.asks(bob, "leaderboard:get", window="all", **berlin)
    assert is_within(found["area"], (13.4, 52.5)) and not is_within(found["area"], (2.3, 48.9))
    # Taken back and given again after she moved once more, it counts where it did.
    await lives(earth, ada, 13.4, 52.5)
    admin = await earth.somebody("admin", role=Role.ADMIN)
    await earth.asks(ada, "swap:update", swap_id=second, action="dispute", reason="So.")
    await earth.passes(seconds=1)
    assert await board(ada, window="month", **paris) == ({}, None)
    await earth.asks(admin, "decide_swap", swap_id=second, status="completed", reason="So.")
    await earth.passes(seconds=1)
    assert await board(ada, window="month", **paris) == ({ada: 20}, 1)

    # Hidden at once, and there alone.
    await earth.asks(ada, "update_profile", visibility={"place": "partners"})
    assert await board(window="all", **berlin) == ({bob: 20}, 1)
    await earth.passes(seconds=1)
    assert (await board(ada, window="all", **berlin))[1] is None
    assert (await earth.asks(ada, "leaderboard:get", window="all"))["my_rank"] == 1
    await earth.asks(ada, "update_profile", visibility={"place": "public"})
    await earth.passes(seconds=1)
    assert await board(ada, window="all", **berlin) == (both, 1)
    await earth.asks(ada, "update_profile", privacy={"leaderboard": False})
    await earth.passes(seconds=1)
    assert await board(ada, window="month", period="2027-03", **berlin) == ({bob: 20}, None)

    for wrong in (
        *({"window": "month", "period": one} for one in ("2027-3", "2027-05", "2027-W09", "March")),
        {"window": "all", "period": "2027"},
        {"window": "week", "period": "2026-W54"},
        {"lat": 52.5},
        {"skill": "French", **berlin},
    ):
        with pytest.raises(Invalid):
            await board(**wrong)
    await earth.passes(days=20)
    for window, period in (("day", periods["day"]), ("month", "2020-01")):
        with pytest.raises(NotFound):
            await board(window=window, period=period)


async def test_a_board_is_paged_with_ranks_and_neighbours(earth: World) -> None:
    eve = await earth.somebody("eve")
    people = [await earth.somebody(f"guest {number}") for number in range(5)]
    for number, guest in enumerate(people):
        for other in people[:number]:
            await held(earth, guest, other)
    found, cursor = [], None
    while True:
        page = await earth.asks(eve, "leaderboard:get", window="all", limit=2, **({"cursor": cursor} if cursor else {}))
        found += [(one["rank"], one["points"]) for one in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert (page["my_rank"], page["neighbours"]) == (None, [])
    assert len(found) == 5 and [rank for rank, _ in found] == [1] * 5
    mine = await earth.asks(people[0], "leaderboard:get", window="all")
    assert people[0] in [one["user"]["id"] for one in mine["neighbours"]] and mine["my_rank"] == 1


async def test_staff_gives_and_takes_badges_by_hand(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    staff = await earth.somebody("staff", role=Role.ADMIN)
    badge = {"user_id": ada, "badge": "helping_hand"}
    for _ in range(2):
        assert (await earth.asks(staff, "grant_badge", **badge))["awarded_at"] is not None
    await earth.passes(seconds=1)
    assert (await awarded(earth, ada), await badges(earth, ada)) == (["helping_hand"], {"helping_hand"})
    await held(earth, ada, bob)
    await earth.asks(staff, "revoke_badge", user_id=ada, badge="first_swap")
    await earth.asks(ada, "achievement:update")
    assert await badges(earth, ada) == {"helping_hand"}
    acts = [(one["act"], one["after"]) for one in (await earth.asks(staff, "list_staff_acts"))["items"]]
    assert acts == [("badge_revoked", "first_swap"), ("badge_granted", "helping_hand")]
