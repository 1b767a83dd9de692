"""Background tasks end when they are told to, also those that were about to get an answer."""

import asyncio
import itertools

import pytest

import background

STEPS = 12


async def asking_forever() -> None:
    """What a loop that asks a database driver does: answers come at once, and later ones take their time."""
    loop = asyncio.get_running_loop()
    for number in itertools.count():
        answer = loop.create_future()
        loop.call_later(0.0 if number < STEPS else 0.01, answer.set_result, None)
        await asyncio.wait_for(answer, 10)


@pytest.mark.parametrize("steps", range(STEPS))
async def test_a_task_ends_at_whatever_step_it_is(steps: int) -> None:
    task = asyncio.create_task(asking_forever())
    for _ in range(steps):
        await asyncio.sleep(0)
    async with asyncio.timeout(15):
        await background.end(task)
    assert task.cancelled()


async def test_what_never_began_or_has_ended_is_no_matter() -> None:
    task = asyncio.create_task(asyncio.sleep(0))
    await task
    await background.end(None, task)
    assert not task.cancelled()


async def test_ending_waits_for_the_last_step() -> None:
    done = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            done.append("last step")

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    await background.end(task)
    assert done == ["last step"]
