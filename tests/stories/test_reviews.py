"""Reviews through both doors: what each side says, what everybody reads, and what nobody reads before its time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from server.config import Settings
from server.mail import DevelopmentOutbox
from store.users import Role
from tests.asks.gigs import a_gig
from tests.asks.reviews import a_held_swap, a_review
from tests.asks.swaps import a_swap_request
from tests.conftest import serving
from tests.doors import Door, both_doors
from tests.people import Person, key, refused, surely
from tests.processes import Servers
from tests.stories.test_gigs import nobody_at

People = tuple[Person, Person, Person]


@pytest.fixture(autouse=True)
async def worker(server: str, settings: Settings, servers: Servers) -> AsyncIterator[None]:
    """Somebody who opens what both wrote."""
    async with serving(settings, servers, mailer=DevelopmentOutbox()):
        yield


async def published(person: Person, review_id: str) -> None:
    """Wait until it can be read."""
    while (await person.hears("review:published"))["review"]["id"] != review_id:
        pass


@both_doors
async def test_nobody_reads_the_others_word_before_giving_their_own(people: People, door: Door) -> None:
    ada, bob, eve = people
    swap = await a_held_swap(ada, bob, ada)
    assert [one["swap_id"] for one in (await door(ada, "review:pending", {}))["items"]] == [swap["id"]]

    words = {"rating": 4, "skills": [{"name": "french", "rating": 5}], "private_note": "He smoked."}
    hers = await door(ada, "review:submit", a_review(swap, reviewer=ada.id, reviewee=bob.id, **words))

    assert (hers["reviewer"], hers["reviewee"], hers["rating"], hers["published_at"]) == (ada.id, bob.id, 4, None)
    assert (await door(ada, "review:pending", {}))["items"] == []
    assert (await door(bob, "review:list", {"user_id": bob.id}))["items"] == []
    with refused("not_found"):
        await door(bob, "review:reply", {"review_id": hers["id"], "text": "No."})
    better = await door(ada, "review:edit", {"review_id": hers["id"], **words, "comments": "Good."})
    assert (better["comments"], better["version"]) == ("Good.", 2)

    his = await door(bob, "review:submit", a_review(swap))

    for person in (ada, bob):
        heard = [(await person.hears("review:published"))["review"] for _ in range(2)]
        assert {one["id"] for one in heard} == {hers["id"], his["id"]}
    page = await door(eve, "review:list", {"user_id": bob.id})
    (read,) = page["items"]
    assert (read["id"], read["comments"], read["author"]["name"]) == (hers["id"], "Good.", "ada")
    assert "private_note" not in read and "smoked" not in str(page)
    assert page["ratings"] == {"count": 1, "mean": 4.0, "score": 3.58}
    assert [(one["name"], one["mean"]) for one in page["skills"]] == [("French", 5.0)]
    assert (await door(eve, "user:get", {"user_id": bob.id}))["ratings"] == page["ratings"]
    assert (await bob.rest("GET", "/auth/profile"))["ratings"] == page["ratings"]
    with refused("invalid_transition"):
        await door(ada, "review:edit", {"review_id": hers["id"], "rating": 1})

    replied = await door(bob, "review:reply", {"review_id": hers["id"], "text": "Come again."})

    assert replied["reply"]["text"] == "Come again."
    assert (await ada.hears("review:updated"))["review"] == replied
    with refused("forbidden"):
        await door(eve, "review:reply", {"review_id": hers["id"], "text": "I was there."})


async def test_what_is_offered_is_found_by_what_was_said_of_its_people_and_by_their_time(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much somebody offers: it is sorted in parts, and nobody's review waits for it."""
    monkeypatch.setattr("handlers.gigs.relisting.LISTED_AT_ONCE", 1)
    ada, bob, eve = people
    his = [(await bob.asks("gig:create", {**a_gig(), "client_id": key()}))["id"] for _ in range(2)]
    hers = (await eve.asks("gig:create", {**a_gig(), "client_id": key()}))["id"]

    async def soon(sort: str, ids: list[str], *, say: Callable[[Any], bool]) -> None:
        """In this order; and of whoever comes first is said why."""
        async with asyncio.timeout(20):
            while True:
                found = (await ada.asks("gig:list", {"sort": sort}))["items"]
                if [one["id"] for one in found] == ids and say(found[0]["creator"]):
                    return
                await asyncio.sleep(0.05)

    await soon("rating", [hers, *reversed(his)], say=lambda who: who["ratings"]["mean"] is None)
    swap = await a_held_swap(ada, bob, ada)
    await ada.asks("review:submit", a_review(swap))
    await bob.asks("review:submit", a_review(swap))
    await soon(
        "rating", [*reversed(his), hers], say=lambda who: (who["ratings"]["count"], who["ratings"]["mean"]) == (1, 5)
    )
    await eve.asks("availability:set", {"time_zone": "UTC", "weekly": {}})
    always = {day: [{"start": "00:00", "end": "24:00"}] for day in ("monday", "wednesday", "friday", "sunday")}
    await bob.asks("availability:set", {"time_zone": "UTC", "weekly": always})
    await soon("availability", [*reversed(his), hers], say=lambda who: who["next_free_at"] is not None)
    seen = (await nobody_at(ada).rest("GET", "/gigs/"))["items"]
    assert {one["creator"]["next_free_at"] for one in seen} == {None}


