"""Who joins and says little of themselves hears once what it would be good for; who says enough hears nothing."""

from tests.handlers.swaps.world import World, world
from tests.people import PASSWORD

WORTH = {"teaches": [{"name": "Guitar"}], "wants": [{"name": "French"}], "bio": "Hello.", "languages": ["en"]}


async def joins(earth: World, name: str) -> str:
    said = {"name": name, "email": f"{name}@example.org", "password": PASSWORD}
    user_id: str = (await earth.asks("nobody", "sign_up", **said))["user"]["id"]
    return user_id


async def test_an_empty_profile_is_spoken_of_once(mongodb_url: str, database_name: str) -> None:
    async with world(mongodb_url, database_name, nudge_days=3, confirm_email=False) as earth:
        ada, bob = await joins(earth, "ada"), await joins(earth, "bob")
        await earth.asks(bob, "update_profile", **WORTH)
        await earth.passes(days=2)
        assert await earth.told(ada, "notification:created") == []
        await earth.passes(days=30)
        (told,) = await earth.told(ada, "notification:created")
        assert told["notification"]["title"] == "Your profile is 11 % complete"
        assert told["notification"]["data"] == {"field": "teaches"}
        assert await earth.told(bob, "notification:created") == []
