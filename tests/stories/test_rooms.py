"""The room of a call: seats that are kept, given up and taken over, and what its host may do."""

import asyncio
import itertools
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from redis.asyncio import Redis

from handlers.calls import look_after
from handlers.context import Actor, Caller
from handlers.errors import Forbidden
from server.api import OPERATIONS
from server.calls import CallKeeper
from server.config import Settings
from server.dispatch import Asker
from signaling import rooms, seats
from tests.backstage import Backstage, worked
from tests.calling import ANSWER, CANDIDATE, OFFER, a_call, inside, ready, says, seated, token
from tests.conftest import serving
from tests.people import Person, Refusal, refused
from tests.processes import Servers


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seats are given up a second after their line is lost."""
    monkeypatch.setattr(seats, "GRACE_SECONDS", 1.0)


@pytest.fixture
def attentive(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rooms are looked at again soon."""
    monkeypatch.setattr(rooms, "LOOK_SECONDS", 0.2)


async def test_a_line_that_is_lost_keeps_its_seat(ada: Person, bob: Person, other_server: str) -> None:
    call = await a_call(ada, bob)
    hers, his = await inside(ada, call), await inside(bob, call)
    await says(bob, call, hers, description=OFFER)
    await bob.leave()
    away = await ada.hears("call:peer_reconnecting")
    assert away["peer_id"] == his["peer_id"] and away["until"] > datetime.now(UTC).isoformat()

    # What is said meanwhile waits.
    await says(ada, call, his, description=ANSWER)
    await says(ada, call, his, candidates=[CANDIDATE])
    await bob.connect(url=other_server)
    where = {"session_id": call["session_id"], "peer_id": his["peer_id"]}
    for wrong in ("not this", hers["resume_secret"]):
        with refused("not_found"):
            await bob.asks("call:resume", {**where, "resume_secret": wrong})
    with refused("not_found"):
        await ready(bob, call)
    seat = await bob.asks("call:resume", {**where, "resume_secret": his["resume_secret"]})
    room = await ready(bob, call)

    assert seat["peer_id"] == his["peer_id"]
    assert [peer["peer_id"] for peer in room["peers"]] == [hers["peer_id"]]
    assert [(one["n"], one["from"]) for one in room["signals"]] == [(1, hers["peer_id"]), (2, hers["peer_id"])]
    assert (await ada.hears("call:peer_rejoined"))["peer"]["peer_id"] == his["peer_id"]
    assert ada.hears_nothing_of("call:peer_left")
    # The network changed: it begins anew, with fresh credentials, and older words are refused.
    await says(bob, call, hers, description=OFFER, generation=2)
    with refused("conflict"):
        await says(bob, call, hers, candidates=[CANDIDATE])
    details = await ada.asks("call:get", {"session_id": call["session_id"]})
    assert len(details["attendance"]) == 2 and not any(span["left_at"] for span in details["attendance"])


@pytest.mark.usefixtures("short")
async def test_who_stays_away_loses_the_seat_and_may_rejoin(ada: Person, bob: Person, eve: Person) -> None:
    call = await a_call(ada, bob, eve)
    await inside(ada, call)
    his = await inside(bob, call)
    await bob.leave()
    left = await ada.hears("call:peer_left", within=20)
    assert (left["peer_id"], left["reason"]) == (his["peer_id"], "lost")
    await bob.connect()
    with refused("not_found"):
        resume = {"session_id": call["session_id"], "peer_id": his["peer_id"], "resume_secret": his["resume_secret"]}
        await bob.asks("call:resume", resume)
    again = await inside(bob, call)
    assert again["peer_id"] != his["peer_id"]
    details = await ada.asks("call:get", {"session_id": call["session_id"]})
    assert [bool(span["left_at"]) for span in details["attendance"] if span["user_id"] == bob.id] == [True, False]