@both_doors
async def test_what_is_refused(people: People, door: Door) -> None:
    ada, bob, eve = people
    asked = await ada.asks("swap:request", a_swap_request(bob, days=9))
    with refused("invalid_transition"):
        await door(ada, "review:submit", a_review(asked))
    swap = await a_held_swap(ada, bob, ada)
    with refused("not_found"):
        await door(eve, "review:submit", a_review(swap))
    with refused("forbidden"):
        await door(ada, "review:submit", a_review(swap, reviewer=bob.id))
    for wrong in (
        {"reviewee": eve.id}, {"rating": 0}, {"rating": 6}, {"rating": True}, {"criteria": {"beauty": 5}},
        {"criteria": {"clarity": 6}}, {"skills": [{"name": "Guitar", "rating": 5}]}, {"comments": "x" * 2049},
    ):  # fmt: skip
        with refused("invalid"):
            await door(ada, "review:submit", a_review(swap, **wrong))
    first = a_review(swap)
    again = await door(ada, "review:submit", first)
    assert await door(ada, "review:submit", first) == again
    with refused("conflict"):
        await door(ada, "review:submit", a_review(swap, rating=1))


async def test_one_review_a_side_however_many_are_sent_at_once(people: People) -> None:
    ada, bob, _ = people
    swap = await a_held_swap(ada, bob, ada)

    async def submit() -> str:
        try:
            await surely(ada.rest, "POST", "/reviews/", a_review(swap))
        except Exception as refusal:
            return str(getattr(refusal, "code", refusal))
        return "submitted"

    done = await asyncio.gather(*(submit() for _ in range(20)))

    assert sorted(done) == ["conflict"] * 19 + ["submitted"]
    assert len((await ada.rest("GET", "/reviews/written/"))["items"]) == 1


@pytest.mark.usefixtures("unlimited")
async def test_staff_hides_what_should_not_be_there(people: People) -> None:
    ada, bob, eve = people
    swap = await a_held_swap(ada, bob, ada)
    nasty = await ada.asks("review:submit", a_review(swap, rating=1, was_appropriate=False))
    await bob.asks("review:submit", a_review(swap))
    await published(ada, nasty["id"])
    path = f"/staff/reviews/{nasty['id']}/"
    hiding = {"hidden": True, "reason": "An insult."}
    with refused("forbidden"):
        await eve.rest("PUT", path, hiding)
    assert ada.backstage is not None
    await ada.backstage.promote(eve.id, Role.MODERATOR)
    assert [one["id"] for one in (await eve.rest("GET", "/staff/reviews/"))["items"]] == [nasty["id"]]
    with refused("invalid"):
        await eve.rest("PUT", path, {"hidden": True})

    await eve.rest("PUT", path, hiding)

    page = await bob.rest("GET", f"/reviews/{bob.id}/")
    assert (page["items"], page["ratings"]) == ([], {"count": 0, "mean": None, "score": None})
    (own,) = (await ada.rest("GET", "/reviews/written/"))["items"]
    assert own["hidden"]["reason"] == "An insult."
    while (told := (await ada.hears("notification:created"))["notification"])["topic"] != "moderation":
        pass
    assert (told["title"], told["text"], told["actor_id"]) == ("Staff hid something of yours.", "An insult.", None)
    await eve.rest("PUT", path, {"hidden": False})
    assert (await bob.rest("GET", f"/reviews/{bob.id}/"))["ratings"]["count"] == 1


async def test_reviews_are_paged(people: People) -> None:
    ada, bob, _ = people
    written = []
    for number in range(3):
        swap = await a_held_swap(ada, bob, ada, days=3 + number)
        review = await ada.asks("review:submit", a_review(swap, client_id=key()))
        await bob.asks("review:submit", a_review(swap))
        await published(ada, review["id"])
        written.append(review["id"])
    found: list[str] = []
    more = ""
    while more is not None:
        page = await bob.rest("GET", f"/reviews/{bob.id}/?limit=2{more}")
        found += [one["id"] for one in page["items"]]
        more = None if page["next_cursor"] is None else f"&cursor={page['next_cursor']}"
    assert found == written[::-1]
    # One voice, however often it speaks.
    assert page["ratings"] == {"count": 3, "mean": 5.0, "score": 3.75}
