"""The life of a swap, through both doors: one asks by the socket, the other answers by REST, on two processes."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from server.config import Settings
from store.users import Role
from tests.asks.base import backstage
from tests.asks.gigs import a_gig
from tests.asks.swaps import a_swap_request, at
from tests.later import later
from tests.people import Person, key, refused
from tests.processes import Servers

Act = Callable[..., Awaitable[Any]]


moment = datetime.fromisoformat


async def by_socket(person: Person, swap: dict[str, Any], **more: Any) -> Any:
    return await person.asks("swap:update", {"swap_id": swap["id"], **more})


async def by_rest(person: Person, swap: dict[str, Any], **more: Any) -> Any:
    return await person.rest("PUT", f"/swaps/{swap['id']}/", more)


@pytest.fixture(params=[by_socket, by_rest])
def act(request: pytest.FixtureRequest) -> Act:
    """Do something to a swap, by the one door or the other."""
    door: Act = request.param
    return door


async def test_both_people_hear_that_a_swap_was_accepted(ada: Person, bob_elsewhere: Person, act: Act) -> None:
    bob = bob_elsewhere
    swap = await ada.asks("swap:request", a_swap_request(bob, note="Do you have time?"))
    assert (swap["status"], swap["turn"], swap["version"]) == ("pending", bob.id, 1)
    for person in (ada, bob):
        assert (await person.hears("swap:created"))["swap"] == swap

    accepted = await act(bob, swap, action="accept")

    assert (accepted["status"], accepted["turn"], accepted["version"]) == ("accepted", None, 2)
    assert [(step["action"], step["by"]) for step in accepted["history"]] == [("request", ada.id), ("accept", bob.id)]
    for person in (ada, bob):
        assert (await person.hears("swap:updated"))["swap"] == accepted
        assert (await person.rest("GET", f"/swaps/{swap['id']}/")).items() >= accepted.items()
        assert (await person.asks("swap:list", {"status": "accepted"}))["items"] == [accepted]
        assert (await person.asks("swap:list", {"status": "pending"}))["items"] == []


async def test_nobody_accepts_their_own_request(ada: Person, bob: Person, act: Act) -> None:
    swap = await ada.asks("swap:request", a_swap_request(bob))

    with refused("forbidden"):
        await act(ada, swap, action="accept")


async def test_the_whole_negotiation_is_one_conversation(ada: Person, bob: Person, act: Act) -> None:
    swap = await ada.asks("swap:request", a_swap_request(bob))
    thread = (await bob.hears("thread:created"))["thread"]
    assert (thread["id"], thread["swap"], thread["kind"]) == (swap["thread_id"], swap["id"], "pair")
    slots = [at(5), at(4), at(6)]

    countered = await act(bob, swap, action="counter", slots=slots, reason="I work on that day.")

    assert (countered["status"], countered["turn"]) == ("countered", ada.id)
    assert countered["scheduled_time"] == countered["proposals"][0]
    assert len(countered["proposals"]) == 3
    with refused("forbidden"):
        await act(bob, swap, action="accept", slot=slots[0])
    again = await ada.rest("POST", f"/swaps/{swap['id']}/counter/", {"slots": [at(7), at(8)], "version": 2})
    assert again["turn"] == bob.id
    with refused("invalid"):
        await act(bob, swap, action="accept")
    with refused("invalid"):
        await act(bob, swap, action="accept", slot=slots[0])
    accepted = await act(bob, swap, action="accept", slot=again["proposals"][1])
    assert (accepted["scheduled_time"], accepted["proposals"]) == (again["proposals"][1], [])

    said = (await ada.rest("GET", f"/messages/{swap['thread_id']}/"))["items"]
    assert [one["system"] for one in said] == ["swap:request", "swap:counter", "swap:counter", "swap:accept"]
    assert said[1]["message_content"].splitlines() == [*countered["proposals"], "I work on that day."]
    assert said[3]["message_content"] == accepted["scheduled_time"]
    # A client that knows the swap alone finds its conversation, and makes no second one.
    opened = await bob.asks("thread:open", {"participants": [ada.id], "swap": swap["id"], "client_id": key()})
    assert opened["id"] == swap["thread_id"]


async def test_an_agreed_swap_is_moved_and_called_off(ada: Person, bob: Person, act: Act) -> None:
    swap = await ada.asks("swap:request", a_swap_request(bob))
    await act(bob, swap, status="accepted")
    moved = await act(ada, swap, action="reschedule", scheduled_time=at(5), reason="The train is late.")
    assert (moved["status"], moved["turn"]) == ("pending", bob.id)
    step = moved["history"][-1]
    assert (step["old_time"], step["new_time"], step["why"]) == (
        swap["scheduled_time"],
        moved["scheduled_time"],
        "The train is late.",
    )
    # Whoever waits for an answer may still correct what they proposed.
    assert (await act(ada, swap, action="reschedule", scheduled_time=at(6)))["turn"] == bob.id
    assert (await act(bob, swap, status="accepted"))["status"] == "accepted"
    with refused("invalid_transition"):
        await act(bob, swap, action="confirm")
    assert (await act(bob, swap, status="cancelled"))["status"] == "cancelled"
    with refused("invalid_transition"):
        await act(ada, swap, action="accept")


async def test_times_are_shown_by_both_clocks(ada: Person, bob: Person) -> None:
    swap = await ada.asks("swap:request", a_swap_request(bob, time_zone="Asia/Kathmandu"))
    await bob.rest("PUT", "/auth/profile", {"time_zone": "America/New_York"})
    swap = await by_rest(bob, swap, action="counter", slots=[at(4), at(5)])

    hers, his = await ada.asks("swap:get", {"swap_id": swap["id"]}), await bob.rest("GET", f"/swaps/{swap['id']}/")

    # She said a zone with the swap, and none elsewhere.
    assert (hers["your_time_zone"], hers["their_time_zone"]) == ("Asia/Kathmandu", "America/New_York")
    assert (his["your_time_zone"], his["their_time_zone"]) == ("America/New_York", "Asia/Kathmandu")
    assert [one["start"] for one in hers["times"]] == swap["proposals"]
    for slot, same in zip(hers["times"], his["times"], strict=True):
        assert slot["yours"] == same["theirs"] and slot["theirs"] == same["yours"]
        assert slot["yours"]["start"].endswith("+05:45") and moment(slot["yours"]["start"]) == moment(slot["start"])
        assert moment(slot["end"]) - moment(slot["theirs"]["start"]) == timedelta(hours=1)
    await bob.rest("PUT", "/auth/profile", {"visibility": {"time_zone": "nobody"}})
    hidden = await ada.rest("GET", f"/swaps/{swap['id']}/")
    assert hidden["their_time_zone"] is None and {one["theirs"] for one in hidden["times"]} == {None}


async def test_what_is_refused(ada: Person, bob: Person, eve: Person, act: Act) -> None:
    with refused("invalid"):
        await ada.asks("swap:request", a_swap_request(ada))
    with refused("forbidden"):
        await ada.asks("swap:request", a_swap_request(bob, requestor=bob.id))
    for more in ({"scheduled_time": at(-1)}, {"scheduled_time": at(400)}, {"time_zone": "Mars/Olympus"},
                 {"scheduled_time": "0001-01-01T00:00:00+14:00"}, {"scheduled_time": "9999-12-31T23:59:59-14:00"},
                 {"duration_minutes": 5}, {"responder": "0" * 24}):  # fmt: skip
        with refused("invalid"):
            await ada.rest("POST", "/swaps/", a_swap_request(bob) | more)
    without_zone = a_swap_request(bob, requestor=ada.id, time_zone=None)
    with refused("invalid") as unknown:
        await ada.rest("POST", "/swaps/", without_zone)
    assert [(one["field"], one["code"]) for one in unknown.value.problem["fields"]] == [("time_zone", "missing")]
    await ada.rest("PUT", "/auth/profile", {"time_zone": "America/New_York"})
    swap = await ada.rest("POST", "/swaps/", without_zone)
    assert swap["time_zone"] == "America/New_York"
    for more in ({}, {"action": "accept", "status": "rejected"}, {"action": "expire"}, {"status": "expired"},
                 {"action": "counter"}, {"action": "counter", "slots": [at(n) for n in range(1, 7)]},
                 {"action": "counter", "slots": [at(-1)]}, {"action": "reschedule"}):  # fmt: skip
        with refused("invalid"):
            await act(bob, swap, **more)
    with refused("conflict"):
        await act(bob, swap, action="accept", version=2)
    for more in ({"action": "accept"}, {"action": "cancel"}):
        with refused("not_found"):
            await act(eve, swap, **more)
    with refused("invalid"):
        await eve.asks("thread:open", {"participants": [bob.id], "swap": swap["id"], "client_id": key()})


async def test_an_offer_is_kept_as_it_was(ada: Person, bob: Person, eve: Person) -> None:
    gig = await bob.asks(
        "gig:create",
        {
            **a_gig(mode="offline", location={"label": "Leeds", "point": {"coordinates": [-1.5, 53.8]}}),
            "client_id": key(),
        },
    )
    of_it = {"gig": gig["id"]}
    asked = a_swap_request(bob, **of_it)
    swap = await ada.asks("swap:request", asked)
    assert (swap["gig"], swap["gig_snapshot"]["title"], swap["mode"]) == (gig["id"], gig["title"], "offline")
    # Once at a time, and as it is.
    assert (await ada.ack("swap:request", asked))["duplicate"]
    with refused("conflict"):
        await ada.rest("POST", "/swaps/", a_swap_request(bob, **of_it))
    for wrong in ({"responder": eve.id}, {"gig": "a" * 24}, {"mode": "online"}):
        with refused("invalid"):
            await eve.rest("POST", "/swaps/", a_swap_request(ada) | {"responder": bob.id} | of_it | wrong)
    with refused("invalid"):
        await bob.rest("POST", "/swaps/", a_swap_request(bob, **of_it))
    await by_rest(bob, swap, action="reject", reason="No time at all.")
    assert (await ada.asks("swap:request", a_swap_request(bob, **of_it)))["status"] == "pending"
    await bob.rest("DELETE", f"/gigs/{gig['id']}/")
    assert (await ada.rest("GET", f"/swaps/{swap['id']}/"))["gig_snapshot"]["title"] == gig["title"]


async def test_whose_time_is_taken_is_asked_for_another(ada: Person, bob: Person, eve: Person, act: Act) -> None:
    swap = await ada.asks("swap:request", a_swap_request(bob))
    late = await eve.asks("swap:request", a_swap_request(bob) | {"scheduled_time": swap["scheduled_time"]})
    await act(bob, swap, action="accept")
    with refused("conflict"):
        await act(bob, late, action="accept")
    # What he offers to one he does not offer to another.
    with refused("conflict"):
        await act(bob, late, action="counter", slots=[swap["scheduled_time"], at(5)])
    free = at(5)
    await act(bob, late, action="counter", slots=[free])
    # Nor can others propose to him what he cannot accept: it says when he is busy, and no more than was asked about.
    taken, half = moment(swap["scheduled_time"]), (moment(free) + timedelta(minutes=30)).isoformat()
    for propose in (
        lambda: eve.rest("POST", "/swaps/", a_swap_request(bob) | {"scheduled_time": swap["scheduled_time"]}),
        lambda: act(ada, swap, action="reschedule", scheduled_time=half),
        lambda: act(ada, swap, action="counter", slots=[half, at(9)]),
    ):
        with refused("conflict") as busy:
            await propose()
        (told,) = busy.value.problem["current"]["busy"]
        assert told["user_id"] == bob.id and moment(told["start"]) in {taken, moment(half)}
    assert (await act(ada, swap, action="reschedule", scheduled_time=at(6)))["status"] == "pending"
    # What she proposes instead is held for her, and hers to correct.
    with refused("conflict"):
        await eve.asks("swap:request", a_swap_request(ada, days=6))
    assert (await act(eve, late, action="cancel"))["status"] == "cancelled"
    await act(ada, swap, action="reschedule", scheduled_time=free)
    assert (await act(bob, swap, action="accept"))["status"] == "accepted"


async def test_the_whole_journey(
    people: tuple[Person, Person, Person], act: Act, settings: Settings, servers: Servers
) -> None:
    """Asked, countered, agreed, reminded of, held, confirmed by both; and another one missed, disputed and decided."""
    ada, bob, staff = people
    await backstage(ada).promote(staff.id, Role.MODERATOR)
    held = await ada.asks("swap:request", a_swap_request(bob, credit_minutes=60))
    held = await act(bob, held, action="counter", slots=[at(4), at(3)])
    held = await act(ada, held, action="accept", slot=held["proposals"][0])
    missed = await bob.rest("POST", "/swaps/", a_swap_request(ada, days=4))
    await act(ada, missed, action="accept")
    async with later(settings, servers, ada, bob, days=2.5):
        for person in (ada, bob):
            reminder = await person.hears("swap:reminder")
            assert (reminder["swap_id"], reminder["before"]) == (held["id"], "24h")
    async with later(settings, servers, ada, bob, staff, days=5):
        assert (await act(ada, held, action="confirm"))["status"] == "accepted"
        with refused("invalid"):
            await act(ada, held, action="did_not_happen", delivered="Barre chords.")
        told = await act(ada, held, action="confirm", delivered="Barre chords.")
        assert (told["status"], told["delivered"]) == ("accepted", {ada.id: "Barre chords."})
        # Nothing new: what was said stays said.
        assert await act(ada, held, action="confirm") == told
        done = await act(bob, held, status="completed", delivered="A song.")
        assert done["delivered"] == {ada.id: "Barre chords.", bob.id: "A song."}
        assert (done["status"], sorted(done["confirmed_by"])) == ("completed", sorted([ada.id, bob.id]))
        for person, balance in ((ada, -60), (bob, 60)):
            credits = await person.rest("GET", "/credits/")
            assert (credits["balance"], len(credits["items"])) == (balance, 1)
            assert await person.asks("credit:list") == credits
        await act(bob, missed, action="no_show", reason="I waited for half an hour.")
        await act(ada, missed, action="dispute", reason="I was there.")
        (dispute,) = (await staff.rest("GET", "/staff/swaps/"))["items"]
        assert [step["why"] for step in dispute["history"][-2:]] == ["I waited for half an hour.", "I was there."]
        decided = {"status": "no_show", "absent": ada.id, "reason": "Nobody joined the call."}
        with refused("forbidden"):
            await ada.rest("PUT", f"/staff/swaps/{missed['id']}/", decided)
        with refused("invalid"):
            await staff.rest("PUT", f"/staff/swaps/{missed['id']}/", decided | {"status": "completed"})
        assert (await staff.rest("PUT", f"/staff/swaps/{missed['id']}/", decided))["status"] == "no_show"
        assert (await ada.rest("GET", f"/users/{ada.id}/reliability/"))["of"] == 2
        assert (await bob.rest("GET", f"/users/{ada.id}/reliability/"))["kept"] == 1
        assert (await bob.rest("GET", f"/users/{ada.id}/"))["reliability"] == {"kept": 1, "of": 2}
        said = (await bob.asks("message:list", {"thread_id": missed["thread_id"]}))["items"]
        assert [one["system"].removeprefix("swap:") for one in said] == [
            "request", "accept", "no_show", "dispute", "decide",
        ]  # fmt: skip


async def test_a_stranger_is_not_told_of_more_than_the_figure(ada: Person, eve: Person) -> None:
    figure = {"user_id": ada.id, "kept": 0, "of": 0}
    assert await eve.rest("GET", f"/users/{ada.id}/reliability/") == figure
    assert await eve.asks("reliability:get", {"user_id": ada.id}) == figure
    with refused("not_found"):
        await eve.rest("GET", f"/users/{'0' * 24}/reliability/")


async def test_swaps_are_paged(ada: Person, bob: Person) -> None:
    swaps = [await ada.asks("swap:request", a_swap_request(bob, days=3 + number)) for number in range(5)]
    found: list[str] = []
    cursor = ""
    while True:
        page = await bob.rest("GET", f"/swaps/?limit=2&status=pending{cursor}")
        found += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == [swap["id"] for swap in reversed(swaps)]
