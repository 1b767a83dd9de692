"""A crowd of newcomers passes a few in each turn of the event loop, in its order."""

import asyncio
from itertools import groupby

from server.engine.pace import Pace


async def test_so_many_pass_in_each_turn_in_their_order_and_whoever_hangs_up_takes_no_place() -> None:
    pace, turn, passed = Pace(3), 0, list[tuple[int, int]]()

    async def come(number: int) -> None:
        await pace.turn()
        passed.append((turn, number))

    coming = [asyncio.create_task(come(number)) for number in range(12)]
    while not all(task.done() for task in coming):
        await asyncio.sleep(0)
        turn += 1
        if turn == 1:
            coming[4].cancel()

    assert [number for _, number in passed] == [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11]
    sizes = [len(list(some)) for _, some in groupby(passed, key=lambda one: one[0])]
    assert sizes == [3, 3, 3, 2]


async def test_one_at_a_time_waits_for_nobody() -> None:
    pace = Pace(1)
    for _ in range(3):
        # Nothing is done beside it: waiting would end this.
        coroutine = pace.turn()
        try:
            coroutine.send(None)
        except StopIteration:
            pass
        else:
            raise AssertionError("it waits")
        await asyncio.sleep(0)
