"""Thousands of words to guessed, borrowed and broken targets: nobody hears one who sits not in the same room."""

import asyncio
import random
import secrets
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from server.app import engine_settings
from tests.calling import CANDIDATE, OFFER, a_call, conversation, inside, says, token
from tests.people import Person, key

SEED = random.SystemRandom().randrange(1, 2**31)
WORDS = 5_000
AT_ONCE = 20
# What is refused, by whatever reason: nothing else may come of a word to somebody else's room.
REFUSED = {"not_found", "forbidden", "invalid", "invalid_transition", "conflict", "call_ended"}
IN_ROOM = ("call:signal", "call:peer_updated", "call:mute_requested", "call:reacted", "call:room_updated",
           "call:peer_left", "call:peer_joined", "call:replaced", "call:removed", "call:quality", "call:admitted",
           "call:knocked", "call:peer_reconnecting", "call:peer_rejoined")  # fmt: skip


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch, unlimited: None) -> None:
    """Whoever says much is not cut: it is not about that."""
    quick = {"frames_per_second": 1e6, "frame_burst": 10_000}
    monkeypatch.setattr("server.app.engine_settings", lambda settings: replace(engine_settings(settings), **quick))


def guesses(chance: random.Random, known: list[str], broken: list[str]) -> str:
    """A target: of something that is there, altered by a digit, made up, or no id at all."""
    one = chance.choice(known)
    place = chance.randrange(len(one))
    altered = one[:place] + chance.choice("0123456789abcdef") + one[place + 1 :]
    return chance.choice([one, one, altered, f"{chance.getrandbits(96):024x}", chance.choice(broken)])


@pytest.mark.usefixtures("unhurried")
async def test_no_word_leaves_its_room(ada: Person, bob: Person, eve: Person, bob_elsewhere: Person) -> None:
    print(f"SEED={SEED}")
    chance = random.Random(SEED)
    call = await a_call(ada, bob)
    pass_ = await token(ada, call)
    hers, his = await inside(ada, call), await inside(bob, call)
    # Eve sits in a room of her own, and another Bob of the conversation in none.
    own = await a_call(eve, bob_elsewhere, thread_id=await conversation(eve, bob_elsewhere))
    eves = await inside(eve, own)
    ids = [call["session_id"], own["session_id"], hers["peer_id"], his["peer_id"], eves["peer_id"], ada.id, bob.id]
    broken = [f"peer:{call['session_id']}:{hers['peer_id']}", f"user:{ada.id}", "", "*", "🎸" * 6, "a" * 5_000,
              str(ada.hello["connection_id"]), pass_]  # fmt: skip
    before = {person.name: len(person.heard) for person in (ada, bob)}
    told: Counter[str] = Counter()

    def word(person: Person) -> tuple[str, dict[str, Any]]:
        session = call["session_id"] if chance.random() < 0.5 else guesses(chance, ids, broken)
        peer = guesses(chance, ids, broken)
        ways: list[tuple[str, dict[str, Any]]] = [
            ("call:signal", {"to": peer, "generation": chance.randrange(1, 3), "candidates": [CANDIDATE]}),
            ("call:signal", {"to": peer, "generation": 1, "description": OFFER, "from": hers["peer_id"]}),
            ("call:signal", {"to": peer, "generation": 1, "description": OFFER}),
            ("call:resume", {"peer_id": peer, "resume_secret": secrets.token_urlsafe(24)}),
            ("call:join", {"token": guesses(chance, [pass_], broken)}),
            ("call:mute", {"peer_id": peer}),
            ("call:remove", {"peer_id": peer}),
            ("call:media", {"mic": True, "camera": True}),
            ("call:react", {"emoji": "👏"}),
            ("call:ready", {}),
            ("call:ice", {}),
        ]
        event, more = chance.choice(ways)
        return event, {"session_id": session, **more}

    async def say(person: Person, room: asyncio.Semaphore) -> None:
        event, payload = word(person)
        async with room:
            answer = await person.ack(event, payload)
        if answer["ok"]:
            # In her own room she may do as she likes.
            assert person is eve and payload["session_id"] == own["session_id"], (event, payload, answer)
            told["own"] += 1
        else:
            assert answer["error"]["code"] in REFUSED, (event, payload, answer)
            told[answer["error"]["code"]] += 1

    room = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(say(chance.choice((eve, bob_elsewhere)), room) for _ in range(WORDS)))

    # Whatever was told before this has come by now.
    await says(bob, call, hers, description=OFFER)
    heard = (await ada.hears("call:signal"))["signal"]
    assert (heard["from"], heard["n"]) == (his["peer_id"], 1)
    await says(ada, call, his, candidates=[CANDIDATE], generation=1)
    for person, expected in ((ada, 1), (bob, 0)):
        leaked = [one["type"] for one in person.heard[before[person.name] :] if one["type"] in IN_ROOM]
        assert len(leaked) == expected, leaked
    assert told["not_found"] > WORDS / 10 and sum(told.values()) == WORDS
    print(dict(told))


@pytest.mark.usefixtures("unhurried")
async def test_who_sits_in_it_reaches_those_alone_who_do(ada: Person, bob: Person, eve: Person) -> None:
    chance = random.Random(SEED)
    call, own = await a_call(ada, bob), await a_call(eve, bob)
    hers, his, eves = await inside(ada, call), await inside(bob, call), await inside(eve, own)
    known = [hers["peer_id"], his["peer_id"], eves["peer_id"], eve.id, eve.hello["connection_id"]]
    reached, asked = 0, key()
    for number in range(500):
        to = guesses(chance, known, ["", f"peer:{eves['peer_id']}"])
        what = {"candidates": [{"candidate": f"{asked} {number}"}], "generation": 1, "to": to}
        answer = await bob.ack("call:signal", {"session_id": call["session_id"], **what})
        reached += answer["ok"]
        assert answer["ok"] is (to == hers["peer_id"]) or answer["error"]["code"] == "rate_limited", (to, answer)
    await eve.asks("call:react", {"session_id": own["session_id"], "emoji": "👏"})
    assert eve.hears_nothing_of("call:signal") and reached > 10
