"""The room at the database: so many at once, the others in their order, and nobody waits in vain."""

import asyncio

import pytest

from handlers.errors import Unavailable
from server.room import Room


async def test_so_many_are_in_it_at_once_and_all_get_in() -> None:
    room = Room(3)
    inside, most, order = 0, 0, []

    async def stay(number: int) -> None:
        nonlocal inside, most
        async with room.place(within=10):
            inside += 1
            most = max(most, inside)
            order.append(number)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(stay(number) for number in range(20)))
    assert (most, order) == (3, list(range(20)))


async def test_who_would_wait_too_long_is_told_at_once_and_others_get_in_later() -> None:
    room = Room(1)
    go_on = asyncio.Event()

    async def stay() -> None:
        async with room.place(within=0.15):
            await go_on.wait()

    # It learns that one takes long, of sixteen that did.
    for _ in range(16):
        go_on.clear()
        one = asyncio.create_task(stay())
        await asyncio.sleep(0.05)
        go_on.set()
        await one
    go_on.clear()
    there = [asyncio.create_task(stay()) for _ in range(8)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable) as refused:
        await asyncio.wait_for(stay(), 0.01)
    assert refused.value.retry_after is not None
    # Who waits and is too late after all is told so, too, and whoever comes when there is room gets in.
    told = await asyncio.gather(*there[1:], return_exceptions=True)
    assert all(isinstance(error, Unavailable) for error in told)
    go_on.set()
    await there[0]
    await stay()
