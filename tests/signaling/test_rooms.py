"""Rooms as several processes change them at once: no seat too many, none lost, and nothing left for ever."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from signaling import rooms as module
from signaling.rooms import Rooms, RoomsAway
from signaling.seats import GRACE_SECONDS, MOST_WAITING, Peer, Refusal, Room, State, Why

NOW = 1_000_000.0


def peer(name: str, *, connection: str = "", process: str = "p1") -> Peer:
    return Peer(id=f"id-{name}", user_id=name, connection=connection or f"c-{name}", process=process, secret="s")


def room_of(*names: str, **fields: object) -> Room:
    """A room in which these people are, the first of them its host."""
    room = Room(call_id="call", host=names[0], capacity=6).model_copy(update=fields)
    for name in names:
        room = room.sit(peer(name), NOW)[0].hear(f"c-{name}")[0]
    return room


def refused(why: Why) -> object:
    return pytest.raises(Refusal, match=why.value)


@pytest.fixture
async def processes(redis_url: str) -> AsyncIterator[list[Rooms]]:
    """Two over one Redis."""
    prefix = f"test:{uuid4().hex}:"
    made = [Rooms(redis_url, prefix=prefix, process=name) for name in ("p1", "p2")]
    yield made
    for one in made:
        await one.stop()


async def test_of_twenty_at_once_as_many_sit_down_as_there_are_seats(processes: list[Rooms]) -> None:
    async def sit(number: int) -> bool:
        def rule(room: Room | None) -> tuple[Room, None]:
            before = room or Room(call_id="call", host="h", capacity=6)
            return before.sit(peer(f"n{number}"), NOW)[0], None

        try:
            await processes[number % 2].change("call", rule)
        except Refusal as refusal:
            assert refusal.why is Why.FULL
            return False
        return True

    assert sum(await asyncio.gather(*map(sit, range(20)))) == 6
    room = await processes[0].read("call")
    assert room is not None
    assert sorted(seat.number for seat in room.peers) == [1, 2, 3, 4, 5, 6]


async def test_everything_of_a_room_expires(processes: list[Rooms], redis_url: str) -> None:
    one, other = processes
    await one.change("call", lambda _: (room_of("ada", "bob"), None))
    await one.converse("call", "id-ada", "id-bob", lambda pair: (pair.model_copy(update={"generation": 3}), None))
    assert (await other.heard("call", "id-bob", "id-ada")).generation == 3
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        keys = await redis.keys(f"{one._prefix}*")
        # All of one call in one slot of a cluster.
        assert {key for key in keys if "{call}" in key} == {
            one._key("call", "room"),
            one._key("call", "pair:id-ada:id-bob"),
        }
        for key in keys:
            if "{call}" in key:
                assert 0 < await redis.ttl(key) <= module.KEPT_SECONDS


async def test_one_process_looks_at_a_room_whose_time_has_come(processes: list[Rooms]) -> None:
    looked: list[str] = []

    async def look(call_id: str) -> None:
        looked.append(call_id)

    for one in processes:
        one._look_after = look
        one._clock = lambda: NOW + 100
    await processes[0].change("call", lambda _: (room_of("ada"), None))
    assert not looked
    for one in processes:
        one._clock = lambda: NOW + 100 + module.LOOK_SECONDS
    await asyncio.gather(*(one.sweep() for one in processes for _ in range(3)))
    assert looked == ["call"]
    await processes[0].forget("call")
    processes[1]._clock = lambda: NOW + 1000
    await processes[1].sweep()
    assert looked == ["call"]


async def test_a_process_that_says_nothing_is_not_alive(processes: list[Rooms]) -> None:
    one, other = processes
    assert await one.living(["p1", "p2", "p3"]) == {"p1"}
    await other.beat()
    assert await one.living(["p1", "p2"]) == {"p1", "p2"}


async def test_without_redis_it_says_so() -> None:
    away = Rooms("redis://127.0.0.1:1", prefix="x", process="p")
    for asked in (away.read("call"), away.change("call", lambda room: (room, None)), away.living(["q"])):
        with pytest.raises(RoomsAway):
            await asked


def test_a_seat_is_kept_and_then_given_up() -> None:
    room, away = room_of("ada", "bob").lose("c-bob", NOW)
    assert (away.state, away.until) == (State.RECONNECTING, NOW + GRACE_SECONDS)
    assert not any(room.look(NOW + GRACE_SECONDS - 1, ["p1"])[1])
    with refused(Why.NO_SUCH_PEER):
        room.resume("id-bob", "another secret", "c2", "p2", NOW)
    # What it said just before it ended does not bring it back.
    with refused(Why.NOT_SEATED):
        room.hear("c-bob")
    back, seat = room.resume("id-bob", "s", "c2", "p2", NOW)
    assert (seat.id, seat.state, back.hear("c2")[2].state) == ("id-bob", State.ARRIVING, State.IN)
    with refused(Why.NOT_SEATED):
        back.lose("c-bob", NOW)
    after, looked = room.look(NOW + GRACE_SECONDS, ["p1"])
    assert [one.id for one in looked.gone] == ["id-bob"] and [one.id for one in after.peers] == ["id-ada"]


def test_seats_of_a_silent_process_are_lost_and_found() -> None:
    room, looked = room_of("ada", "bob").look(NOW, ["p2"])
    assert [one.id for one in looked.lost] == ["id-ada", "id-bob"]
    assert not any(room.look(NOW + 1, ["p2"])[1])
    assert room.hear("c-bob")[2].state is State.IN
    again, looked = room.look(NOW + 1, ["p1"])
    assert [one.id for one in looked.back] == ["id-ada", "id-bob"]
    assert {one.state for one in again.peers} == {State.IN}
    # Whose connection has ended as well does not come back with the process.
    room, _ = room.lose("c-bob", NOW)
    assert [one.id for one in room.look(NOW + 1, ["p1"])[1].back] == ["id-ada"]
    gone = room.look(NOW + GRACE_SECONDS, [])[0]
    assert not gone.peers and gone.empty_since == NOW + GRACE_SECONDS


def test_who_never_says_that_they_hear_has_no_seat_for_long() -> None:
    room = Room(call_id="call", host="ada", capacity=6).sit(peer("ada"), NOW)[0]
    assert [one.id for one in room.look(NOW + 60, ["p1"])[1].gone] == ["id-ada"]


def test_the_lobby_and_the_lock() -> None:
    room = room_of("ada", lobby=True)
    room, bob, _ = room.sit(peer("bob"), NOW)
    assert bob.state is State.WAITING
    with refused(Why.NO_SUCH_PEER):
        room.other("id-bob", room.at("c-ada"))
    with refused(Why.NOT_HOST):
        room.led_by("c-bob")
    for number in range(MOST_WAITING - 1):
        room = room.sit(peer(f"n{number}"), NOW)[0]
    with refused(Why.FULL):
        room.sit(peer("one more"), NOW)
    room, seat = room.admit("id-bob", NOW)
    assert seat.state is State.ARRIVING
    # Who was let in is let in again, by whatever connection, and replaces what was before.
    room, again, before = room.sit(peer("bob", connection="c2"), NOW)
    assert again.state is State.ARRIVING and before is not None and before.connection == "c-bob"
    locked = room.model_copy(update={"locked": True, "lobby": False})
    with refused(Why.LOCKED):
        locked.sit(peer("eve"), NOW)
    locked.sit(peer("bob", connection="c3"), NOW)


def test_who_is_put_out_stays_out_and_somebody_leads() -> None:
    room, theirs = room_of("ada", "bob", "eve").remove("bob", NOW)
    assert [one.id for one in theirs] == ["id-bob"]
    with refused(Why.REMOVED):
        room.sit(peer("bob"), NOW)
    assert (room.led_without({"id-eve"}), room.led_without({"id-ada"})) == ("ada", "eve")
    room, _ = room.leave("id-ada", NOW)
    assert room.host == "eve"
    assert room.leave("id-eve", NOW)[0].empty_since == NOW
