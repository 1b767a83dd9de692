"""With whom two people both had swaps, as far as all of them let it be seen."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from store.users import Role
from tests.handlers.swaps.world import World, world


@pytest.fixture
async def earth(mongodb_url: str, database_name: str) -> AsyncIterator[World]:
    async with world(mongodb_url, database_name) as made:
        yield made


async def mutual(earth: World, reader: str, person: str) -> Any:
    """How many, and who of them is named."""
    found = (await earth.asks(reader, "user:get", user_id=person))["mutual"]
    return None if found is None else (found["count"], [one["name"] for one in found["people"]])


async def test_whom_both_swapped_with_is_told_as_far_as_all_show_it(earth: World) -> None:
    ada, bob, eve = [await earth.somebody(name) for name in ("ada", "bob", "eve")]
    admin = await earth.somebody("admin", role=Role.ADMIN)
    assert await mutual(earth, ada, bob) == (0, [])
    friends = {name: await earth.somebody(name) for name in ("cleo", "dan", "fay", "gil", "hal")}
    for friend in friends.values():
        for one in (ada, bob):
            await earth.have_swapped(one, friend)
    # What is no more than agreed on, and whom one alone had a swap with, is not told.
    await earth.agrees(eve, friends["cleo"])
    await earth.have_swapped(ada, eve)
    assert await mutual(earth, ada, bob) == (5, ["hal", "gil", "fay"])
    assert await mutual(earth, ada, eve) == (0, []) == await mutual(earth, eve, bob)
    assert await mutual(earth, friends["cleo"], friends["dan"]) == (2, ["bob", "ada"])
    assert await mutual(earth, ada, ada) is None

    # Whoever is kept out, blocked by one of the two, or does not want to be seen is not counted.
    until = earth.after(days=2)
    await earth.asks(admin, "take_measure", user_id=friends["hal"], measure="suspension", reason="Spam.", until=until)
    await earth.asks(bob, "block:add", user_id=friends["gil"])
    assert await mutual(earth, ada, bob) == (3, ["fay", "dan", "cleo"])
    await earth.asks(friends["fay"], "block:add", user_id=ada)
    await earth.asks(friends["dan"], "update_profile", visibility={"mutual": "nobody"})
    assert await mutual(earth, ada, bob) == (1, ["cleo"]) == await mutual(earth, bob, ada)
    # Partners of an accepted swap are all that Bob shows it to, or nobody at all.
    await earth.asks(bob, "update_profile", visibility={"mutual": "partners"})
    assert await mutual(earth, ada, bob) is None
    await earth.have_swapped(ada, bob)
    assert await mutual(earth, ada, bob) == (1, ["cleo"])
