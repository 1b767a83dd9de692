"""Browsers meet on the page of a call: they see and hear each other, and go on when lines and servers do not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from tests.browser.guests import Guest, chromium, playing
from tests.calling import a_call
from tests.faults.faultproxy import proxied
from tests.faults.workers import Worker, workers
from tests.people import Person
from tests.processes import Servers

# With what else starts and kills processes, one after the other: browsers want a processor each.
pytestmark = [pytest.mark.system, pytest.mark.xdist_group("faults")]


@pytest.fixture
async def crew(servers: Servers, database_name: str, tmp_path: Path) -> AsyncIterator[list[Worker]]:
    """Two processes of the real program."""
    where = {"mongodb_url": servers.mongodb_url, "redis_url": servers.redis_url}
    async with workers(2, **where, folder=tmp_path, MONGODB_DATABASE=database_name) as crew:
        yield crew


async def test_two_browsers_meet_and_stay_met(crew: list[Worker], http: aiohttp.ClientSession) -> None:
    """By two processes; then a socket is cut, a process killed, and the network said to be another one."""
    ada = await (await Person("ada", crew[0].url, http).join()).connect()
    bob = await Person("bob", crew[1].url, http).join()
    call = await a_call(ada, bob)
    await ada.leave()
    async with proxied(crew[1].port) as (balancer, port), playing() as playwright, AsyncExitStack() as stack:
        browsers = [await stack.enter_async_context(chromium(playwright)) for _ in range(2)]
        hers = await Guest.opens(browsers[0], ada, crew[0].url, call["session_id"])
        await hers.joins()
        his = await Guest.opens(browsers[1], bob, f"http://127.0.0.1:{port}", call["session_id"])
        await his.joins()
        await asyncio.gather(hers.meets(), his.meets())
        await hers.page.get_by_text("bob is here.").wait_for()

        # Its socket is cut: nothing is begun anew, and nobody leaves.
        (before,) = await his.media()
        await his.does("window.kept.sockets.at(-1).close()")
        await his.page.get_by_text("You are back.").wait_for()
        await asyncio.gather(hers.meets(), his.meets())
        (after,) = await his.media()
        assert after["ufrag"] == before["ufrag"]

        # Its process is killed while both look on; the other one goes on with the same seat.
        balancer.target = crew[0].port
        crew[1].kill()
        await his.page.get_by_text("The line to the server is lost").wait_for()
        await asyncio.gather(hers.meets(), his.meets())
        await his.until(lambda: his.does("document.querySelector('#line').textContent === ''"), "the line is back")
        await his.page.get_by_text("You are back.").wait_for()
        (after,) = await his.media()
        assert after["ufrag"] == before["ufrag"]

        await his.does("window.dispatchEvent(new Event('online'))")
        await his.until(lambda: _is_another(his, before["ufrag"]), "ICE has begun anew")
        await asyncio.gather(hers.meets(), his.meets())
        assert await hers.page.locator(".tile").count() == await his.page.locator(".tile").count() == 2
        assert await hers.page.get_by_text("bob has left").count() == 0
        assert (hers.faults, his.faults) == ([], [])

        # Of two who called each other, who leaves hangs up for both.
        await his.page.get_by_role("button", name="Leave").click()
        await hers.page.get_by_role("heading", name="The call is over").wait_for()


async def _is_another(guest: Guest, ufrag: str) -> bool:
    (now,) = await guest.media()
    return now["ufrag"] != ufrag and now["signaling"] == "stable"
