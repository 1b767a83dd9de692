"""Processes that are asked to stop, and storms of those who come back: nobody notices more than a reconnection."""

import asyncio
import os
import signal
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.faults.journal import entries
from tests.faults.scene import SEED, Scene, crowd
from tests.faults.workers import Worker
from tests.figures import figure, figures
from tests.people import Person, Refusal, key, once

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]

# The guarantees' own figures.
BACK_SECONDS, STORM_SECONDS = 10.0, 15.0


@pytest.mark.parametrize(("people", "seconds"), [(6, 14), pytest.param(20, 40, marks=pytest.mark.soak)])
async def test_a_rolling_restart_under_load_loses_nothing_and_leaves_nothing_unanswered(
    scene: Scene, people: int, seconds: float
) -> None:
    async with scene.web(2) as crew:
        everybody = await crowd(crew[0].url, people=people, threads=people, each=3)
        async with scene.load(crew, everybody, seconds=seconds, rate=5, seed=SEED) as load:
            ends = [await worker.restart() for worker in crew]
            summary = await load.summary()

    verdict = await scene.verdict()
    verdict.require_nothing_lost()
    assert [code for code, _ in ends] == [0, 0]
    assert max(took for _, took in ends) < 15
    assert verdict.acked == summary["sent"] > 5 * people, summary
    assert summary["converged"] is not None, summary
    journal = scene.folder / "journal.jsonl"
    told = list(entries(journal, "draining"))
    # Who is told to go is with another process soon, and so it was drained by then: 1 s while others use the machine.
    away = sorted(greeted(journal, entry["device"], after=entry["at"]) for entry in told)
    assert away[int(len(away) * 0.99)] <= BACK_SECONDS, away
    # Nobody had to come back who was not told so before.
    assert 0 < summary["connects"] - summary["devices"] <= len(told), summary
    assert verdict.silent == 0
    # Where the disk stood still for so long: told so, and asked again.
    assert verdict.unavailable <= summary["sent"] / 50
    # Who came to one that drains was sent on, and by nothing worse.
    assert {entry["status"] for entry in entries(journal, "turned_away")} <= {503}
    print(summary, verdict, ends, f"back after {away[-1]:.2f} s at most")


async def test_who_drains_says_so_answers_what_was_asked_and_ends(scene: Scene) -> None:
    async with scene.web(1) as (worker,), aiohttp.ClientSession() as http:
        ada, bob = [await Person(name, worker.url, http).join() for name in ("ada", "bob")]
        thread = await ada.rest("POST", "/messages/", {"participants": [bob.id]})
        message = {"thread_id": thread["id"], "message_content": "the last", "client_id": key()}
        # Where the machine takes so long for it that the database is waited for no more, it is asked again.
        for _ in range(5):
            said = await _said_while_it_drains(worker, ada, bob, message, database=scene.servers.pid("mongodb"))
            if said["ok"]:
                break
            assert said["error"]["code"] == "unavailable", said
        assert said["data"]["message_content"] == "the last"


async def _said_while_it_drains(
    worker: Worker, ada: Person, bob: Person, message: dict[str, Any], *, database: int
) -> dict[str, Any]:
    await ada.connect()
    assert ada.socket is not None
    closed = asyncio.Event()
    ada.socket.on("disconnect", closed.set)
    # What is asked waits for the database, and came before the signal.
    os.kill(database, signal.SIGSTOP)
    try:
        worker.pause()
        with once():
            asked = asyncio.create_task(ada.ack("message:send", message))
        await asyncio.sleep(0)
        await ada.socket.eio.queue.join()
        stopping = asyncio.create_task(worker.restart())
        await asyncio.sleep(0)
        worker.resume()
        assert await ada.hears("server:draining")
        async with ada.http.get(f"{worker.url}/readyz") as answer:
            assert (answer.status, await answer.json()) == (503, {"status": "draining"})
        with pytest.raises(Refusal):
            await bob.connect()
        assert not asked.done() or not asked.result()["ok"]
    finally:
        os.kill(database, signal.SIGCONT)
    said = await asked
    await asyncio.wait_for(closed.wait(), 10)
    assert (await stopping)[0] == 0
    await ada.leave()
    return said


async def test_a_thousand_may_knock_while_a_process_is_busy(scene: Scene) -> None:
    """Whoever found no room would be let in after 1, 3, 7, ... 63 seconds."""
    async with scene.web(1) as (worker,), AsyncExitStack() as stack:
        host, port = worker.url.removeprefix("http://").split(":")
        worker.pause()
        try:
            async with asyncio.timeout(10):
                knocking = (asyncio.open_connection(host, int(port)) for _ in range(1000))
                for _, writer in await asyncio.gather(*knocking):
                    stack.callback(writer.close)
        finally:
            worker.resume()


@pytest.mark.parametrize(("people", "each"), [(12, 8), pytest.param(100, 10, marks=pytest.mark.soak)])
async def test_a_storm_of_those_whose_process_died_is_taken_in(scene: Scene, people: int, each: int) -> None:
    """The long one is the guarantee in full: half of a thousand sockets come back at once."""
    many = {"MAX_CONNECTIONS_PER_USER": "1000"}
    async with scene.web(2, **many) as crew, aiohttp.ClientSession() as http:
        everybody = await crowd(crew[0].url, people=people, threads=people, each=3)
        async with scene.load(crew, everybody, seconds=12, rate=0.5, devices=each, seed=SEED) as load:
            before = figure(await figures(http, crew[1].url), "skillnet_sockets")
            killed = time.monotonic()
            crew[0].kill()
            summary = await load.summary()
            after = await figures(http, crew[1].url)

    verdict = await scene.verdict()
    verdict.require_nothing_lost()
    journal = scene.folder / "journal.jsonl"
    lost = people * each - before
    assert lost > people * each / 4
    assert summary["connects"] >= people * each + lost, "some never came back"
    # All of them were greeted soon: 1.5 s while others use the machine.
    hellos = {entry["device"] for entry in entries(journal, "hello") if entry["at"] > killed}
    back = [greeted(journal, device, after=killed) for device in hellos]
    assert len(back) >= lost and max(back) <= STORM_SECONDS, back
    assert not list(entries(journal, "turned_away"))
    for name in ("skillnet_request_seconds_count", "skillnet_errors_total"):
        assert not [key for key in after if key.startswith(name) and ('status="5' in key or 'code="internal"' in key)]
    lags = {key: value for key, value in after.items() if "loop_lag" in key}
    # The guarantee is that 99 of a hundred looks find the loop no later than this. Here are some seventy, and what
    # others do on this machine makes any of them late: most have to be in time.
    in_time = figure(after, "skillnet_loop_lag_seconds_bucket", le="0.2")
    assert in_time > figure(after, "skillnet_loop_lag_seconds_count") / 2, lags
    print(summary, f"back after {max(back):.2f} s at most", lags)


def greeted(journal: Path, device: str, *, after: float) -> float:
    """The seconds from a moment on until a device was greeted, by whichever process."""
    greetings = (entry["at"] for entry in entries(journal, "hello") if entry["device"] == device)
    return min(at for at in greetings if at > after) - after
