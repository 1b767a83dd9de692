"""What happens to swaps by itself, with a clock that the test turns: expiry, reminders, silence that agrees."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from handlers.errors import NotAllowedNow
from tests.handlers.swaps.world import World, world


@pytest.fixture(params=[1, 3])
async def earth(request: pytest.FixtureRequest, mongodb_url: str, database_name: str) -> AsyncIterator[World]:
    """With one worker, and with three that race for every job."""
    async with world(mongodb_url, database_name, processes=request.param) as made:
        yield made


async def test_nothing_stays_pending_past_its_time(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    near = await earth.requests(ada, bob, scheduled_time=earth.after(hours=2))
    far = await earth.requests(ada, bob, scheduled_time=earth.after(days=60))
    moved = await earth.requests(ada, bob, scheduled_time=earth.after(days=1))
    countered = await earth.does(bob, moved, "counter", slots=[earth.after(days=2), earth.after(days=4)])
    # The answer resets the time; before it the answer that the first proposal waited for would be late.
    await earth.passes(hours=3)
    assert (await earth.swap(near))["status"] == "expired"
    assert near["id"] in [told["swap"]["id"] for told in await earth.told(ada, "swap:expired")]
    await earth.passes(days=1)
    assert (await earth.swap(countered))["status"] == "countered"
    await earth.passes(days=3)
    assert (await earth.swap(countered))["status"] == "expired"
    assert (await earth.swap(far))["status"] == "pending"
    await earth.passes(days=11)
    assert (await earth.swap(far))["status"] == "expired"
    assert len(await earth.told(bob, "swap:expired")) == 3


async def test_nobody_accepts_what_has_expired_while_no_worker_works(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    swap = await earth.requests(ada, bob, scheduled_time=earth.after(days=60))
    await earth.passes(working=False, days=15)
    with pytest.raises(NotAllowedNow):
        await earth.does(bob, swap, "accept")
    assert (await earth.swap(swap))["status"] == "pending"
    await earth.passes(seconds=1)
    assert (await earth.swap(swap))["status"] == "expired"


async def test_reminders_come_once_and_follow_the_swap(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    kept = await earth.agrees(ada, bob)
    moved = await earth.agrees(ada, bob, scheduled_time=earth.after(days=4))
    await earth.does(ada, moved, "reschedule", scheduled_time=earth.after(days=6))
    moved = await earth.does(bob, moved, "accept")
    off = await earth.agrees(ada, bob, scheduled_time=earth.after(days=5))
    await earth.does(bob, off, "cancel")
    soon = await earth.agrees(ada, bob, scheduled_time=earth.after(hours=5))

    await earth.passes(days=3)

    for person in (ada, bob):
        told = await earth.told(person, "swap:reminder")
        assert Counter((one["swap_id"], one["before"]) for one in told) == {
            (soon["id"], "1h"): 1,
            (kept["id"], "24h"): 1,
            (kept["id"], "1h"): 1,
        }
    await earth.passes(days=4)
    told = [one for one in await earth.told(ada, "swap:reminder") if one["swap_id"] not in {soon["id"], kept["id"]}]
    assert [(one["swap_id"], one["before"], one["scheduled_time"]) for one in told] == [
        (moved["id"], "24h", moved["scheduled_time"]),
        (moved["id"], "1h", moved["scheduled_time"]),
    ]
    assert len(await earth.told(ada, "notification:created")) > len(told)


async def test_a_worker_that_was_down_reminds_of_nothing_that_is_past(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    late, missed, past = [await earth.agrees(ada, bob, scheduled_time=earth.after(days=2, hours=n)) for n in (4, 2, 0)]
    await earth.passes(working=False, days=2, hours=1, minutes=30)
    await earth.passes(seconds=1)
    told = [(one["swap_id"], one["before"]) for one in await earth.told(bob, "swap:reminder")]
    # Two hours and a half ahead it is not too late for the first; half an hour ahead the second alone is sent.
    assert sorted(told) == sorted([(late["id"], "24h"), (missed["id"], "1h")])
    assert past["id"] not in dict(told)


async def test_silence_agrees_after_a_week(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    silent = await earth.agrees(ada, bob)
    half = await earth.agrees(ada, bob, scheduled_time=earth.after(days=4))
    missed = await earth.agrees(ada, bob, scheduled_time=earth.after(days=5))
    nothing = await earth.agrees(ada, bob, scheduled_time=earth.after(days=6))
    disputed = await earth.agrees(ada, bob, scheduled_time=earth.after(days=7))
    await earth.passes(days=8)
    await earth.does(ada, half, "confirm")
    await earth.does(ada, missed, "no_show")
    await earth.does(bob, nothing, "did_not_happen")
    await earth.does(bob, disputed, "dispute", reason="She asks for money.")
    assert {(await earth.swap(one))["status"] for one in (silent, half, missed, nothing)} == {"accepted"}

    await earth.passes(days=30)

    ended = [await earth.swap(one) for one in (silent, half, missed, nothing, disputed)]
    assert [one["status"] for one in ended] == ["completed", "completed", "no_show", "cancelled", "disputed"]
    assert [one["history"][-1]["by"] for one in ended[:4]] == [None] * 4
    assert await earth.asks(ada, "reliability:get", user_id=ada) == {"user_id": ada, "kept": 3, "of": 3}
    assert await earth.asks(ada, "reliability:get", user_id=bob) == {"user_id": bob, "kept": 2, "of": 3}


@pytest.mark.parametrize("swaps", [15, pytest.param(60, marks=pytest.mark.soak)])
async def test_many_swaps_over_months_are_reminded_of_exactly_twice(
    mongodb_url: str, database_name: str, swaps: int
) -> None:
    async with world(mongodb_url, database_name, processes=2) as earth:
        ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
        agreed = [await earth.agrees(ada, bob, scheduled_time=earth.after(days=2 + 3.5 * n)) for n in range(swaps)]
        for week in range(swaps // 2):
            await earth.passes(working=week % 3 != 2, days=7)
        await earth.passes(days=60)
        told = Counter((one["swap_id"], one["before"]) for one in await earth.told(ada, "swap:reminder"))
        assert set(told.values()) == {1}
        # In two of three weeks somebody worked: what was due in the third is past when they are back.
        assert 2 * swaps * 0.6 < len(told) < 2 * swaps
        assert {(await earth.swap(one))["status"] for one in agreed} == {"completed"}
        assert await earth.asks(ada, "reliability:get", user_id=ada) == {"user_id": ada, "kept": swaps, "of": swaps}