async def test_a_persons_newest_connection_has_the_seat(ada: Person, bob: Person, other_server: str) -> None:
    call = await a_call(ada, bob)
    hers, his = await inside(ada, call), await inside(bob, call)
    phone = await bob.signed_in_again()
    await phone.connect(url=other_server)
    new = await inside(phone, call)
    assert (await bob.hears("call:replaced"))["connection_id"] == bob.hello["connection_id"]
    assert (await ada.hears("call:peer_left"))["reason"] == "replaced"
    for word in (bob.asks("call:hand", {"session_id": call["session_id"], "raised": True}), ready(bob, call)):
        with refused("not_found"):
            await word
    with refused("not_found"):
        await says(ada, call, his, description=OFFER)
    await says(ada, call, new, description=OFFER)
    await phone.hears("call:signal")
    assert bob.hears_nothing_of("call:signal")
    # The end of a connection that has no seat takes nobody's.
    await bob.leave()
    await says(phone, call, hers, description=ANSWER)
    assert ada.hears_nothing_of("call:peer_reconnecting")
    await phone.leave()


async def test_what_a_peer_shows_is_told_and_in_the_roster(ada: Person, bob: Person) -> None:
    call = await a_call(ada, bob)
    await inside(ada, call)
    where = {"session_id": call["session_id"]}
    await ada.asks("call:media", {**where, "mic": True, "camera": False, "screen": "stream-7"})
    await ada.asks("call:hand", {**where, "raised": True})
    (peer,) = (await inside(bob, call))["room"]["peers"]
    assert [peer[name] for name in ("mic", "camera", "screen", "hand")] == [True, False, "stream-7", True]
    await ada.asks("call:media", {**where, "mic": False, "camera": True})
    told = (await bob.hears("call:peer_updated"))["peer"]
    assert [told[name] for name in ("mic", "camera", "screen", "hand")] == [False, True, None, True]
    await ada.asks("call:report", {**where, "round_trip_ms": 40, "lost_share": 0.01})
    assert (await bob.hears("call:quality"))["round_trip_ms"] == 40


async def test_who_is_in_the_call_sees_a_reaction(ada: Person, bob: Person, eve: Person) -> None:
    """One emoji at a time, ten within five seconds; nobody hears of it who is not inside."""
    call = await a_call(ada, bob, eve)
    where = {"session_id": call["session_id"]}
    with refused("not_found"):
        await ada.asks("call:react", {**where, "emoji": "👏"})
    hers = await inside(ada, call)
    await inside(bob, call)
    for wrong in ("well done", "a", "👏👏", "", None):
        with refused("invalid"):
            await ada.asks("call:react", {**where, "emoji": wrong})
    await ada.asks("call:react", {**where, "emoji": "❤️"})
    assert await bob.hears("call:reacted") == {**where, "peer_id": hers["peer_id"], "emoji": "❤️"}
    told = 0
    while (answer := await ada.ack("call:react", {**where, "emoji": "👏"}))["ok"]:
        told += 1
        assert (await bob.hears("call:reacted"))["emoji"] == "👏"
    assert answer["error"]["code"] == "rate_limited" and told < 10
    assert ada.hears_nothing_of("call:reacted") and eve.hears_nothing_of("call:reacted")


async def test_the_lobby_lets_in_whom_the_host_lets_in(ada: Person, bob: Person, eve: Person) -> None:
    call = await a_call(ada, bob, eve, lobby=True)
    where = {"session_id": call["session_id"]}
    hers = await inside(ada, call)
    his = await seated(bob, call)
    assert (his["state"], (await ready(bob, call))["peers"]) == ("waiting", [])
    knocked = await ada.hears("call:knocked")
    assert (knocked["user_id"], knocked["state"]) == (bob.id, "waiting")
    with refused("invalid_transition"):
        await says(bob, call, hers, description=OFFER)
    with refused("not_found"):
        await says(ada, call, his, description=OFFER)
    assert [peer["peer_id"] for peer in (await ready(ada, call))["waiting"]] == [his["peer_id"]]
    with refused("forbidden"):
        await bob.asks("call:admit", {**where, "peer_id": his["peer_id"]})

    await ada.asks("call:admit", {**where, "peer_id": his["peer_id"]})
    assert (await bob.hears("call:admitted"))["peer_id"] == his["peer_id"]
    assert [peer["peer_id"] for peer in (await ready(bob, call))["peers"]] == [hers["peer_id"]]

    knocks = await seated(eve, call)
    await ada.asks("call:deny", {**where, "peer_id": knocks["peer_id"]})
    assert (await eve.hears("call:removed"))["for_good"] is False
    with refused("not_found"):
        await ready(eve, call)
    assert (await seated(eve, call))["state"] == "waiting"


