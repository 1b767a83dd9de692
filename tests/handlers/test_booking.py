"""Nobody is ever in two places: by any door, process or order, and whoever was late is told who is busy and when."""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.desk import NOW, Desk, desk
from tests.processes import Child

MINUTE = timedelta(minutes=1)
HALF = timedelta(minutes=30)
HOUR = timedelta(hours=1)
TEN, ELEVEN, NOON = (NOW + hours * HOUR for hours in (1, 2, 3))


@pytest.fixture
async def one(mongodb_url: str, database_name: str) -> AsyncIterator[Desk]:
    async with desk(mongodb_url, database_name) as made:
        yield made


async def test_what_is_booked_is_nobody_elses(one: Desk) -> None:
    assert await one.takes(["ada", "bob"], [(TEN, ELEVEN)], "swap:1") is None

    told = await one.takes(["ada", "eve"], [(TEN + 45 * MINUTE, NOON)], "swap:2")

    # Eve is free; of Ada it says no more than was asked about.
    busy = ({"user_id": "ada", "start": TEN + 45 * MINUTE, "end": ELEVEN},)
    assert told == {"code": "conflict", "busy": busy}
    assert await one.busy("eve", TEN, NOON) == []
    assert await one.takes(["ada", "eve"], [(ELEVEN, NOON)], "swap:2") is None
    assert await one.busy("ada", TEN, NOON) == [(TEN, NOON)]


async def test_the_same_thing_is_moved_and_given_back(one: Desk) -> None:
    await one.takes(["ada", "bob"], [(TEN, ELEVEN)], "swap:1")
    assert await one.takes(["ada", "bob"], [(TEN + 30 * MINUTE, NOON)], "swap:1") is None
    assert await one.busy("bob", TEN, NOON) == [(TEN + 30 * MINUTE, NOON)]
    assert await one.takes(["ada"], [(TEN, TEN + 30 * MINUTE)], "swap:2") is None

    await one.gives_back("swap:1")
    await one.gives_back("swap:1")

    assert await one.busy("bob", TEN, NOON) == []
    assert await one.busy("ada", TEN, NOON) == [(TEN, TEN + 30 * MINUTE)]


async def test_all_of_it_or_nothing(one: Desk) -> None:
    await one.takes(["ada"], [(ELEVEN, NOON)], "swap:1")
    await one.takes(["ada", "bob"], [(TEN, ELEVEN)], "swap:2")

    told = await one.takes(["ada", "bob"], [(NOON, NOON + HOUR), (ELEVEN, NOON)], "swap:2")

    assert told == {"code": "conflict", "busy": ({"user_id": "ada", "start": ELEVEN, "end": NOON},)}
    assert await one.busy("bob", TEN, NOON + HOUR) == [(TEN, ELEVEN)]


async def test_a_hold_gives_way_once_it_is_over(one: Desk) -> None:
    until = NOW + 10 * MINUTE
    # Alternatives may overlap each other.
    spans = [(TEN, ELEVEN), (TEN + 30 * MINUTE, NOON)]
    assert await one.takes(["ada", "bob"], spans, "swap:1", until) is None
    assert await one.busy("ada", TEN, NOON) == [(TEN, NOON)]
    assert (await one.takes(["bob"], [(TEN, ELEVEN)], "swap:2") or {})["code"] == "conflict"

    one.goes_to(until)

    assert await one.busy("ada", TEN, NOON) == []
    assert await one.takes(["bob"], [(TEN + 5 * MINUTE, TEN + 30 * MINUTE)], "swap:2") is None
    # Who comes late with what they had held is told so, or gets what nobody took meanwhile.
    assert (await one.takes(["ada", "bob"], [(TEN, ELEVEN)], "swap:1") or {})["code"] == "conflict"
    assert await one.takes(["ada", "bob"], [(ELEVEN, NOON)], "swap:1") is None
    assert await one.busy("bob", TEN, NOON) == [(TEN + 5 * MINUTE, TEN + 30 * MINUTE), (ELEVEN, NOON)]


async def test_a_hold_is_made_firm(one: Desk) -> None:
    await one.takes(["ada", "bob"], [(TEN, ELEVEN), (NOON, NOON + HOUR)], "swap:1", NOW + MINUTE)
    assert await one.takes(["ada", "bob"], [(NOON, NOON + HOUR)], "swap:1") is None
    one.goes_to(NOW + HOUR)
    assert await one.busy("ada", TEN, NOON + HOUR) == [(NOON, NOON + HOUR)]


