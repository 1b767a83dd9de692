"""Redis dies, stops, forgets and remembers wrongly: publishing is refused in time, and delivery comes back in order."""

import asyncio
import time
from pathlib import Path

import pytest
from redis.asyncio import Redis

from server.fanout import Fanout, FanoutUnavailable, Position
from tests.server.fanout.conftest import Ear, RedisServer, fanout_with, row, until

ADA = "user:ada"
BOB = "user:bob"

# Delivery is back so soon after Redis is; twice as long on a busy machine.
BACK_SECONDS = 3.0
PATIENCE_SECONDS = 1.0
BUSY = 4.0


async def heard_again(one: Fanout, ear: Ear, *, since: float) -> float:
    """Publish until it is heard; answers the seconds from a moment to the first delivery."""
    before = len(ear.events)

    async def publish() -> None:
        while len(ear.events) == before:
            try:
                await one.publish([row(ADA, body="again")])
            except FanoutUnavailable:
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.01)

    await asyncio.wait_for(publish(), 15)
    return time.monotonic() - since


async def lose_a_doorbell(server: RedisServer, body: str) -> None:
    """Append to Ada's feed as a publisher does, but ring nothing."""
    async with Redis.from_url(server.url) as redis:
        seq = await redis.hincrby(f"sn:{{{ADA}}}:meta", "seq", 1)
        await redis.xadd(f"sn:{{{ADA}}}:feed", {"t": "message:created", "b": body}, id=f"{seq}-0")


async def test_a_gap_is_filled_by_the_next_doorbell(redis_server: RedisServer, one: Fanout, ear: Ear) -> None:
    async with fanout_with(redis_server.url, ear, check_every=600) as other:
        await other.listen(ADA)
        await one.publish([row(ADA, body="1")])
        for lost in ("2", "3"):
            await lose_a_doorbell(redis_server, lost)
        await one.publish([row(ADA, body="4")])
        await one.publish([row(ADA, body="5")])

        await until(lambda: len(ear.events) == 5)
        assert ear.bodies(ADA) == ["1", "2", "3", "4", "5"]
        assert ear.seqs(ADA) == [1, 2, 3, 4, 5]
        assert ear.resets == []


async def test_a_doorbell_that_never_rang_is_found(
    redis_server: RedisServer, one: Fanout, other: Fanout, ear: Ear
) -> None:
    await other.listen(ADA)
    await one.publish([row(ADA, body="1")])
    await lose_a_doorbell(redis_server, "2")

    await until(lambda: ear.bodies(ADA) == ["1", "2"])
    assert ear.resets == []


async def test_a_long_gap_is_read_in_pages_while_others_write(redis_server: RedisServer, one: Fanout, ear: Ear) -> None:
    async with fanout_with(redis_server.url, ear, check_every=600) as other:
        await other.listen(ADA)
        await one.publish([row(ADA, body="1")])
        for n in range(2, 702):
            await lose_a_doorbell(redis_server, str(n))
        for n in range(702, 802):
            await one.publish([row(ADA, body=str(n))])

        await until(lambda: len(ear.events) >= 801)
        assert ear.seqs(ADA) == list(range(1, 802))
        assert ear.bodies(ADA) == [str(n) for n in range(1, 802)]


async def test_a_gap_beyond_the_window_is_a_reset(redis_server: RedisServer, one: Fanout, ear: Ear) -> None:
    async with fanout_with(redis_server.url, ear, check_every=0.2) as other:
        await other.listen(ADA)
        await one.publish([row(ADA, body="1")])
        await until(lambda: ear.events)
        async with Redis.from_url(redis_server.url) as redis:
            await redis.hset(f"sn:{{{ADA}}}:meta", "seq", 5000)

        await until(lambda: ear.resets)
        await one.publish([row(ADA, body="5001")])
        await until(lambda: len(ear.events) == 2)
        assert ear.seqs(ADA) == [1, 5001]
        assert ear.resets == [(ADA, Position(ear.events[0][1].epoch, 5000))]


async def test_a_connection_cut_while_others_write_loses_nothing(
    redis_server: RedisServer, one: Fanout, other: Fanout, ear: Ear
) -> None:
    await other.listen(ADA)
    written = 0
    async with Redis.from_url(redis_server.url) as redis:
        for _ in range(5):
            for client in await redis.client_list(_type="pubsub"):
                await redis.client_kill_filter(_id=client["id"])
            for _ in range(50):
                try:
                    await one.publish([row(ADA, body=str(written + 1), key="thread", n=written + 1)])
                    written += 1
                except FanoutUnavailable:
                    await asyncio.sleep(0.05)

    await until(lambda: len(ear.events) >= written)
    assert ear.bodies(ADA) == [str(n) for n in range(1, written + 1)]
    assert ear.resets == []
    assert written > 100


async def test_redis_killed_and_back_empty_is_a_new_epoch(
    redis_server: RedisServer, one: Fanout, other: Fanout, ear: Ear
) -> None:
    await other.listen(ADA)
    await other.listen(BOB)
    await one.publish([row(ADA, body=str(n)) for n in range(7)])
    await until(lambda: len(ear.events) == 7)
    old = ear.events[0][1].epoch

    redis_server.kill()
    await until(lambda: not one.healthy and not other.healthy)
    with pytest.raises(FanoutUnavailable):
        await one.publish([row(ADA)])
    with pytest.raises(FanoutUnavailable):
        await other.since(ADA, None)
    one.whisper(ADA, "typing:started", "{}")
    await redis_server.start()
    took = await heard_again(one, ear, since=time.monotonic())

    assert took < BACK_SECONDS * BUSY
    await until(lambda: {audience for audience, _ in ear.resets} == {ADA, BOB})
    again = ear.events[7][1]
    assert again.epoch != old
    (position,) = [position for audience, position in ear.resets if audience == ADA]
    assert position == Position(again.epoch, again.seq - 1)
    assert not (await one.since(ADA, Position(old, 7))).recovered