async def test_nobody_is_forgotten_in_the_lobby_or_in_a_seat(
    ada: Person, bob: Person, eve: Person, settings: Settings, servers: Servers
) -> None:
    call = await a_call(ada, bob, eve, lobby=True)
    where = {"session_id": call["session_id"]}
    hers = await inside(ada, call)
    his = await seated(bob, call)
    await ada.asks("call:admit", {**where, "peer_id": his["peer_id"]})
    await ready(bob, call)
    waits = await seated(eve, call)
    # Who leads from now on hears who waits, though they knocked before.
    await ada.asks("call:transfer", {**where, "peer_id": his["peer_id"]})
    assert (await bob.hears("call:knocked"))["peer_id"] == waits["peer_id"]
    await bob.asks("call:transfer", {**where, "peer_id": hers["peer_id"]})
    await ada.asks("call:leave", where)
    assert (await bob.hears("call:knocked"))["peer_id"] == waits["peer_id"]
    async with Backstage(settings, servers).core(ahead=timedelta(minutes=16)) as core:
        # Whoever put him out died before the room knew of it.
        record = await core.store.calls.get(call["session_id"])
        assert record is not None
        await core.store.calls.put(record.model_copy(update={"removed": (bob.id,)}))
        await worked(core, partial(look_after, call["session_id"]))
    for person, for_good in ((bob, True), (eve, False)):
        assert (await person.hears("call:removed"))["for_good"] is for_good


async def test_a_host_locks_silences_puts_out_and_hands_over(ada: Person, bob: Person, eve: Person) -> None:
    call = await a_call(ada, bob, eve)
    where = {"session_id": call["session_id"]}
    hers, his = await inside(ada, call), await inside(bob, call)
    await ada.asks("call:lock", {**where, "locked": True})
    assert (await bob.hears("call:room_updated"))["locked"] is True
    with refused("call_locked"):
        await seated(eve, call)
    # Who was in it may come back.
    his = await inside(bob, call)
    await ada.asks("call:lock", {**where, "locked": False})
    third = await inside(eve, call)

    await ada.asks("call:mute", {**where, "peer_id": his["peer_id"]})
    assert (await bob.hears("call:mute_requested"))["peer_id"] == his["peer_id"]
    for asked in ("call:mute", "call:remove", "call:transfer"):
        with refused("forbidden"):
            await bob.asks(asked, {**where, "peer_id": third["peer_id"]})
    with refused("forbidden"):
        await bob.asks("call:end", where)

    await ada.asks("call:remove", {**where, "peer_id": his["peer_id"]})
    assert (await bob.hears("call:removed"))["for_good"] is True
    assert (await eve.hears("call:peer_left"))["reason"] == "removed"
    assert (await bob.asks("call:get", where))["token_details"] is None
    with refused("not_found"):
        resume = {**where, "peer_id": his["peer_id"], "resume_secret": his["resume_secret"]}
        await bob.asks("call:resume", resume)

    await ada.asks("call:transfer", {**where, "peer_id": third["peer_id"]})
    updates = [await eve.hears("call:room_updated") for _ in range(1)]
    assert updates[-1]["host"] == eve.id
    assert (await ada.asks("call:get", where))["host"] == eve.id
    with refused("forbidden"):
        await ada.asks("call:lock", {**where, "locked": True})
    await eve.asks("call:end", where)
    assert (await ada.hears("call:ended"))["call"]["end_reason"] == "ended_by_host"
    assert hers["peer_id"] not in str(await ada.asks("call:get", where))


