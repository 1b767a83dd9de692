"""What was acknowledged is kept and heard by everybody, in order, whatever dies: the short tier of the guarantees.

Counts are exact always; times are generous, for they hold on a quiet machine.
"""

import asyncio
import json
import os
import random
import signal
import time
from itertools import count
from typing import Any

import aiohttp
import pytest

from tests.faults.doorbells import DoorbellThief
from tests.faults.faultproxy import Blackhole, EatReply, Pass, proxied
from tests.faults.journal import entries
from tests.faults.scene import SEED, Scene, crowd
from tests.faults.workers import Worker, kill_at_random

# One after another on one test process: each wants the machine for itself.
pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]


@pytest.mark.parametrize(("people", "seconds", "kills"), [(8, 11, 4), pytest.param(20, 60, 8, marks=pytest.mark.soak)])
async def test_acknowledged_is_kept_and_heard_while_web_processes_are_killed(
    scene: Scene, people: int, seconds: float, kills: int
) -> None:
    """The long one is the guarantee in full: 100 messages a second, 20 conversations, 40 clients, for a minute."""
    async with scene.web(2) as crew:
        everybody = await crowd(crew[0].url, people=people, threads=people, each=4)
        async with scene.load(crew, everybody, seconds=seconds, rate=5, seed=SEED) as load:
            await kill_at_random(crew, every=seconds / (kills + 1), times=kills, chance=random.Random(SEED))
            summary = await load.summary()
        starts = sum(worker.starts for worker in crew)

    verdict = await scene.verdict()
    verdict.require_nothing_lost()
    assert verdict.acked == summary["sent"] > 5 * people, summary  # ten times that and more on a quiet machine
    assert summary["converged"] is not None, summary
    # The fault did happen: processes died, and clients had to come back.
    assert starts > 3
    assert summary["connects"] > summary["devices"]
    print(summary, verdict)


async def test_an_unknown_outcome_is_safe_to_ask_again(scene: Scene) -> None:
    async with (
        proxied(scene.mongodb_port) as (proxy, port),
        scene.web(2, mongodb_url=f"mongodb://127.0.0.1:{port}") as crew,
    ):
        people = await crowd(crew[0].url, people=6, threads=4, each=3)
        proxy.mode = EatReply(b"commitTransaction", 0.2, random.Random(SEED))
        async with scene.load(crew, people, seconds=8, rate=5, cut_share=0.1, seed=SEED) as load:
            summary = await load.summary()
        proxy.mode = Pass()

    verdict = await scene.verdict()
    verdict.require_nothing_lost()
    assert verdict.acked == summary["sent"] > 50, summary
    assert summary["converged"] is not None, summary
    # Both faults did happen, and answers were given twice: without the key these would be second messages.
    assert proxy.eaten > 5
    assert verdict.retried > 0
    assert verdict.duplicates > 0
    print(summary, verdict, "replies eaten:", proxy.eaten)


async def test_without_the_database_everybody_is_told_so_and_nothing_is_lost(scene: Scene) -> None:
    async with scene.web(2, LOG_FORMAT="json") as crew:
        people = await crowd(crew[0].url, people=6, threads=4, each=3)
        async with scene.load(crew, people, seconds=10, rate=4, seed=SEED) as load:
            await asyncio.sleep(1)
            os.kill(scene.servers.pid("mongodb"), signal.SIGKILL)
            await asyncio.sleep(3)
            pid = scene.servers.pid("mongodb")
            os.kill(pid, signal.SIGSTOP)
            down = crew[0].until_it_says(503, status="unavailable", database="down")
            refused, *_ = await asyncio.gather(refused_request(crew[0], people[0]), down, asyncio.sleep(4))
            os.kill(pid, signal.SIGCONT)
            back = time.monotonic()
            summary = await load.summary()
        await crew[0].until_it_says(200, status="ok", database="up", redis="up")

    verdict = await scene.verdict()
    verdict.require_nothing_lost()
    journal = scene.folder / "journal.jsonl"
    # Everybody was writing; how much they could is a matter of how soon the database is back.
    assert verdict.acked == summary["sent"] > 20, summary
    assert summary["converged"] is not None, summary
    # Nobody was left without an answer; each `unavailable` came within the time a caller is promised.
    assert verdict.silent == 0
    assert verdict.unavailable > 0
    assert max(entry["took"] for entry in entries(journal, "failed")) < 8  # 3 s on a quiet machine
    resumed = min(ack["at"] for ack in entries(journal, "acked") if ack["at"] > back) - back
    assert resumed < 10  # 5 s on a quiet machine
    require_ids(scene, refused, {person["id"] for person in people})
    print(summary, verdict, f"writes resumed after {resumed:.2f} s")


