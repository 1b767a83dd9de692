"""Events get dense numbers, reach who listens once and in order, and can be had again."""

import asyncio
from dataclasses import replace

from redis.asyncio import Redis

from server.fanout import Fanout, Position
from tests.server.fanout.conftest import Ear, RedisServer, fanout_with, row, until

ADA = "user:ada"
BOB = "user:bob"


async def test_an_event_reaches_who_listens(one: Fanout, other: Fanout, ear: Ear) -> None:
    await other.listen(ADA)

    await one.publish([row(ADA, BOB, body='{"id":"1","text":"grüß dich, 🌍"}')])

    await until(lambda: ear.events)
    ((audience, event),) = ear.events
    assert (audience, event.seq, event.type, event.body) == (
        ADA,
        1,
        "message:created",
        '{"id":"1","text":"grüß dich, 🌍"}',
    )
    assert (await one.since(BOB, None)).position.seq == 1


async def test_many_publishers_make_dense_numbers_in_one_order(
    redis_server: RedisServer, other: Fanout, ear: Ear
) -> None:
    await other.listen(ADA)

    async def publish(name: int) -> None:
        async with fanout_with(redis_server.url, Ear()) as fanout:
            for n in range(50):
                await fanout.publish([row(ADA, body=f"{name} {n}")])

    await asyncio.gather(*(publish(name) for name in range(8)))

    await until(lambda: len(ear.events) >= 400)
    assert ear.seqs(ADA) == list(range(1, 401))
    replay = await other.since(ADA, Position(ear.events[0][1].epoch, 0))
    assert replay.recovered
    assert [event for _, event in ear.events] == replay.events
    for name in range(8):
        assert [body for body in ear.bodies(ADA) if body.startswith(f"{name} ")] == [f"{name} {n}" for n in range(50)]


async def test_whoever_was_away_gets_what_came_after_their_position(one: Fanout) -> None:
    start = (await one.since(ADA, None)).position
    assert start.seq == 0
    await one.publish([row(ADA, body=str(n)) for n in range(1, 11)])

    assert [event.body for event in (await one.since(ADA, start)).events] == [str(n) for n in range(1, 11)]
    part = await one.since(ADA, Position(start.epoch, 7))
    assert part.recovered
    assert [event.seq for event in part.events] == [8, 9, 10]
    assert part.position == Position(start.epoch, 10)
    first = await one.since(ADA, Position(start.epoch, 7), most=2)
    assert ([event.seq for event in first.events], first.position.seq) == ([8, 9], 10)
    assert (await one.since(ADA, Position(start.epoch, 10), most=2)) == (True, [], Position(start.epoch, 10), [])
    assert (await one.since(ADA, Position(start.epoch, 10))) == (True, [], Position(start.epoch, 10), [])


async def test_what_cannot_be_replayed_is_not_called_recovered(redis_server: RedisServer) -> None:
    async with fanout_with(redis_server.url, Ear(), window=100) as fanout:
        epoch = (await fanout.since(ADA, None)).position.epoch
        await fanout.publish([row(ADA) for _ in range(350)])

        for position in (
            Position(epoch, 0),
            Position(epoch, 249),
            Position(epoch, 351),
            Position(epoch, -1),
            Position("another", 350),
            Position("", 0),
            None,
        ):
            assert await fanout.since(ADA, position) == (False, [], Position(epoch, 350), []), position
            assert await fanout.since(ADA, position, most=1) == (False, [], Position(epoch, 350), []), position
        assert [event.seq for event in (await fanout.since(ADA, Position(epoch, 250))).events] == list(range(251, 351))


async def test_a_feed_is_bounded(redis_server: RedisServer) -> None:
    async with fanout_with(redis_server.url, Ear(), window=100) as fanout, Redis.from_url(redis_server.url) as redis:
        await fanout.publish([row(ADA) for _ in range(1000)])

        assert await redis.xlen(f"sn:{{{ADA}}}:feed") < 300
        for key in await redis.keys():
            assert await redis.ttl(key) > 0, key