async def test_a_removed_person_has_no_way_back_by_an_old_token(ada: Person, bob: Person) -> None:
    call = await a_call(ada, bob)
    await inside(ada, call)
    token = (await bob.asks("call:get", {"session_id": call["session_id"]}))["token_details"]["token"]
    his = await inside(bob, call)
    await ada.asks("call:remove", {"session_id": call["session_id"], "peer_id": his["peer_id"]})
    with refused("forbidden"):
        await bob.asks("call:join", {"session_id": call["session_id"], "token": token})


async def test_a_token_is_good_for_a_minute(ada: Person, bob: Person, settings: Settings, servers: Servers) -> None:
    call = await a_call(ada, bob)
    joining = {"session_id": call["session_id"], "token": await token(bob, call)}
    join = next(replace(row, limits=()) for row in OPERATIONS if row.event == "call:join")
    asker = Asker(Caller("", connection_id="his"), Actor(bob.id, "s", datetime.now(UTC)))
    for late, answer in (
        (timedelta(seconds=61), pytest.raises(Forbidden, match="good for a minute")),
        (timedelta(0), nullcontext()),
    ):
        async with Backstage(settings, servers).core(ahead=late) as core:
            with answer:
                await core.dispatch(join, joining, asker)


@pytest.mark.usefixtures("attentive")
async def test_the_host_who_goes_leaves_the_lead_to_who_is_there(
    ada: Person, bob: Person, eve: Person, settings: Settings, servers: Servers
) -> None:
    call = await a_call(ada, bob, eve)
    for person in (ada, bob, eve):
        await inside(person, call)
    where = {"session_id": call["session_id"]}
    # By REST, as whoever closes a page can: it is told to the connection that had the seat.
    await ada.rest("POST", f"/video-calls/{call['session_id']}/leave/", {})
    assert (await ada.hears("call:replaced"))["connection_id"] == ada.hello["connection_id"]
    with refused("not_found"):
        await ada.rest("POST", f"/video-calls/{call['session_id']}/leave/", {})
    await bob.hears("call:peer_left")
    assert (await eve.hears("call:room_updated"))["host"] == bob.id
    # Whoever is not in the room reads it in the record; and who led before comes back as a guest.
    await _hears_who_leads(ada, bob)
    for person, permissions in ((ada, "guest"), (bob, "host"), (eve, "guest")):
        told = await person.asks("call:get", where)
        assert (told["host"], told["token_details"]["permissions"]) == (bob.id, permissions)
    assert (await inside(ada, call))["room"]["host"] == bob.id
    with refused("forbidden"):
        await ada.asks("call:lock", {**where, "locked": True})
    await bob.asks("call:lock", {**where, "locked": True})
    # Where the two tell different things, the room is right.
    async with Backstage(settings, servers).core() as core:
        record = await core.store.calls.get(call["session_id"])
        assert record is not None
        assert await core.store.calls.put(record.model_copy(update={"host": eve.id}))
    await _hears_who_leads(ada, bob)


async def _hears_who_leads(person: Person, leader: Person) -> None:
    while (await person.hears("call:updated", within=20))["call"]["host"] != leader.id:
        pass


async def test_who_is_not_of_the_conversation_any_more_is_put_out(ada: Person, bob: Person, eve: Person) -> None:
    call = await a_call(ada, bob, eve)
    await inside(ada, call)
    his = await inside(bob, call)
    await ada.rest("DELETE", f"/messages/{call['thread_id']}/people/{bob.id}/")
    assert (await bob.hears("call:removed", within=20))["peer_id"] == his["peer_id"]
    assert (await ada.hears("call:peer_left"))["peer_id"] == his["peer_id"]
    with refused("not_found"):
        await bob.asks("call:get", {"session_id": call["session_id"]})


