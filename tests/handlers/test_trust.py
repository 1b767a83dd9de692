"""How many strangers somebody may wait for: more for what they are trusted for."""

from typing import Any

from tests.handlers.swaps.world import World, world

NUMBER = {"phone": "030/123", "owned_phone": "030/123", "owned_number": "+4930123"}


async def left(earth: World, person: str) -> tuple[Any, ...]:
    told = await earth.asks(person, "contact:left")
    return told["allowed"], told["level"], told["more"]


async def test_a_number_counts_for_a_step_and_for_one_person(mongodb_url: str, database_name: str) -> None:
    async with world(mongodb_url, database_name, first_contacts=5) as earth:
        ada, bob = [await earth.somebody(name) for name in ("ada", "bob")]
        assert await left(earth, ada) == (5, "newcomer", ["a_day", "phone", "swap"])
        await earth.store.users.update(ada, NUMBER)
        assert await left(earth, ada) == (10, "member", ["a_day", "swap"])
        await earth.passes(days=2)
        # By that alone nobody is as trusted as who kept their word.
        assert await left(earth, ada) == (15, "member", ["swap"])

        # Whoever has many accounts has one number: it counts for none of those that it was confirmed for.
        await earth.store.users.update(bob, NUMBER)
        assert await left(earth, bob) == (10, "member", ["phone", "swap"])
        assert await left(earth, ada) == (10, "member", ["phone", "swap"])
        # Nor does one that is theirs no more.
        await earth.store.users.update(bob, {"owned_number": "+4930124"})
        assert await left(earth, bob) == (15, "member", ["swap"])
        await earth.asks(bob, "update_profile", phone="030/125")
        assert await left(earth, bob) == (10, "member", ["phone", "swap"])