async def test_of_a_part_what_takes_it_back_is_answered_with_it(one: Fanout) -> None:
    start = (await one.since(ADA, None)).position
    for type_ in ("said", "gone", "said", "gone", "said"):
        await one.publish([replace(row(ADA), type=type_)])

    part = await one.since(ADA, start, most=2, beyond=("gone", "back"))
    assert [event.seq for event in part.events] == [1, 2]
    assert [(event.seq, event.type) for event in part.beyond] == [(4, "gone")]
    assert (await one.since(ADA, start, beyond=("gone",))).beyond == []


async def test_nothing_is_told_again_after_two_weeks(redis_server: RedisServer) -> None:
    """However much goes on: one event a day here, for seven weeks."""
    now = [1_800_000_000.0]
    async with (
        fanout_with(redis_server.url, Ear(), clock=lambda: now[0]) as fanout,
        Redis.from_url(redis_server.url) as redis,
    ):
        kept = []
        for _ in range(49):
            now[0] += 86_400
            await fanout.publish([row(ADA)])
            kept.append(await redis.xlen(f"sn:{{{ADA}}}:feed"))
        assert kept[:10] == list(range(1, 11))
        assert 5 <= min(kept[10:]) < max(kept[10:]) <= 14
        # What is there is whole.
        position = Position((await fanout.since(ADA, None)).position.epoch, 49 - kept[-1])
        assert [event.seq for event in (await fanout.since(ADA, position)).events] == list(range(position.seq + 1, 50))
        assert not (await fanout.since(ADA, Position(position.epoch, position.seq - 1))).recovered


async def test_a_whisper_is_for_the_moment(one: Fanout, other: Fanout, ear: Ear) -> None:
    await other.listen(ADA)

    one.whisper(ADA, "typing:started", '{"by":"bob"}')

    await until(lambda: ear.events)
    ((_, event),) = ear.events
    assert (event.seq, event.type, event.body) == (0, "typing:started", '{"by":"bob"}')
    assert (await one.since(ADA, None)).position.seq == 0


async def test_only_the_last_listener_ends_the_listening(
    redis_server: RedisServer, one: Fanout, other: Fanout, ear: Ear
) -> None:
    for _ in range(2):
        await other.listen(ADA)
    await other.listen(BOB)
    await other.unlisten(ADA)
    await one.publish([row(ADA, body="heard")])
    await until(lambda: ear.bodies(ADA) == ["heard"])

    await other.unlisten(ADA)
    await one.publish([row(ADA, body="not heard")])
    await one.publish([row(BOB, body="heard too")])

    await until(lambda: ear.bodies(BOB) == ["heard too"])
    assert ear.bodies(ADA) == ["heard"]
    async with Redis.from_url(redis_server.url) as redis:
        assert (await redis.pubsub_numsub(f"sn:{{{ADA}}}:bell"))[0][1] == 0


async def test_a_listener_who_gave_up_while_it_began_still_counts(other: Fanout, one: Fanout, ear: Ear) -> None:
    first = asyncio.create_task(other.listen(ADA))
    second = asyncio.create_task(other.listen(ADA))
    await asyncio.sleep(0)
    second.cancel()
    await first
    await other.unlisten(ADA)

    await one.publish([row(ADA, body="for the first")])

    await until(lambda: ear.bodies(ADA) == ["for the first"])


async def test_repeats_are_recognised_by_their_order(one: Fanout, other: Fanout, ear: Ear) -> None:
    await other.listen(ADA)
    rows = [row(ADA, body=str(n), key="thread", n=n) for n in (1, 2, 3)]

    for again in (rows, rows, rows[:2]):
        assert await one.publish(again) == []
    await one.publish([row(ADA, body="end")])

    await until(lambda: "end" in ear.bodies(ADA))
    assert ear.bodies(ADA) == ["1", "2", "3", "end"]
    assert one.counts["repeated"] == 5