class TestSmall:
    """Of a server whose calls take two, and are over soon after everybody has left."""

    @pytest.fixture
    def empty_seconds(self) -> int:
        return 1

    @pytest.fixture
    def settings(self, settings: Settings, empty_seconds: int) -> Settings:
        return settings.model_copy(update={"call_capacity": 2, "call_empty_seconds": empty_seconds})

    async def test_a_call_takes_so_many(self, ada: Person, bob: Person, eve: Person) -> None:
        call = await a_call(ada, bob, eve)
        await asyncio.gather(inside(ada, call), inside(bob, call))
        with refused("call_full"):
            await seated(eve, call)
        await bob.asks("call:leave", {"session_id": call["session_id"]})
        await inside(eve, call)

    async def test_an_empty_call_is_over(self, ada: Person, bob: Person, eve: Person) -> None:
        call = await a_call(ada, bob, eve)
        await inside(ada, call)
        await ada.asks("call:leave", {"session_id": call["session_id"]})
        over = (await bob.hears("call:ended", within=20))["call"]
        assert (over["end_reason"], over["session_duration"]) == ("empty", 0)

    # She is back before it is looked for.
    @pytest.mark.parametrize("empty_seconds", [4])
    @pytest.mark.usefixtures("attentive")
    async def test_a_call_whose_room_is_lost_has_nobody_in_it(
        self, ada: Person, bob: Person, settings: Settings, redis_url: str
    ) -> None:
        lost, found = await a_call(ada, bob), await a_call(ada, bob)
        for person, call in itertools.product((ada, bob), (lost, found)):
            await inside(person, call)
        async with Redis.from_url(redis_url) as redis:
            await redis.delete(*await redis.keys(f"sn:{settings.mongodb_database}:call:*"))
        with refused("not_found"):
            await ada.asks("call:hand", {"session_id": found["session_id"], "raised": True})
        await inside(ada, found)
        over = (await bob.hears("call:ended", within=20))["call"]
        assert (over["session_id"], over["end_reason"]) == (lost["session_id"], "empty")
        there = [ada.id, bob.id]
        # Who came back is there, once.
        async with asyncio.timeout(20):
            while there != [ada.id]:
                details = await ada.asks("call:get", {"session_id": found["session_id"]})
                there = [one["user_id"] for one in details["attendance"] if one["left_at"] is None]


async def test_a_seat_is_lost_though_nobody_could_be_told(
    ada: Person, bob: Person, settings: Settings, servers: Servers
) -> None:
    call = await a_call(ada, bob)
    await inside(ada, call)
    his = await inside(bob, call)
    async with Backstage(settings, servers).core() as core:
        keeper = CallKeeper(core.dispatch, core.rooms, core.store.calls, clock=core.clock)
        there, core.rooms._redis = core.rooms._redis, Redis.from_url("redis://127.0.0.1:1")
        await keeper.departed(bob.hello["connection_id"], [f"peer:{call['session_id']}:{his['peer_id']}"])
        assert ada.hears_nothing_of("call:peer_reconnecting")
        core.rooms._redis = there
        keeper.start()
        assert (await ada.hears("call:peer_reconnecting"))["peer_id"] == his["peer_id"]
        await keeper.stop()


async def test_no_call_is_for_ever(ada: Person, bob: Person, settings: Settings, servers: Servers) -> None:
    call = await a_call(ada, bob)
    await inside(ada, call)
    unused = await a_call(bob, ada)
    for ahead, which, reason in (
        (timedelta(minutes=16), unused, "unused"),
        (timedelta(hours=4, minutes=1), call, "time_over"),
    ):
        async with serving(settings, servers, ahead=ahead):
            over = (await bob.hears("call:ended", within=20))["call"]
        assert (over["session_id"], over["end_reason"]) == (which["session_id"], reason)
    with pytest.raises(Refusal) as late:
        await ready(ada, call)
    # By its record first, by its room once that is closed, too.
    assert late.value.code in {"call_ended", "not_found"}
