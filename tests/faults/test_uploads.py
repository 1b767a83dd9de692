"""A file whose process is killed on its way in: nobody sees a part of it, and within the hour it was never there."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from server.config import Settings
from server.mail import DevelopmentOutbox
from tests.conftest import serving
from tests.faults.scene import DATABASE, SEED, Scene
from tests.files import kept, nothing_is_due
from tests.people import Person, refused, surely

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]

HOUR = timedelta(hours=1)
# As many as fill a day's quota while they are on their way.
AT_ONCE = 10
FILE = b"%PDF-1.7\n" + bytes(range(256)) * 4_000


async def test_a_file_whose_process_is_killed(
    scene: Scene, settings: Settings, http: aiohttp.ClientSession, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    settings = settings.model_copy(update={"mongodb_database": DATABASE})
    async with scene.web(1) as (worker,):
        ada, bob = [await Person(name, worker.url, http).join() for name in ("ada", "bob")]

        # At any of their bytes: between none and all.
        stops = [0, len(FILE), *(chance.randrange(len(FILE)) for _ in range(AT_ONCE - 2))]
        under_way = [asyncio.create_task(_sends(ada, stop)) for stop in stops]
        async with asyncio.timeout(60):
            while (await kept(settings, scene.servers))[0] < AT_ONCE:
                await asyncio.sleep(0.05)
        worker.kill()
        answers = await asyncio.gather(*under_way, return_exceptions=True)
        assert all(isinstance(answer, aiohttp.ClientError) for answer in answers), answers

        # And while whole ones are looked at and written down.
        acknowledged = []
        for _ in range(4):
            await worker.ready()
            sending = [asyncio.create_task(surely(bob.upload, FILE)) for _ in range(2)]
            await asyncio.sleep(chance.uniform(0.05, 0.6))
            worker.kill()
            for answer in await asyncio.gather(*sending, return_exceptions=True):
                if isinstance(answer, dict):
                    acknowledged.append(answer["id"])
                else:
                    assert isinstance(answer, aiohttp.ClientError), answer

        await worker.ready()
        assert (await ada.rest("GET", "/uploads/"))["items"] == []
        whole = (await bob.rest("GET", "/uploads/"))["items"]
        assert {*acknowledged} <= {upload["id"] for upload in whole}
        for upload in whole:
            assert await bob.rest("GET", f"/uploads/{upload['id']}/") == FILE
        # What was on its way counts until somebody looked after it.
        with refused("rate_limited"):
            await ada.upload(FILE)

    async with serving(settings, scene.servers, ahead=HOUR, mailer=DevelopmentOutbox()) as later:
        await nothing_is_due(settings, scene.servers, HOUR)
        ada.url = later
        await ada.log_in()
        again = await ada.upload(FILE)
        assert await kept(settings, scene.servers) == (len(whole) + 1, len(whole) + 1)
        assert [one["id"] for one in (await ada.rest("GET", "/uploads/"))["items"]] == [again["id"]]


async def _sends(person: Person, stop: int) -> None:
    """Send a file up to a byte, and then nothing more."""

    async def parts() -> AsyncIterator[bytes]:
        yield FILE[:stop]
        await asyncio.Event().wait()

    def whole() -> aiohttp.FormData:
        made = aiohttp.FormData()
        made.add_field("file", parts(), filename="book.pdf")
        return made

    # So many at once are in each other's way: each writes down what it uses of the day's quota.
    await surely(person.rest, "POST", "/uploads/", whole)
