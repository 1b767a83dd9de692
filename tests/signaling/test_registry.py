"""Who counts as being there, over several processes, while connections flap, processes die and Redis forgets."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TypeVar
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from signaling.registry import (
    GRACE_SECONDS,
    LIVES_SECONDS,
    PATIENCE_SECONDS,
    REFRESH_SECONDS,
    REFRESHED_AT_ONCE,
    TOLD_AT_ONCE,
    News,
    PresenceRegistry,
)

ADA, BOB = "a" * 24, "b" * 24

T = TypeVar("T")

Start = Callable[[str], PresenceRegistry]


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


async def all_is_told(registry: PresenceRegistry) -> None:
    """Wait until nothing that is known now is still to be told."""
    if registry._telling is not None:
        await asyncio.shield(registry._telling)


class Patient(PresenceRegistry):
    """Is done with each step only once it is told."""

    async def arrived(self, user_id: str, connection_id: str) -> None:
        await super().arrived(user_id, connection_id)
        await all_is_told(self)

    async def sweep(self) -> None:
        await super().sweep()
        await all_is_told(self)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told() -> list[tuple[str, bool]]:
    """What all processes told of people, in order."""
    return []


@pytest.fixture
def prefix() -> str:
    """The part of Redis that this test has for itself."""
    return f"test:{uuid4().hex}:"


@pytest.fixture
async def start(redis_url: str, prefix: str, clock: Clock, told: list[tuple[str, bool]]) -> AsyncIterator[Start]:
    """Start the registry of one more process."""

    async def changed(news: News) -> None:
        told.extend(news.items())

    async with AsyncExitStack() as stack:

        def start(process: str) -> PresenceRegistry:
            registry = Patient(redis_url, prefix=prefix, process=process, clock=clock)
            registry.start(changed)
            stack.push_async_callback(registry.stop)
            return registry

        yield start


async def test_closing_one_of_two_devices_is_not_going(
    start: Start, clock: Clock, told: list[tuple[str, bool]]
) -> None:
    here, there = start("here"), start("there")
    await here.arrived(ADA, "phone")
    await there.arrived(ADA, "laptop")
    await here.left(ADA, "phone")
    clock.now += GRACE_SECONDS + 1
    for process in (here, there):
        await process.sweep()
    assert await here.online([ADA, BOB]) == {ADA}
    assert told == [(ADA, True)]


async def test_going_is_told_once_after_the_grace(start: Start, clock: Clock, told: list[tuple[str, bool]]) -> None:
    here, there = start("here"), start("there")
    await here.arrived(ADA, "phone")
    await here.left(ADA, "phone")
    clock.now += GRACE_SECONDS - 1
    await there.sweep()
    assert await there.online([ADA]) == {ADA}
    clock.now += 1
    await asyncio.gather(*(process.sweep() for process in (here, there, here, there)))
    assert await there.online([ADA]) == frozenset()
    assert told == [(ADA, True), (ADA, False)]


async def test_a_line_that_flaps_is_silence(start: Start, clock: Clock, told: list[tuple[str, bool]]) -> None:
    here = start("here")
    await here.arrived(ADA, "1")
    for number in range(1, 6):
        await here.left(ADA, str(number))
        clock.now += GRACE_SECONDS / 2
        await here.sweep()
        await here.arrived(ADA, str(number + 1))
    clock.now += GRACE_SECONDS + 1
    await here.sweep()
    assert told == [(ADA, True)]


async def test_the_people_of_a_dead_process_go_with_it(
    start: Start, clock: Clock, told: list[tuple[str, bool]]
) -> None:
    dead, alive = start("dead"), start("alive")
    await dead.arrived(ADA, "phone")
    await alive.arrived(BOB, "phone")
    clock.now += LIVES_SECONDS - 1
    await alive.refresh()
    await alive.sweep()
    assert await alive.online([ADA, BOB]) == {ADA, BOB}
    clock.now += 2
    await alive.sweep()
    assert await alive.online([ADA, BOB]) == {BOB}
    assert told == [(ADA, True), (BOB, True), (ADA, False)]


async def test_connections_elsewhere_are_counted_while_their_process_lives(start: Start, clock: Clock) -> None:
    dead, alive, here = start("dead"), start("alive"), start("here")
    for process, connection_id in ((dead, "1"), (dead, "2"), (alive, "3"), (here, "4")):
        await process.arrived(ADA, connection_id)
    assert [await process.elsewhere(ADA) for process in (dead, alive, here)] == [2, 3, 3]
    assert await here.elsewhere(BOB) == 0
    clock.now += REFRESH_SECONDS
    await alive.refresh()
    assert await here.elsewhere(ADA) == 3
    clock.now += REFRESH_SECONDS
    await alive.refresh()
    assert await here.elsewhere(ADA) == 1


async def test_a_refresh_keeps_people_and_rebuilds_what_redis_forgot(
    start: Start, clock: Clock, told: list[tuple[str, bool]], redis_url: str, prefix: str
) -> None:
    here = start("here")
    await here.arrived(ADA, "phone")
    for _ in range(5):
        clock.now += LIVES_SECONDS / 3
        await here.refresh()
        await here.sweep()
    assert told == [(ADA, True)]
    redis = Redis.from_url(redis_url)
    await redis.delete(f"{prefix}present", f"{prefix}here:{{{ADA}}}")
    await redis.aclose()
    there = start("there")
    assert await there.online([ADA]) == frozenset()
    await here.refresh()
    assert await there.online([ADA]) == {ADA}


async def test_a_refresh_takes_all_of_many_a_part_at_a_time(
    start: Start, monkeypatch: pytest.MonkeyPatch, redis_url: str, prefix: str
) -> None:
    here, there = start("here"), start("there")
    people = [f"{number:024}" for number in range(2 * REFRESHED_AT_ONCE + 1)]
    await asyncio.gather(*(here.arrived(person, f"of {person}") for person in people))
    async with Redis.from_url(redis_url) as redis:
        await redis.delete(f"{prefix}present")
    parts: list[int] = []
    put = here._put

    async def counted(some: dict[str, str]) -> list[str]:
        parts.append(len(some))
        if len(parts) == 1:
            await here.left(people[-1], f"of {people[-1]}")
        return await put(some)

    monkeypatch.setattr(here, "_put", counted)
    await here.refresh()

    assert await there.online(people) == set(people[:-1])
    assert parts == [REFRESHED_AT_ONCE, REFRESHED_AT_ONCE]


async def test_whom_nobody_can_be_told_of_is_one_line(redis_url: str, prefix: str, clock: Clock) -> None:
    async def away(_news: News) -> None:
        raise ConnectionError("a trace of many lines")

    registry = Patient(redis_url, prefix=prefix, process="here", clock=clock)
    registry.start(away)
    with capture_logs() as lines:
        await registry.arrived(ADA, "phone")
    await registry.stop()

    assert lines == [{"event": "presence_not_told", "log_level": "warning", "people": 1, "error": "ConnectionError"}]


async def test_many_who_come_at_once_are_told_of_together(redis_url: str, prefix: str, clock: Clock) -> None:
    told: list[News] = []
    gate = asyncio.Event()

    async def slow(news: News) -> None:
        told.append(news)
        await gate.wait()

    registry = PresenceRegistry(redis_url, prefix=prefix, process="here", clock=clock)
    registry.start(slow)
    people = [f"{number:024}" for number in range(2 * TOLD_AT_ONCE + 1)]
    await asyncio.gather(*(registry.arrived(person, f"of {person}") for person in people))
    # Who is gone again before it was said is here until the sweep finds out.
    await registry.left(people[-1], f"of {people[-1]}")
    gate.set()
    await all_is_told(registry)
    await registry.stop()

    assert sorted(person for news in told for person in news) == people and all(all(news.values()) for news in told)
    assert len(told) <= 4 and max(map(len, told)) == TOLD_AT_ONCE


async def test_what_is_true_no_more_when_its_turn_comes_is_not_told(redis_url: str, prefix: str, clock: Clock) -> None:
    told: list[News] = []
    gate = asyncio.Event()

    async def slow(news: News) -> None:
        told.append(news)
        await gate.wait()

    here, there = (PresenceRegistry(redis_url, prefix=prefix, process=name, clock=clock) for name in ("here", "there"))
    here.start(slow)
    await here.arrived(ADA, "phone")
    await here.arrived(BOB, "laptop")
    await here.left(BOB, "laptop")
    clock.now += GRACE_SECONDS + 1
    await here.sweep()
    # Before it is said that Bob went he is on another process, which says so.
    await there.arrived(BOB, "laptop")
    gate.set()
    await all_is_told(here)
    await here.stop()
    await there.stop()

    assert told == [{ADA: True}]


async def test_an_orderly_end_is_a_going_with_grace(start: Start, clock: Clock, told: list[tuple[str, bool]]) -> None:
    ending, staying = start("ending"), start("staying")
    await ending.arrived(ADA, "phone")
    await ending.stop()
    clock.now += GRACE_SECONDS
    await staying.sweep()
    assert told == [(ADA, True), (ADA, False)]


@pytest.mark.parametrize("listening", [True, False])
async def test_while_redis_is_away_nobody_waits_and_those_on_this_process_are_known(listening: bool) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        if listening:
            deaf.listen()
        registry = PresenceRegistry(f"redis://127.0.0.1:{deaf.getsockname()[1]}", prefix="", process="here")

        async def soon(asked: Awaitable[T]) -> T:
            began = time.monotonic()
            answer = await asked
            assert time.monotonic() - began < 2 * PATIENCE_SECONDS + 1
            return answer

        await soon(registry.arrived(ADA, "phone"))
        await soon(registry.arrived(ADA, "laptop"))
        await soon(registry.left(ADA, "phone"))
        await soon(registry.left(ADA, "phone"))
        assert await soon(registry.online([ADA, BOB])) == {ADA}
        await soon(registry.left(ADA, "laptop"))
        assert await soon(registry.online([ADA, BOB])) == frozenset()
        await registry.stop()
