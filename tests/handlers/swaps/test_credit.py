"""Time credit: whatever happens to swaps, all balances together are zero, and nobody promises what they have not."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from handlers.errors import DomainError, NotAllowedNow
from store.users import Role
from tests.handlers.swaps.world import World, world

LIMIT = 120


@pytest.fixture
async def earth(mongodb_url: str, database_name: str) -> AsyncIterator[World]:
    async with world(mongodb_url, database_name, credit_limit_minutes=LIMIT) as made:
        yield made


async def has(earth: World, person: str) -> tuple[int, int]:
    credits = await earth.asks(person, "credit:list")
    return credits["balance"], credits["reserved"]


async def test_credit_goes_over_once_the_swap_was_held(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    swap = await earth.requests(ada, bob, credit_minutes=90)
    assert (swap["credit_minutes"], swap["credit_from"]) == (90, ada)
    assert await has(earth, ada) == (0, 0)
    await earth.does(bob, swap, "accept")
    assert (await has(earth, ada), await has(earth, bob)) == ((0, 90), (0, 0))
    # Neither may she promise what is promised, nor may he be asked for more than there is.
    other = await earth.requests(ada, bob, credit_minutes=60, scheduled_time=earth.after(days=9))
    with pytest.raises(NotAllowedNow, match="60 minutes of credit are asked for, and the other side does not have"):
        await earth.does(bob, other, "accept")
    # Her own account she is told of.
    moved = await earth.does(bob, other, "counter", slots=[earth.after(days=8)])
    with pytest.raises(NotAllowedNow, match="60 minutes of credit are asked for, and no more than 30 are there"):
        await earth.does(ada, moved, "accept")
    await earth.passes(days=4)
    for person in (ada, bob):
        await earth.does(person, swap, "confirm")
    assert (await has(earth, ada), await has(earth, bob)) == ((-90, 0), (90, 0))
    given = (await earth.asks(bob, "credit:list"))["items"]
    assert [(one["giver"], one["receiver"], one["minutes"], one["swap"]) for one in given] == [
        (ada, bob, 90, swap["id"])
    ]
    # Now he can give what he got, and what he may owe.
    back = await earth.agrees(ada, bob, credit_minutes=90 + LIMIT, credit_from=bob)
    assert await has(earth, bob) == (90, 90 + LIMIT)
    await earth.does(ada, back, "cancel")
    assert await has(earth, bob) == (90, 0)


@pytest.mark.parametrize(
    ("decision", "balances"), [("completed", (-60, 60)), ("cancelled", (0, 0)), ("no_show", (0, 0))]
)
async def test_a_dispute_freezes_credit_and_staff_decides(
    earth: World, decision: str, balances: tuple[int, int]
) -> None:
    ada, bob, eve = [await earth.somebody(name, role=Role.MODERATOR) for name in ("ada", "bob", "eve")]
    swap = await earth.agrees(ada, bob, credit_minutes=60)
    await earth.passes(days=20)
    assert (await earth.swap(swap))["status"] == "completed"
    await earth.does(ada, swap, "dispute", reason="He was not there.")
    assert (await has(earth, ada), await has(earth, bob)) == ((-60, 0), (60, 60))
    assert await earth.asks(ada, "reliability:get", user_id=bob) == {"user_id": bob, "kept": 0, "of": 0}
    decided = {"swap_id": swap["id"], "status": decision, "reason": "The call says so."}
    if decision == "no_show":
        decided["absent"] = bob
    assert [one["id"] for one in (await earth.asks(eve, "list_disputes"))["items"]] == [swap["id"]]
    with pytest.raises(DomainError):
        await earth.asks(ada, "decide_swap", **decided)

    after = await earth.asks(eve, "decide_swap", **decided)

    assert (after["status"], after["history"][-1]["why"]) == (decision, "The call says so.")
    assert (await has(earth, ada), await has(earth, bob)) == ((balances[0], 0), (balances[1], 0))
    # Given back, and not deleted.
    found = (await earth.asks(ada, "credit:list"))["items"]
    assert [one["minutes"] for one in found] == [60] * (1 if decision == "completed" else 2)
    kept = {"completed": (1, 1), "cancelled": (0, 0), "no_show": (0, 1)}[decision]
    assert await earth.asks(ada, "reliability:get", user_id=bob) == {"user_id": bob, "kept": kept[0], "of": kept[1]}
    with pytest.raises(NotAllowedNow):
        await earth.asks(eve, "decide_swap", **decided)
    # Nor is it disputed anew.
    with pytest.raises(NotAllowedNow):
        await earth.does(ada, swap, "dispute", reason="He was not there, I say.")


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 6))])
async def test_all_balances_are_zero_together_whatever_is_done(earth: World, seed: int) -> None:
    """Anybody does anything to any swap, for a long time."""
    chance = random.Random(seed)
    people = [await earth.somebody(name) for name in ("ada", "bob", "eve")]
    staff = await earth.somebody("staff", role=Role.MODERATOR)
    swaps: list[Any] = []
    done: Counter[str] = Counter()

    async def request() -> None:
        one, other = chance.sample(people, 2)
        more = {"credit_minutes": chance.choice([0, 30, 60, 90]), "credit_from": chance.choice([one, other])}
        time = earth.after(hours=chance.randint(1, 200))
        swaps.append(await earth.requests(one, other, scheduled_time=time, **more))

    async def act() -> None:
        if not swaps:
            return
        swap = await earth.swap(chance.choice(swaps[-8:]))
        action = chance.choice(
            ["accept"] * 3 + ["reject", "cancel", "reschedule", "counter", "confirm", "did_not_happen", "no_show"]
            + ["confirm", "dispute"]
        )  # fmt: skip
        time = earth.after(hours=chance.randint(1, 100))
        more = {"reschedule": {"scheduled_time": time}, "counter": {"slots": [time]}}.get(action, {})
        await earth.does(chance.choice(people), swap, action, reason="So.", **more)
        done[action] += 1

    async def decide() -> None:
        for swap in (await earth.asks(staff, "list_disputes"))["items"][:1]:
            status = chance.choice(["completed", "cancelled"])
            await earth.asks(staff, "decide_swap", swap_id=swap["id"], status=status, reason="So.")
            done["decide"] += 1

    async def wait() -> None:
        await earth.passes(hours=chance.randint(1, 60))

    steps: list[Callable[[], Awaitable[None]]] = [request, act, act, act, act, wait, decide]
    for _ in range(160):
        try:
            await chance.choice(steps)()
        except DomainError:
            done["refused"] += 1
        accounts = [await earth.store.credit_accounts.get(person) for person in people]
        assert sum(one.balance for one in accounts if one is not None) == 0
    await earth.passes(days=400)
    while (await earth.asks(staff, "list_disputes"))["items"]:
        await decide()

    moved: Counter[str] = Counter()
    for person in people:
        for one in await earth.store.credit_transfers.of_person(person, before=None, limit=1000):
            moved[person] += one.minutes * (1 if one.receiver == person else -1)
        # What is shown is what the transfers come to, and nothing stays reserved when all is settled.
        assert await has(earth, person) == (moved[person], 0)
    for swap in swaps:
        now = await earth.swap(swap)
        assert now["version"] == len(now["history"]), "a version has one entry in the history"
        heard = [one["swap"]["version"] for type_ in ("swap:created", "swap:updated", "swap:expired")
                 for one in await earth.told(now["requestor"], type_) if one["swap"]["id"] == now["id"]]  # fmt: skip
        assert sorted(heard) == list(range(1, now["version"] + 1)), "and one event"
    assert done["accept"] and done["refused"] and sum(done.values()) > 40