async def raced(desks: list[Desk], requests: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    return await asyncio.gather(*(desks[n % len(desks)].takes(**asked) for n, asked in enumerate(requests)))


@pytest.mark.parametrize("of_a_hold", [False, True], ids=["of nobody", "of a hold that is over"])
async def test_of_twenty_at_once_one_wins(mongodb_url: str, database_name: str, of_a_hold: bool) -> None:
    async with AsyncExitStack() as stack:
        desks = [await stack.enter_async_context(desk(mongodb_url, database_name)) for _ in range(2)]
        if of_a_hold:
            await desks[0].takes(["ada", "bob", "eve"], [(NOW, NOON + HOUR)], "swap:0", NOW)
        # All of them have the minutes before eleven in common, of Ada; of Bob there are ten that touch no other.
        overlap = [
            {"people": ["ada", f"p{n}"], "spans": [(TEN + n * MINUTE, ELEVEN + n * MINUTE)], "ref": f"swap:{n}"}
            for n in range(20)
        ]
        apart = [
            {"people": ["bob"], "spans": [(TEN + n * HALF, TEN + (n + 1) * HALF)], "ref": f"swap:b{n}"}
            for n in range(10)
        ]

        told = await raced(desks, [*overlap[:10], *apart, *overlap[10:]])

        assert told[10:20] == [None] * 10
        late = told[:10] + told[20:]
        assert Counter((answer or {"code": "won"})["code"] for answer in late) == {"won": 1, "conflict": 19}
        # Clean: each is told who is busy, and that is Ada.
        assert {busy["user_id"] for answer in late if answer for busy in answer["busy"]} == {"ada"}
        assert all(answer["busy"] for answer in late if answer)
        winner = late.index(None)
        # And nothing of those who lost is left.
        taken = [n for n in range(20) if await desks[0].busy(f"p{n}", TEN, NOON + HOUR)]
        assert taken == [winner]
        assert await desks[1].busy("bob", TEN, TEN + 12 * HOUR) == [(TEN, TEN + 10 * HALF)]


async def test_between_processes_one_wins(mongodb_url: str, database_name: str) -> None:
    environment = os.environ | {"DESK_MONGODB_URL": mongodb_url, "DESK_DATABASE": database_name}
    command = [sys.executable, "-m", "tests.desk"]
    # One after the other, as a release makes the indexes before anybody serves.
    with ExitStack() as stack:
        left = stack.enter_context(Child(command, env=environment))
        assert left.line(within=60) == '"ready"', left.said
        right = stack.enter_context(Child(command, env=environment))
        assert right.line(within=60) == '"ready"', right.said
        for number in range(3):
            start = TEN + timedelta(days=number)
            for child, name in ((left, "left"), (right, "right")):
                asked = [
                    {"people": ["ada"], "spans": [[str(start), str(start + HOUR)]], "ref": f"{name}:{number}:{n}"}
                    for n in range(10)
                ]
                child.write(json.dumps(asked))
            told = json.loads(left.line(within=60)) + json.loads(right.line(within=60))
            assert Counter((answer or {"code": "won"})["code"] for answer in told) == {"won": 1, "conflict": 19}


PEOPLE = ("ada", "bob")
TIMES = st.integers(0, 48).map(lambda n: NOW + n * timedelta(minutes=2))
SPANS = st.tuples(TIMES, TIMES).map(sorted).filter(lambda span: span[0] < span[1])
STEPS = st.one_of(
    st.tuples(
        st.just("take"),
        st.sets(st.sampled_from(PEOPLE), min_size=1),
        st.lists(SPANS, min_size=1, max_size=2),
        st.sampled_from("abcd"),
        st.one_of(st.none(), st.integers(1, 3).map(lambda n: n * MINUTE)),
    ),
    st.tuples(st.just("release"), st.sampled_from("abcd")),
    st.tuples(st.just("later"), st.integers(1, 3).map(lambda n: n * MINUTE)),
)


@given(steps=st.lists(STEPS, max_size=12))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_it_is_as_a_naive_model_has_it(mongodb_url: str, steps: list[Any]) -> None:
    asyncio.run(_as_the_model(mongodb_url, steps))


async def _as_the_model(mongodb_url: str, steps: list[Any]) -> None:
    async with desk(mongodb_url, "test_booking_model") as one:
        await one.store.bookings._rows.delete_many({})
        model: list[tuple[str, Any, Any, str, Any]] = []
        now = NOW
        for step in steps:
            match step:
                case ("later", by):
                    one.goes_to(now := now + by)
                case ("release", ref):
                    await one.gives_back(ref)
                    model = [taken for taken in model if taken[3] != ref]
                case ("take", people, spans, ref, lasting):
                    until = None if lasting is None else now + lasting
                    wanted = [(who, a, b, ref, until) for who in people for a, b in spans]
                    living = [taken for taken in model if taken[4] is None or now < taken[4]]
                    in_the_way = [
                        taken
                        for taken in living
                        for ask in wanted
                        if taken[3] != ref and taken[0] == ask[0] and taken[1] < ask[2] and ask[1] < taken[2]
                    ]
                    told = await one.takes(sorted(people), spans, ref, until)
                    assert (told is not None) == bool(in_the_way), told
                    if told is None:
                        model = [taken for taken in living if taken[3] != ref] + wanted
        for who in PEOPLE:
            found = await one.busy(who, NOW - HOUR, NOW + 3 * HOUR)
            minutes = {NOW + n * MINUTE for n in range(-60, 180)}
            living = [taken for taken in model if taken[0] == who and (taken[4] is None or now < taken[4])]
            assert {at for at in minutes for span in found if span.start <= at < span.end} == {
                at for at in minutes for taken in living if taken[1] <= at < taken[2]
            }
