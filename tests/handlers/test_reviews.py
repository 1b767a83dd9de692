"""When reviews open and close, with a clock that the test turns; and what they come to."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from handlers.errors import NotAllowedNow
from store.ratings import Ratings, rated
from store.reviews import Review
from store.users import Role
from tests.handlers.swaps.world import World, world

NOW = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture
async def earth(mongodb_url: str, database_name: str) -> AsyncIterator[World]:
    async with world(mongodb_url, database_name, processes=2) as made:
        yield made


async def held(earth: World, one: str, other: str) -> str:
    """A swap that both say was held."""
    swap = await earth.agrees(one, other)
    await earth.passes(days=4)
    for person in (one, other):
        await earth.does(person, swap, "confirm")
    await earth.passes(seconds=1)
    return str(swap["id"])


async def submit(earth: World, person: str, swap_id: str, **more: object) -> str:
    review = await earth.asks(person, "review:submit", associated_swap_request=swap_id, **{"rating": 5, **more})
    return str(review["id"])


async def test_one_alone_is_opened_after_two_weeks(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    swap = await held(earth, ada, bob)
    asked = [one["notification"]["title"] for one in await earth.told(bob, "notification:created")]
    assert asked.count("How was your swap?") == 1
    await submit(earth, ada, swap, rating=2)
    await earth.passes(days=13)
    assert (await earth.asks(bob, "review:list", user_id=bob))["items"] == []
    # Bob alone is reminded, who has not written.
    reminder = "You can still say how your swap was, for a week."
    for person, times in ((ada, 0), (bob, 1)):
        titles = [one["notification"]["title"] for one in await earth.told(person, "notification:created")]
        assert titles.count(reminder) == times

    await earth.passes(days=2)

    assert [one["rating"] for one in (await earth.asks(bob, "review:list", user_id=bob))["items"]] == [2]
    assert [one["review"]["rating"] for one in await earth.told(bob, "review:published")] == [2]
    assert (await earth.asks(bob, "review:pending"))["items"] == []
    with pytest.raises(NotAllowedNow):
        await submit(earth, bob, swap)


async def test_what_was_held_is_reviewed_also_by_who_was_blocked_and_notifies_nobody_who_blocked(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    swap = await held(earth, ada, bob)
    await earth.asks(ada, "block:add", user_id=bob)
    review = await submit(earth, bob, swap)
    theirs = await submit(earth, ada, swap)
    await earth.passes(seconds=1)
    before = await earth.told(ada, "notification:created")

    await earth.asks(bob, "review:reply", review_id=theirs, text="Thank you!")
    await earth.passes(seconds=1)

    assert await earth.told(ada, "notification:created") == before
    assert [one["id"] for one in (await earth.asks(ada, "review:list", user_id=ada))["items"]] == [review]


async def test_who_says_it_did_not_happen_reviews_nothing(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    staff = await earth.somebody("staff", role=Role.MODERATOR)
    swap = await earth.agrees(ada, bob)
    await earth.passes(days=4)
    await earth.does(ada, swap, "confirm")
    await earth.does(bob, swap, "did_not_happen")
    await earth.passes(seconds=1)
    with pytest.raises(NotAllowedNow):
        await submit(earth, ada, swap["id"])
    await earth.asks(staff, "decide_swap", swap_id=swap["id"], status="completed", reason="The call says so.")
    await earth.passes(seconds=1)
    assert (await earth.asks(bob, "review:pending"))["items"] == []
    with pytest.raises(NotAllowedNow):
        await submit(earth, bob, swap["id"])
    await submit(earth, ada, swap["id"])


async def test_who_was_let_down_says_so_and_it_is_no_rating(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    staff = await earth.somebody("staff", role=Role.MODERATOR)
    in_time = await earth.agrees(ada, bob, scheduled_time=earth.after(days=5))
    late, missed = await earth.agrees(ada, bob), await earth.agrees(ada, bob, scheduled_time=earth.after(days=4))
    await earth.does(bob, in_time, "cancel")
    await earth.passes(days=2, hours=12)
    await earth.does(bob, late, "cancel")
    await earth.passes(days=3)
    await earth.does(ada, missed, "no_show")
    await earth.passes(days=7)

    waiting = (await earth.asks(ada, "review:pending"))["items"]
    assert [(one["swap_id"], one["held"]) for one in waiting] == [(missed["id"], False), (late["id"], False)]
    assert (await earth.asks(bob, "review:pending"))["items"] == []
    for person, times in ((ada, 2), (bob, 0)):
        titles = [one["notification"]["title"] for one in await earth.told(person, "notification:created")]
        assert titles.count("Your swap was broken: say how that was.") == times
    for person, swap in ((bob, late), (bob, missed), (ada, in_time)):
        with pytest.raises(NotAllowedNow):
            await submit(earth, person, swap["id"])
    words = {one["id"]: await submit(earth, ada, one["id"], rating=1) for one in (late, missed)}
    # A verdict that was wrong takes what was said of it with it.
    await earth.asks(bob, "swap:update", swap_id=missed["id"], action="dispute", reason="I was there.")
    await earth.asks(staff, "decide_swap", swap_id=missed["id"], status="completed", reason="The call says so.")
    assert (await earth.asks(ada, "review:list", user_id=bob))["items"] == []

    await earth.passes(days=15)

    page = await earth.asks(ada, "review:list", user_id=bob)
    assert [(one["id"], one["rating"], one["held"]) for one in page["items"]] == [(words[late["id"]], 1, False)]
    assert page["ratings"] == {"count": 0, "mean": None, "score": None}
    for person in (ada, bob):
        assert await earth.store.scores.of_cause(person, f"review:{words[late['id']]}") == []


@pytest.mark.parametrize(("decision", "shown"), [("completed", 1), ("cancelled", 0)])
async def test_a_dispute_freezes_reviews_and_staff_decides(earth: World, decision: str, shown: int) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    staff = await earth.somebody("staff", role=Role.MODERATOR)
    swap = await held(earth, ada, bob)
    for person in (ada, bob):
        await submit(earth, person, swap)
    await earth.passes(seconds=1)

    async def count() -> int:
        page = await earth.asks(staff, "review:list", user_id=ada)
        assert page["ratings"]["count"] == len(page["items"])
        return len(page["items"])

    assert await count() == 1
    await earth.asks(ada, "swap:update", swap_id=swap, action="dispute", reason="He was not there.")
    await earth.passes(seconds=1)
    assert await count() == 0
    await earth.asks(staff, "decide_swap", swap_id=swap, status=decision, reason="So.")
    await earth.passes(seconds=1)
    assert await count() == shown
    # Who decided is nobody's business.
    for told in ("swap:updated", "message:created", "notification:created"):
        assert {one["actor_id"] for one in await earth.envelopes(bob, told)} <= {ada, bob, None}


async def test_ratings_are_reckoned_from_what_is_shown(earth: World) -> None:
    """Whatever staff hides and shows, what is kept with a person is what their reviews come to."""
    chance = random.Random(7)
    bob, staff = await earth.somebody("bob"), await earth.somebody("staff", role=Role.MODERATOR)
    written = []
    for number in range(4):
        guest = await earth.somebody(f"guest {number}")
        swap = await held(earth, guest, bob)
        words = {"criteria": {"clarity": chance.randint(1, 5)}, "skills": [{"name": "French", "rating": 3}]}
        written.append(await submit(earth, guest, swap, rating=chance.randint(1, 5), **words))
    await earth.passes(days=15)
    for _ in range(10):
        hidden = chance.random() < 0.5
        await earth.asks(
            staff, "moderate_review", review_id=chance.choice(written), hidden=hidden, reason="So." if hidden else ""
        )
        user = await earth.store.users.get(bob)
        assert user is not None
        assert user.ratings == rated(await earth.store.reviews.shown_of(bob, before=None, limit=100))


def word(reviewer: str, rating: int) -> Review:
    return Review(
        reviewer=reviewer, reviewee="bob", rating=rating, comments="", associated_swap_request="", created_at=NOW,
        updated_at=NOW, order="",
    )  # fmt: skip


def test_few_words_say_little() -> None:
    assert rated([]) == Ratings()
    once = rated([word("ada", 5)])
    often = rated([word(f"guest {number}", 5 if number % 10 else 4) for number in range(50)])
    assert once.mean == 5 > (often.mean or 0)
    assert (once.score or 0) < (often.score or 0)
    # Two who praise each other fifty times are one voice.
    assert rated([word("ada", 5)] * 50).score == once.score
