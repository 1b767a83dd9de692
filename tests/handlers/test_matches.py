"""Whom one is matched with once one takes part again."""

from store.users import Role
from tests.handlers.swaps.world import world


async def test_who_came_during_a_suspension_is_found_when_it_is_over(mongodb_url: str, database_name: str) -> None:
    async with world(mongodb_url, database_name) as earth:
        ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
        admin = await earth.somebody("admin", role=Role.ADMIN)
        await earth.asks(ada, "update_profile", teaches=[{"name": "Guitar"}], wants=[{"name": "French"}])
        suspended = {"measure": "suspension", "reason": "Spam.", "until": earth.after(days=2)}
        await earth.asks(admin, "take_measure", user_id=ada, **suspended)
        await earth.asks(bob, "update_profile", teaches=[{"name": "French"}], wants=[{"name": "Guitar"}])
        await earth.passes(days=1)
        assert (await earth.asks(bob, "match:list"))["items"] == []
        await earth.passes(days=2)
        for person in (ada, bob):
            assert len(await earth.told(person, "match:found")) == 1
