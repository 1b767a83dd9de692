"""What somebody wishes of a swap in their calendar is held to what holds here: of whom staff restrains, too."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest

from handlers.errands import WishTime, ask_later
from store.users import Role
from tests.handlers.swaps.world import World, world


@pytest.fixture
async def earth(mongodb_url: str, database_name: str) -> AsyncIterator[World]:
    async with world(mongodb_url, database_name) as made:
        yield made


@pytest.mark.parametrize("measure", ["warning", "mute", "ban"])
async def test_whom_staff_restrains_proposes_nothing_by_their_calendar(earth: World, measure: str) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    staff = await earth.somebody("staff", role=Role.MODERATOR)
    swap = await earth.agrees(ada, bob)

    async def drags(days: int) -> str:
        time = earth.now + timedelta(days=days)
        wish = WishTime(swap_id=swap["id"], user_id=bob, version=(await earth.swap(swap))["version"], time=time)
        await earth.has_done(partial(ask_later, wish))
        await earth.passes(seconds=1)
        return str((await earth.swap(swap))["history"][-1]["action"])

    assert await drags(5) == "counter"
    await earth.does(ada, swap, "accept")
    until = {"until": earth.after(days=1)} if measure == "mute" else {}
    await earth.asks(staff, "take_measure", user_id=bob, measure=measure, reason="No money here.", **until)

    assert await drags(6) == "accept"

    (told,) = [one["notification"] for one in await earth.told(bob, "notification:created")
               if "put back" in one["notification"]["title"]]  # fmt: skip
    assert told["text"].splitlines()[1] == "You may not propose anything at the moment: /auth/statements/ says why."