async def test_an_older_snapshot_gives_no_number_a_second_meaning(
    redis_server: RedisServer, one: Fanout, other: Fanout, ear: Ear
) -> None:
    await other.listen(ADA)
    await one.publish([row(ADA, body=f"saved {n}") for n in range(5)])
    async with Redis.from_url(redis_server.url) as redis:
        await redis.save()
    await one.publish([row(ADA, body=f"lost {n}") for n in range(5)])
    await until(lambda: len(ear.events) == 10)
    seen = Position(ear.events[-1][1].epoch, 10)

    redis_server.kill()
    assert Path(redis_server.folder / "dump.rdb").exists()
    await redis_server.start()

    await until(lambda: ear.resets)
    assert ear.resets[0][1].epoch != seen.epoch
    await heard_again(one, ear, since=time.monotonic())
    replay = await one.since(ADA, seen)
    assert not replay.recovered
    assert replay.position.epoch == ear.events[-1][1].epoch != seen.epoch


async def test_an_up_to_date_snapshot_is_a_new_epoch_too(
    redis_server: RedisServer, one: Fanout, other: Fanout, ear: Ear
) -> None:
    await other.listen(ADA)
    await one.publish([row(ADA)])
    await until(lambda: ear.events)
    async with Redis.from_url(redis_server.url) as redis:
        await redis.save()

    redis_server.kill()
    await redis_server.start()

    await until(lambda: ear.resets)
    assert ear.resets[0][1].epoch != ear.events[0][1].epoch


async def test_a_flushed_redis_is_a_new_epoch(redis_server: RedisServer, one: Fanout, other: Fanout, ear: Ear) -> None:
    await other.listen(ADA)
    await one.publish([row(ADA)])
    await until(lambda: ear.events)
    async with Redis.from_url(redis_server.url) as redis:
        await redis.flushall()

    await until(lambda: ear.resets)
    assert ear.resets[0][1].epoch != ear.events[0][1].epoch


async def test_a_stopped_redis_is_refused_in_time_and_heard_again(
    redis_server: RedisServer, one: Fanout, other: Fanout, ear: Ear
) -> None:
    await other.listen(ADA)
    await one.publish([row(ADA, body="before")])
    await until(lambda: ear.events)

    redis_server.pause()
    for _ in range(3):
        start = time.monotonic()
        with pytest.raises(FanoutUnavailable):
            await one.publish([row(ADA, body="meanwhile")])
        assert time.monotonic() - start < PATIENCE_SECONDS * BUSY
    took = await until(lambda: not one.healthy and not other.healthy, within=10)
    assert took < 2.0 * BUSY
    start = time.monotonic()
    await other.listen(BOB)
    assert time.monotonic() - start < PATIENCE_SECONDS * BUSY

    redis_server.resume()
    assert await heard_again(one, ear, since=time.monotonic()) < BACK_SECONDS * BUSY
    # It is the same run with the same memory: Ada's clients need do nothing, and Bob's were told of no place.
    assert ear.seqs(ADA) == list(range(1, len(ear.seqs(ADA)) + 1))
    await until(lambda: [audience for audience, _ in ear.resets] == [BOB])


async def test_who_began_to_listen_without_redis_is_served_when_it_is_back(
    redis_server: RedisServer, one: Fanout, other: Fanout, ear: Ear
) -> None:
    redis_server.kill()
    await until(lambda: not other.healthy)
    start = time.monotonic()
    await other.listen(ADA)
    assert time.monotonic() - start < PATIENCE_SECONDS * BUSY

    await redis_server.start()

    await until(lambda: ear.resets)
    assert await heard_again(one, ear, since=time.monotonic()) < BACK_SECONDS * BUSY
    assert ear.resets == [(ADA, Position(ear.events[0][1].epoch, ear.events[0][1].seq - 1))]


async def test_a_process_starts_without_redis(redis_server: RedisServer, ear: Ear) -> None:
    redis_server.kill()
    start = time.monotonic()
    async with fanout_with(redis_server.url, ear) as fanout:
        assert time.monotonic() - start < 2 * BUSY
        assert not fanout.healthy
        await fanout.listen(ADA)
        await redis_server.start()
        await until(lambda: fanout.healthy)
        await heard_again(fanout, ear, since=time.monotonic())


async def test_an_ear_that_fails_costs_nobody_else_the_event(redis_server: RedisServer, one: Fanout) -> None:
    heard: list[str] = []

    def deliver(audience: str, _: object) -> None:
        if audience == ADA:
            raise ValueError(audience)
        heard.append(audience)

    other = Fanout(redis_server.url)
    await other.start(deliver, lambda _audience, _position: None)
    try:
        await other.listen(ADA)
        await other.listen(BOB)
        await one.publish([row(ADA, BOB), row(BOB)])
        await until(lambda: heard == [BOB, BOB])
        assert other.counts["connected"] == 1
    finally:
        await other.stop()
