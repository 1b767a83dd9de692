"""What was committed reaches everybody in the order of its commits, whoever dies, and then leaves the outbox."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.fanout import Fanout
from server.publisher import Publisher
from store.outbox import OutboxRow
from tests.faults.faultproxy import Pass, Refuse, proxied
from tests.server.fanout.conftest import Ear, RedisServer, fanout_with, row, until

ADA = "user:ada"
BUSY = 4.0


class MemoryOutbox:
    """The rows of all processes, in the order of their commits."""

    def __init__(self) -> None:
        self.rows: dict[str, OutboxRow] = {}

    def commit(self, *rows: OutboxRow) -> Sequence[OutboxRow]:
        self.rows.update({row.id: row for row in rows})
        return rows

    async def due(self, *, before: datetime, limit: int) -> list[OutboxRow]:
        await asyncio.sleep(0)
        return sorted((row for row in self.rows.values() if row.created_at < before), key=lambda row: row.id)[:limit]

    async def between(self, order_key: str, *, after: int, before: int, limit: int) -> list[OutboxRow]:
        await asyncio.sleep(0)
        found = [
            row for row in self.rows.values() if row.order_key == order_key and after < (row.order_n or 0) < before
        ]
        return sorted(found, key=lambda row: row.order_n or 0)[:limit]

    async def delete(self, ids: Sequence[str]) -> None:
        await asyncio.sleep(0)
        for id_ in ids:
            self.rows.pop(id_, None)


@asynccontextmanager
async def publisher_of(fanout: Fanout, outbox: MemoryOutbox) -> AsyncIterator[Publisher]:
    publisher = Publisher(fanout, outbox)
    publisher.start()
    try:
        yield publisher
    finally:
        await publisher.stop()


def old(row: OutboxRow) -> OutboxRow:
    return replace(row, created_at=datetime.now(UTC) - timedelta(minutes=1))


async def test_what_is_announced_is_heard_and_leaves_the_outbox(one: Fanout, other: Fanout, ear: Ear) -> None:
    outbox = MemoryOutbox()
    await other.listen(ADA)
    async with publisher_of(one, outbox) as publisher:
        publisher.announce(outbox.commit(*(row(ADA, body=str(n), key="thread", n=n) for n in range(1, 1201))))

        await until(lambda: len(ear.events) == 1200)
        await until(lambda: not outbox.rows)
        assert ear.bodies(ADA) == [str(n) for n in range(1, 1201)]
        assert publisher.counts["swept"] == 0


async def test_two_processes_keep_the_order_of_their_commits(
    redis_server: RedisServer, one: Fanout, other: Fanout, ear: Ear
) -> None:
    """Each process announces its own halves of one conversation, the later one sooner."""
    outbox = MemoryOutbox()
    await other.listen(ADA)
    async with (
        fanout_with(redis_server.url, Ear()) as two,
        publisher_of(one, outbox) as first,
        publisher_of(two, outbox) as second,
    ):
        for n in range(1, 201, 2):
            odd, even = outbox.commit(row(ADA, body=str(n), key="t", n=n), row(ADA, body=str(n + 1), key="t", n=n + 1))
            second.announce([even])
            await asyncio.sleep(0.001 * (n % 3))
            first.announce([odd])

        await until(lambda: len(ear.events) >= 200)
        await until(lambda: not outbox.rows)
    assert ear.bodies(ADA) == [str(n) for n in range(1, 201)]
    assert second.counts["gaps"] > 0


async def test_a_dead_process_leaves_no_gap_and_nothing_behind(one: Fanout, other: Fanout, ear: Ear) -> None:
    outbox = MemoryOutbox()
    await other.listen(ADA)
    outbox.commit(*(row(ADA, body=str(n), key="t", n=n) for n in range(1, 701)))
    async with publisher_of(one, outbox) as publisher:
        publisher.announce(outbox.commit(row(ADA, body="701", key="t", n=701)))

        await until(lambda: len(ear.events) == 701)
        assert ear.bodies(ADA) == [str(n) for n in range(1, 702)]
        await until(lambda: not outbox.rows)
    assert len(ear.events) == 701


async def test_after_redis_forgot_its_marks_nothing_is_taken_for_a_repeat(
    redis_server: RedisServer, one: Fanout, other: Fanout, ear: Ear
) -> None:
    outbox = MemoryOutbox()
    await other.listen(ADA)
    async with publisher_of(one, outbox) as publisher:
        publisher.announce(outbox.commit(*(row(ADA, body=str(n), key="t", n=n) for n in range(1, 6))))
        await until(lambda: not outbox.rows)

        redis_server.kill()
        await redis_server.start()
        await until(lambda: one.healthy and other.healthy and ear.resets)
        sixth, seventh = outbox.commit(row(ADA, body="6", key="t", n=6), row(ADA, body="7", key="t", n=7))
        publisher.announce([seventh])
        await asyncio.sleep(0.001)
        publisher.announce([sixth])

        await until(lambda: ear.bodies(ADA)[5:] == ["6", "7"])
        await until(lambda: not outbox.rows)


async def test_rows_left_behind_are_swept_by_one_process_only(
    redis_server: RedisServer, one: Fanout, other: Fanout, ear: Ear
) -> None:
    outbox = MemoryOutbox()
    await other.listen(ADA)
    outbox.commit(*(old(row(ADA, body=str(n))) for n in range(1300)))
    async with (
        fanout_with(redis_server.url, Ear()) as two,
        publisher_of(one, outbox) as first,
        publisher_of(two, outbox) as second,
    ):
        await until(lambda: not outbox.rows)
        assert sorted([first.counts["swept"], second.counts["swept"]]) == [0, 1300]
        sweeper, successor = (first, second) if first.counts["swept"] else (second, first)
        await sweeper.stop()
        outbox.commit(old(row(ADA, body="later")))
        await until(lambda: not outbox.rows)
        assert successor.counts["swept"] == 1
    await until(lambda: len(ear.events) == 1301)
    assert ear.bodies(ADA) == [*(str(n) for n in range(1300)), "later"]


async def test_thousands_of_rows_of_an_outage_are_delivered_soon_after_it(
    redis_server: RedisServer, one: Fanout, other: Fanout, ear: Ear
) -> None:
    outbox = MemoryOutbox()
    await other.listen(ADA)
    numbers = dict.fromkeys(range(20), 0)
    async with publisher_of(one, outbox) as publisher:
        redis_server.kill()
        await until(lambda: not one.healthy and not other.healthy)
        for i in range(3000):
            key = i % 20
            numbers[key] += 1
            publisher.announce(outbox.commit(row(ADA, body=f"{key} {numbers[key]}", key=f"t{key}", n=numbers[key])))
            if i % 100 == 0:
                await asyncio.sleep(0)
        await until(lambda: publisher.counts["left"] == 3000)

        await redis_server.start()
        start = time.monotonic()
        # Redis forgot: what is published before the other process is back is what it is to fetch.
        await until(lambda: ear.resets and ear.resets[-1][1].seq + len(ear.events) >= 3000, within=30)
        assert time.monotonic() - start < 3.0 * BUSY
        await until(lambda: not outbox.rows)
    assert ear.seqs(ADA) == list(range(ear.resets[-1][1].seq + 1, 3001))
    for key in numbers:
        heard = [body for body in ear.bodies(ADA) if body.startswith(f"{key} ")]
        assert heard == [f"{key} {n}" for n in range(151 - len(heard), 151)]


@asynccontextmanager
async def back_with_a_row_left(redis_server: RedisServer, outbox: MemoryOutbox) -> AsyncIterator[Publisher]:
    """The publisher of a process that had no Redis when it committed something, and has it again."""
    async with (
        proxied(Path(redis_server.url.removeprefix("unix://"))) as (proxy, port),
        fanout_with(f"redis://127.0.0.1:{port}", Ear()) as fanout,
        publisher_of(fanout, outbox) as publisher,
    ):
        proxy.mode = Refuse()
        proxy.cut()
        await until(lambda: not fanout.healthy)
        publisher.announce(outbox.commit(row(ADA, body="left")))
        await until(lambda: publisher.counts["left"] == 1)
        proxy.mode = Pass()
        await until(lambda: fanout.healthy)
        yield publisher


async def test_what_was_left_is_heard_before_what_follows_it(
    redis_server: RedisServer, other: Fanout, ear: Ear
) -> None:
    """Two pins of one message have no order but that of their commits."""
    outbox = MemoryOutbox()
    await other.listen(ADA)
    async with back_with_a_row_left(redis_server, outbox) as publisher:
        for number in range(5):
            publisher.announce(outbox.commit(row(ADA, body=str(number))))
            await asyncio.sleep(0.05)
        await until(lambda: not outbox.rows)
        publisher.announce(outbox.commit(row(ADA, body="5")))
        await until(lambda: "5" in ear.bodies(ADA))
    # What was on its way for long may be swept, too: clients know it by its id.
    assert list(dict.fromkeys(ear.bodies(ADA))) == ["left", *"012345"]


async def test_where_nobody_sweeps_nothing_is_held_for_ever(
    redis_server: RedisServer, other: Fanout, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.publisher.MOST_HELD", timedelta(seconds=0.5))
    outbox = MemoryOutbox()
    await other.listen(ADA)
    # It lives, and does nothing.
    assert await other.lead("sweeper", "another", seconds=60)
    async with back_with_a_row_left(redis_server, outbox) as publisher:
        publisher.announce(outbox.commit(row(ADA, body="new")))
        await until(lambda: ear.bodies(ADA) == ["new"])
        assert [row.body for row in outbox.rows.values() if row.body != "new"] == ["left"]


async def test_rows_go_in_parts_that_redis_answers_in_time(
    one: Fanout, other: Fanout, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.publisher.MOST_APPENDS", 200)
    parts: list[int] = []

    class Watched(MemoryOutbox):
        async def delete(self, ids: Sequence[str]) -> None:
            parts.append(sum(len(self.rows[id_].audiences) for id_ in ids))
            await super().delete(ids)

    outbox = Watched()
    await other.listen(ADA)
    for body, people in enumerate((100, 100, 1, 199, 300, 1)):
        outbox.commit(old(row(ADA, *(f"user:{n}" for n in range(1, people)), body=str(body))))
    async with publisher_of(one, outbox):
        await until(lambda: not outbox.rows)
    await until(lambda: len(ear.events) == 6)
    assert ear.bodies(ADA) == [*"012345"]
    assert parts == [200, 200, 300, 1]


async def test_what_is_swept_keeps_the_order_of_its_commits(one: Fanout, other: Fanout, ear: Ear) -> None:
    """Where it has a number it goes by that, since clocks differ."""
    outbox = MemoryOutbox()
    await other.listen(ADA)
    for body, n in (("opened", None), ("second", 2), ("pinned", None), ("first", 1), ("read", None)):
        outbox.commit(old(row(ADA, body=body, key=None if n is None else "t", n=n)))
    async with publisher_of(one, outbox):
        await until(lambda: len(ear.events) == 5)
    assert ear.bodies(ADA) == ["opened", "first", "pinned", "second", "read"]
