"""What was not read and goes by letter, with a clock that the test turns: none of it is lost, and none told twice."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest

from handlers.missed import LookForMissed, look_for_missed
from handlers.notifying import notify
from store.notification_preferences import Weekday
from store.notifications import Topic
from store.repository import order_of
from store.users import Ban
from tests.handlers.swaps.world import World, world


@pytest.fixture
async def earth(mongodb_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A world in which five notifications are many."""
    monkeypatch.setattr("handlers.missed.MOST_TOLD", 3)
    monkeypatch.setattr("handlers.missed.AT_ONCE", 2)
    async with world(mongodb_url, database_name) as made:
        yield made


async def happens(earth: World, person: str, *titles: str, topic: Topic = Topic.SWAPS) -> None:
    for title in titles:
        await earth.has_done(partial(notify, [person], topic, title=title, about="swap:1"))


async def subjects(earth: World) -> list[str]:
    return [letter.subject for letter in await earth.letters()]


async def test_what_is_unread_is_told_however_much_came_after_it(earth: World) -> None:
    ada = await earth.somebody("ada")
    await happens(earth, ada, "Bob accepted")
    await happens(earth, ada, "A match", topic=Topic.MATCHES)
    await happens(earth, ada, "not by letter", "nor this", topic=Topic.ACHIEVEMENTS)
    await happens(earth, ada, "soon read", "this, too", "and this", topic=Topic.FORUM)
    newest = (await earth.asks(ada, "notification:list", limit=3))["items"]
    await earth.asks(ada, "notification:mark_read", ids=[one["id"] for one in newest])

    await earth.passes(minutes=20)
    assert await subjects(earth) == ["Bob accepted"]
    await earth.passes(days=1)
    assert await subjects(earth) == ["Bob accepted", "Your day on SkillNet"]
    told = (await earth.letters())[1].text
    assert "A match" in told and "Bob accepted" not in told


async def test_quiet_and_the_daily_letter_go_by_the_clock_of_the_profile(earth: World) -> None:
    ada = await earth.somebody("ada")
    # There it is six in the evening.
    await earth.store.users.update(ada, {"time_zone": "Asia/Tokyo"})
    evening = {"days": list(Weekday), "start": "18:00", "end": "19:00"}
    chosen = await earth.asks(ada, "preferences:set", quiet=[evening], quiet_channels=["email"])
    assert chosen["time_zone"] is None
    await happens(earth, ada, "Bob accepted")
    await happens(earth, ada, "A match", topic=Topic.MATCHES)
    await earth.passes(minutes=59)
    assert await subjects(earth) == []
    await earth.passes(minutes=2)
    assert await subjects(earth) == ["Bob accepted"]
    await earth.passes(hours=12, minutes=58)
    assert await subjects(earth) == ["Bob accepted"]
    await earth.passes(minutes=2)
    assert await subjects(earth) == ["Bob accepted", "Your day on SkillNet"]
    # Or by another one, until that of the profile shall do again.
    assert (await earth.asks(ada, "preferences:set", time_zone="Asia/Kathmandu"))["time_zone"] == "Asia/Kathmandu"
    assert (await earth.asks(ada, "preferences:set", digest_hour=9))["time_zone"] == "Asia/Kathmandu"
    assert (await earth.asks(ada, "preferences:set", time_zone=None))["time_zone"] is None


async def test_of_very_much_the_last_is_named_and_the_rest_counted(earth: World) -> None:
    ada = await earth.somebody("ada")
    await happens(earth, ada, *(f"number {n}." for n in range(5)))
    await earth.passes(minutes=20)

    (letter,) = await earth.letters()
    assert letter.subject == "5 notifications on SkillNet" and letter.html is not None
    for told in (letter.text, letter.html):
        assert "number 2." in told and "number 1." not in told and "and 2 more" in told


async def test_what_is_committed_late_is_told_by_the_next_letter(earth: World) -> None:
    ada = await earth.somebody("ada")
    await happens(earth, ada, "first")
    await earth.passes(minutes=14, seconds=50)
    begun = earth.now
    await earth.passes(seconds=9)
    await happens(earth, ada, "just now")
    await earth.passes(seconds=2)
    assert await subjects(earth) == ["first"]

    # Another one was begun before that, and is here only now.
    (newest, *_) = await earth.store.notifications.page(ada, before=None, limit=1)
    late = newest.model_copy(update={"id": "0" * 24, "title": "late", "order": order_of(begun, "0" * 24)})
    await earth.store.notifications.insert(late)
    await earth.passes(hours=2)
    (_, letter) = await earth.letters()
    assert "just now" in letter.text and "late" in letter.text and "first" not in letter.text


async def test_who_was_kept_out_for_a_while_is_written_to_afterwards(earth: World) -> None:
    ada = await earth.somebody("ada")
    ban = Ban(reason="spam", at=earth.now, until=earth.now + timedelta(hours=1))
    await earth.store.users.update(ada, {"ban": ban.model_dump()})
    await happens(earth, ada, "Bob accepted")
    await earth.passes(minutes=59)
    assert await earth.letters() == []

    await earth.passes(minutes=1)
    await earth.has_done(lambda ctx: look_for_missed(LookForMissed(user_id=ada), ctx))
    await earth.passes(seconds=1)
    assert await subjects(earth) == ["Bob accepted"]