async def refused_request(worker: Worker, person: dict[str, Any]) -> str:
    """Ask for what the database would know; the id that the refusal names, which its header names as well."""
    asked = {"url": f"{worker.url}/api/v1/messages/", "headers": {"Authorization": f"Bearer {person['token']}"}}
    async with aiohttp.ClientSession() as http, http.get(**asked) as answer:
        problem = await answer.json()
        assert (answer.status, problem["code"]) == (503, "unavailable")
        assert answer.headers["X-Request-Id"] == problem["request_id"]
        return str(problem["request_id"])


def require_ids(scene: Scene, request_id: str, users: set[str]) -> None:
    """AssertionError unless the log finds a request by the id it was answered, and an event by who asked, and where."""
    text = [line for log in scene.folder.glob("web-*.log") for line in log.read_text().splitlines()]
    # Where it serves it tells people on standard output, which goes to the same file here.
    lines = [json.loads(line) for line in text if line.startswith("{")]
    told = [line for line in lines if line["event"] == "database_unavailable"]
    (by_rest,) = [line for line in told if line["request_id"] == request_id]
    assert by_rest["user_id"] in users and "connection_id" not in by_rest
    by_event = [line for line in told if "connection_id" in line]
    assert by_event and {line["user_id"] for line in by_event} <= users
    assert all(line["request_id"] and line["connection_id"] for line in by_event)


@pytest.mark.parametrize("fault", ["killed", "stopped", "unreachable"])
async def test_without_redis_commands_go_on_and_delivery_catches_up(scene: Scene, fault: str) -> None:
    async with (
        proxied(scene.redis_socket) as (proxy, port),
        scene.web(2, redis_url=f"redis://127.0.0.1:{port}") as crew,
    ):
        people = await crowd(crew[0].url, people=6, threads=4, each=3)
        async with scene.load(crew, people, seconds=6, rate=5, seed=SEED) as load:
            await asyncio.sleep(1)
            pid = scene.servers.pid("redis")
            down = time.monotonic()
            proxy.mode = Blackhole()
            if fault == "killed":
                # It comes back at once, empty, behind a proxy that opens only later.
                os.kill(pid, signal.SIGKILL)
                proxy.cut()
            elif fault == "stopped":
                proxy.mode = Pass()
                os.kill(pid, signal.SIGSTOP)
            # It serves all the same: whoever sends people to it need not send them elsewhere.
            degraded = crew[0].until_it_says(200, status="degraded", database="up", redis="down")
            await asyncio.gather(asyncio.sleep(3), degraded)
            if fault == "stopped":
                os.kill(pid, signal.SIGCONT)
            proxy.mode = Pass()
            back = time.monotonic()
            summary = await load.summary()
        await crew[0].until_it_says(200, status="ok", database="up", redis="up")

    verdict = await scene.verdict()
    verdict.require_nothing_lost()
    assert verdict.acked == summary["sent"] > 30, summary
    assert summary["converged"] is not None, summary
    journal = scene.folder / "journal.jsonl"
    meanwhile = [ack for ack in entries(journal, "acked") if down + 0.5 < ack["at"] < back]
    assert len(meanwhile) > 5, "commands stood still while Redis was away"
    assert sorted(ack["in_all"] for ack in meanwhile)[int(len(meanwhile) * 0.99)] < 3  # 1 s on a quiet machine
    owed = {ack["id"] for ack in meanwhile}
    heard = [entry["at"] for entry in entries(journal, "received") if entry["id"] in owed]
    caught_up = max(heard) - back
    assert caught_up < 9  # 3 s on a quiet machine
    print(fault, summary, verdict, f"caught up {caught_up:.2f} s after it was back")


async def test_a_lost_doorbell_is_found(scene: Scene) -> None:
    stolen: list[bytes] = []
    counter = count()
    async with (
        proxied(scene.redis_socket, reply_filter=lambda: DoorbellThief(20, counter, stolen)) as (_, port),
        scene.web(2, redis_url=f"redis://127.0.0.1:{port}") as crew,
    ):
        people = await crowd(crew[0].url, people=6, threads=4, each=3)
        async with scene.load(crew, people, seconds=5, rate=4, seed=SEED) as load:
            summary = await load.summary()

    verdict = await scene.verdict()
    verdict.require_nothing_lost()
    assert len(stolen) > 3
    assert summary["converged"] is not None and summary["converged"] < 20, summary  # 10 s on a quiet machine
    # It healed by itself: nobody connected twice, fetched a page or saw a hole.
    assert summary["connects"] == summary["devices"]
    assert (verdict.fetched, verdict.holes) == (0, 0)
    print(summary, verdict, "doorbells stolen:", len(stolen))