async def test_a_row_without_its_predecessor_waits(one: Fanout, other: Fanout, ear: Ear) -> None:
    await other.listen(ADA)
    first, second, third = (row(ADA, body=str(n), key="thread", n=n) for n in (1, 2, 3))

    assert await one.publish([second]) == [second]
    assert await one.publish([first]) == []
    assert await one.publish([third]) == [third]
    assert await one.publish([second, third]) == []

    await until(lambda: len(ear.events) == 3)
    assert ear.bodies(ADA) == ["1", "2", "3"]


async def test_what_goes_together_is_judged_row_by_row(one: Fanout, other: Fanout, ear: Ear) -> None:
    await other.listen(ADA)
    await other.listen(BOB)
    known = row(ADA, body="known", key="garden", n=1)
    await one.publish([known])
    early = row(ADA, BOB, body="early", key="kitchen", n=2)
    more = [row(ADA, body=f"garden {n}", key="garden", n=n) for n in (2, 3)]

    assert await one.publish([known, more[0], early, row(ADA, BOB, body="loose"), more[1]]) == [early]

    await until(lambda: len(ear.events) == 5)
    assert ear.bodies(ADA) == ["known", "garden 2", "loose", "garden 3"]
    assert ear.seqs(ADA) == [1, 2, 3, 4]
    assert ear.bodies(BOB) == ["loose"]
    assert (await one.since(ADA, Position(ear.events[0][1].epoch, 1))).position.seq == 4


async def test_joining_while_others_write_misses_nothing(one: Fanout, other: Fanout, ear: Ear) -> None:
    """Listen, then read: two hundred times, in the midst of writing."""
    done = asyncio.Event()
    written = 0

    async def write() -> None:
        nonlocal written
        while not done.is_set():
            await one.publish([row(ADA, body=str(written + 1))])
            written += 1

    writing = asyncio.create_task(write())
    position = Position("", 0)
    have: list[int] = []
    for _ in range(200):
        ear.events.clear()
        await other.listen(ADA)
        replay = await other.since(ADA, position)
        await until(lambda: ear.events)
        await other.unlisten(ADA)
        if position.epoch:
            assert replay.recovered
            have += [event.seq for event in replay.events]
        else:
            have = list(range(1, replay.position.seq + 1))
        have += [seq for seq in ear.seqs(ADA) if seq > replay.position.seq]
        position = Position(replay.position.epoch, have[-1])
    done.set()
    await writing

    have += [event.seq for event in (await other.since(ADA, position)).events]
    assert have == list(range(1, written + 1))


async def test_only_one_process_leads(one: Fanout, other: Fanout) -> None:
    assert await one.lead("sweeper", "one", seconds=30)
    assert not await other.lead("sweeper", "other", seconds=30)
    assert await one.lead("sweeper", "one", seconds=0.3)

    async with asyncio.timeout(15):
        while not await other.lead("sweeper", "other", seconds=3):
            await asyncio.sleep(0.01)
    assert not await one.lead("sweeper", "one", seconds=0.3)


async def test_two_installations_on_one_redis_have_nothing_in_common(
    redis_server: RedisServer, one: Fanout, other: Fanout, ear: Ear
) -> None:
    theirs = Ear()
    async with fanout_with(redis_server.url, theirs, prefix="sn:staging:") as staging:
        await other.listen(ADA)
        await staging.listen(ADA)
        await staging.publish([row(ADA, body="staging")])
        staging.whisper(ADA, "typing:changed", "staging")
        await one.publish([row(ADA, body="production")])

        await until(lambda: ear.events and len(theirs.events) == 2)
        assert theirs.bodies(ADA) == ["staging", "staging"]
        assert ear.bodies(ADA) == ["production"]
        assert ear.seqs(ADA) == [1]
        assert await one.lead("sweeper", "one", seconds=60)
        assert await staging.lead("sweeper", "another", seconds=60)
