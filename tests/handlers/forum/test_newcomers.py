"""What is asked of newcomers holds also for who asks for all at once."""

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Any

from pymongo.errors import PyMongoError

from handlers.errors import RateLimited, Unavailable
from tests.handlers.forum.discussions import SKILLS
from tests.handlers.swaps.world import world


async def test_a_newcomer_waits_also_between_discussions(mongodb_url: str, database_name: str) -> None:
    async with world(mongodb_url, database_name, newcomer_delay_seconds=60) as earth:
        about = {"title": "Which strings?", "content": "Nylon?", "category_id": SKILLS}
        begun = [await earth.asks(await earth.somebody("ada"), "discussion:create", **about) for _ in range(5)]
        bob = await earth.somebody("bob")

        async def writes(thread_id: str) -> Any:
            while True:
                # A machine that others use as well may have no time for one of them.
                with suppress(Unavailable, PyMongoError):
                    return await earth.asks(bob, "post:create", thread_id=thread_id, content="Buy here.")

        async def writes_everywhere() -> Counter[type]:
            asking = [writes(one["discussion"]["id"]) for one in begun]
            return Counter(type(one) for one in await asyncio.gather(*asking, return_exceptions=True))

        for _ in range(2):
            assert await writes_everywhere() == {dict: 1, RateLimited: 4}
            await earth.passes(seconds=61)
