"""What is told again to who was away, or says so when it cannot be."""

from dataclasses import replace
from pathlib import Path

import aiohttp

from server.config import Settings
from tests.conftest import serving
from tests.people import Person, refused
from tests.processes import Servers


async def test_without_redis_what_was_missed_is_to_be_asked_for_again(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession, tmp_path: Path
) -> None:
    without = replace(servers, redis_url=f"unix://{tmp_path / 'nothing'}")
    async with serving(settings, without) as url:
        ada = await (await Person("ada", url, http).join()).connect()

        with refused("unavailable") as refusal:
            await ada.asks("sync:since", {"epoch": "some", "seq": 0})

        assert refusal.value.problem["retryable"]
        await ada.leave()
