"""What holds of swaps beside the table: who kept their word, how many may wait, what an agreement ends."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest

from handlers.deletion import EraseAccount
from handlers.errands import EndSwaps, ask_later
from handlers.errors import DomainError, NotAllowedNow
from store.bookings import HOUR, MOST_HOURS, BookedHour, Taken
from tests.handlers.swaps.world import World, world


@pytest.fixture
async def earth(mongodb_url: str, database_name: str) -> AsyncIterator[World]:
    async with world(mongodb_url, database_name, open_swaps=3) as made:
        yield made


async def kept(earth: World, person: str) -> tuple[int, int]:
    figure = await earth.asks(person, "reliability:get", user_id=person)
    return figure["kept"], figure["of"]


async def test_calling_off_in_time_is_held_against_nobody(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    in_time, late = await earth.agrees(ada, bob), await earth.agrees(ada, bob, scheduled_time=earth.after(days=4))
    await earth.does(ada, in_time, "cancel")
    await earth.passes(days=3, hours=1)
    await earth.does(bob, late, "cancel", reason="I forgot.")
    assert (await kept(earth, ada), await kept(earth, bob)) == ((0, 0), (0, 1))


@pytest.mark.parametrize(("notice", "is_late"), [(72, True), (48, False)])
async def test_late_is_what_the_offer_said_when_it_was_asked_about(earth: World, notice: int, is_late: bool) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    gig = await earth.asks(
        bob, "gig:create", title="French", description="Bonjour.", offered_skills=["French"], desired_skills=["Guitar"],
        mode="online", notice_hours=notice,
    )  # fmt: skip
    swap = await earth.agrees(ada, bob, gig=gig["id"])
    await earth.asks(bob, "gig:update", gig_id=gig["id"], notice_hours=None)
    await earth.passes(hours=23)
    await earth.does(ada, swap, "cancel")
    assert (swap["gig_snapshot"]["notice_hours"], await kept(earth, ada)) == (notice, (0, int(is_late)))


@pytest.mark.parametrize("end", ["reject", "cancel", "expire"])
async def test_proposing_another_time_is_no_way_around_the_window(earth: World, end: str) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    swap = await earth.agrees(ada, bob)
    await earth.passes(days=2, hours=2)
    await earth.does(ada, swap, "reschedule", scheduled_time=earth.after(days=9))
    if end == "expire":
        await earth.passes(days=20)
    else:
        await earth.does(bob if end == "reject" else ada, swap, end)
    assert (await kept(earth, ada), await kept(earth, bob)) == ((0, 1), (0, 0))


async def test_a_late_move_that_is_agreed_on_is_forgiven(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    swap = await earth.agrees(ada, bob)
    await earth.passes(days=2, hours=2)
    await earth.does(ada, swap, "counter", slots=[earth.after(days=9), earth.after(days=8)])
    await earth.does(bob, swap, "accept", slot=earth.after(days=8))
    await earth.passes(days=30)
    assert (await kept(earth, ada), await kept(earth, bob)) == ((1, 1), (1, 1))


async def test_who_is_said_to_have_missed_it_may_say_otherwise(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    swap = await earth.agrees(ada, bob)
    await earth.passes(days=4)
    said = await earth.does(ada, swap, "no_show")
    assert (said["status"], said["outcomes"], said["history"][-1]["by"]) == ("accepted", {ada: "no_show"}, ada)
    # Saying it again changes nothing.
    assert await earth.does(ada, swap, "no_show") == said
    disputed = await earth.does(bob, swap, "confirm")
    assert (disputed["status"], disputed["confirmed_by"]) == ("disputed", [bob])
    assert (await kept(earth, ada), await kept(earth, bob)) == ((0, 0), (0, 0))
    with pytest.raises(NotAllowedNow):
        await earth.does(ada, swap, "cancel")


async def test_a_verdict_by_silence_may_be_disputed_for_two_weeks(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    first, second = await earth.agrees(ada, bob), await earth.agrees(ada, bob, scheduled_time=earth.after(days=4))
    await earth.passes(days=5)
    for swap in (first, second):
        await earth.does(ada, swap, "no_show")
    await earth.passes(days=8)
    assert (await kept(earth, ada), await kept(earth, bob)) == ((2, 2), (0, 2))
    with pytest.raises(DomainError):
        await earth.does(bob, first, "dispute")
    assert (await earth.does(bob, first, "dispute", reason="I was there."))["status"] == "disputed"
    assert await kept(earth, bob) == (0, 1)
    await earth.passes(days=15)
    with pytest.raises(NotAllowedNow):
        await earth.does(bob, second, "dispute", reason="I was there, too.")


async def test_whoever_is_new_waits_for_few_answers(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")

    async def asks_for(count: int) -> None:
        for _ in range(count):
            await earth.requests(ada, bob, scheduled_time=earth.after(days=60))
        with pytest.raises(NotAllowedNow):
            await earth.requests(ada, bob, scheduled_time=earth.after(days=60))

    await asks_for(3)
    await earth.passes(days=1, hours=1)
    await asks_for(3)
    met = await earth.agrees(bob, ada)
    await earth.passes(days=4)
    for person in (ada, bob):
        await earth.does(person, met, "confirm")
    await asks_for(6)
    # What is answered waits no more.
    await earth.passes(days=20)
    await asks_for(12)


async def test_an_agreement_answers_those_who_asked_for_the_same_time(earth: World) -> None:
    bob, winner = await earth.somebody("bob"), await earth.somebody("ada")
    gig = await earth.asks(
        bob, "gig:create", title="French", description="Bonjour.", offered_skills=["French"], desired_skills=["Guitar"],
        mode="online",
    )  # fmt: skip
    others = [await earth.somebody(f"other {number}") for number in range(13)]
    asked = [await earth.requests(one, bob, gig=gig["id"]) for one in (winner, *others)]
    elsewhen = await earth.requests(await earth.somebody("eve"), bob, gig=gig["id"], scheduled_time=earth.after(days=5))
    proposed = [earth.after(days=3), earth.after(days=6)]
    also = await earth.requests(await earth.somebody("zoe"), bob, gig=gig["id"], scheduled_time=earth.after(days=9))
    await earth.does(bob, also, "counter", slots=proposed)
    with pytest.raises(DomainError):
        # Held for Zoe, who may still choose it.
        await earth.requests(winner, bob, gig=gig["id"])

    await earth.does(also["requestor"], also, "accept", slot=proposed[1])
    await earth.does(bob, asked[0], "accept")
    await earth.passes(seconds=5)

    closed = [await earth.swap(one) for one in asked[1:]]
    assert {(one["status"], one["history"][-1]["action"]) for one in closed} == {("rejected", "close")}
    assert (await earth.swap(elsewhen))["status"] == "pending"
    for one in others:
        assert [told["swap"]["status"] for told in await earth.told(one, "swap:updated")] == ["rejected"]


async def test_an_agreement_answers_whatever_has_no_other_time_left(earth: World) -> None:
    ada, bob, dan, eve = [await earth.somebody(name) for name in ("ada", "bob", "dan", "eve")]
    one_time, another = earth.after(days=3), earth.after(days=4)
    asked_by_her = await earth.requests(ada, eve, scheduled_time=one_time)
    asked_of_him = await earth.requests(dan, bob, scheduled_time=one_time)
    either = await earth.requests(eve, bob, scheduled_time=earth.after(days=9))
    await earth.does(bob, either, "counter", slots=[one_time, another])
    # What he offered is no longer held for her alone.
    await earth.passes(days=1, seconds=1)

    await earth.agrees(ada, bob, scheduled_time=one_time)
    await earth.passes(seconds=5)

    assert [(await earth.swap(one))["status"] for one in (asked_by_her, asked_of_him)] == ["rejected"] * 2
    assert (await earth.swap(either))["status"] == "countered"

    await earth.agrees(dan, bob, scheduled_time=another)
    await earth.passes(seconds=5)

    closed = await earth.swap(either)
    assert (closed["status"], closed["history"][-1]["why"]) == ("rejected", "All that was proposed is taken now.")


async def test_the_swaps_of_who_is_gone_end(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    agreed, asked = await earth.agrees(ada, bob), await earth.requests(ada, bob, scheduled_time=earth.after(days=9))
    past = await earth.agrees(bob, ada, scheduled_time=earth.after(days=1))
    for person in (ada, bob):
        await earth.passes(days=1)
        await earth.does(person, past, "confirm")
    await earth.has_done(lambda ctx: ask_later(EndSwaps(user_id=ada), ctx))

    await earth.passes(seconds=1)

    after = [await earth.asks(bob, "swap:get", swap_id=one["id"]) for one in (agreed, asked, past)]
    assert [one["status"] for one in after] == ["cancelled", "cancelled", "completed"]
    told = [one["swap"] for one in await earth.told(bob, "swap:updated")]
    assert {one["id"] for one in told if one["status"] == "cancelled"} == {agreed["id"], asked["id"]}
    # His time is his again.
    eve = await earth.somebody("eve")
    assert (await earth.agrees(eve, bob, scheduled_time=agreed["scheduled_time"]))["status"] == "accepted"


async def test_whether_two_have_met(earth: World) -> None:
    ada, bob, eve = [await earth.somebody(name) for name in ("ada", "bob", "eve")]
    have_agreed = earth.store.swaps.have_agreed
    swap = await earth.requests(ada, bob)
    assert not await have_agreed(ada, bob)
    await earth.does(bob, swap, "accept")
    assert await have_agreed(bob, ada) and not await have_agreed(ada, eve)
    await earth.passes(days=30)
    assert await have_agreed(ada, bob)


async def test_a_negotiation_has_an_end(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    swap = await earth.requests(ada, bob)
    with pytest.raises(NotAllowedNow):
        for number in range(100):
            await earth.does((bob, ada)[number % 2], swap, "counter", slots=[earth.after(days=4)])
    now = await earth.swap(swap)
    assert 50 < now["version"] < 100
    assert (await earth.does(now["turn"], swap, "accept"))["status"] == "accepted"


async def test_saying_what_became_of_a_swap_has_an_end(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    swap = await earth.agrees(ada, bob)
    await earth.passes(days=4)
    for number in range(5):
        said = await earth.does(ada, swap, ("confirm", "no_show")[number % 2], reason="Hear me.")
    # What is said already stays said, and is nothing new.
    assert await earth.does(ada, swap, "confirm") == said
    for action in ("no_show", "did_not_happen"):
        with pytest.raises(NotAllowedNow):
            await earth.does(ada, swap, action)
    # The other side has as many words of its own.
    assert (await earth.does(bob, swap, "confirm"))["status"] == "completed"


async def test_who_leaves_gives_back_all_that_they_had_taken(earth: World) -> None:
    """Ten years of weekly lessons: more hours than are read together."""
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    week, first = timedelta(weeks=1), earth.now + timedelta(days=30)
    taken = [
        BookedHour(id=f"{person}:{year}:{number}", user_id=person, at=at, stamp=f"{year}", refs=(ref,),
                   taken=(Taken(start=at, end=at + HOUR, ref=ref),))
        for year in range(10)
        for number in range(52)
        for ref, at in [(f"series:{year:024}:{number}", first + number * week + year * HOUR)]
        for person in (ada, bob)
    ]  # fmt: skip
    assert len(taken) > MOST_HOURS
    await earth.store.bookings.insert_all(taken)
    await earth.store.users.update(ada, {"closes_at": earth.now})
    await earth.has_done(partial(ask_later, EraseAccount(user_id=ada)))

    await earth.passes(seconds=1)

    assert [await earth.store.bookings.owned(person) for person in (ada, bob)] == [[], []]
    erased = await earth.store.users.get(ada)
    assert erased is not None and erased.erased_at is not None
