"""Matches: found when a profile changes, told once to both, and gone when they are no longer true."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from typing import Any

import pytest

from server.config import Settings
from server.core import utc_now
from server.mail import DevelopmentOutbox
from store.users import Role
from tests.conftest import serving
from tests.people import PASSWORD, Person
from tests.processes import Servers
from tests.stories.test_leaving import nothing_waits, rows

pytestmark = pytest.mark.usefixtures("unlimited", "worker")


@pytest.fixture
async def worker(settings: Settings, servers: Servers) -> AsyncIterator[None]:
    """Somebody who does what was asked to be done later."""
    async with serving(settings, servers, mailer=DevelopmentOutbox()):
        yield


@pytest.fixture
def done(settings: Settings, servers: Servers) -> Any:
    """Wait until everybody's matches are found: no errand of that kind is due or being done."""

    async def wait() -> None:
        async with asyncio.timeout(30):
            while any(map(is_under_way, (await rows(servers, settings))["jobs"])):
                await asyncio.sleep(0.05)

    return wait


def is_under_way(job: dict[str, Any]) -> bool:
    # One look for both: an errand that ends has asked for the next one before.
    waits = (job["kind"], job["state"]) == ("FindMatches", "waiting")
    return waits and (job["attempts"] > 0 or job["due_at"].replace(tzinfo=UTC) <= utc_now())


async def puts(person: Person, **fields: Any) -> Any:
    return await person.rest("PUT", "/auth/profile", fields)


async def trades(person: Person, teaches: str, wants: str, *, level: str = "intermediate", **more: Any) -> None:
    """Teach a skill and want another."""
    await puts(person, teaches=[{"name": teaches, "level": level}], wants=[{"name": wants}], **more)


async def matched(person: Person) -> list[str]:
    """With whom somebody is matched, the best first."""
    return [match["user"]["id"] for match in (await person.asks("match:list"))["items"]]


def told(person: Person) -> list[str]:
    """Of whom somebody was told; an event that came again counts once, as its id is the same."""
    heard = {one["id"]: one["data"]["match"]["user"]["id"] for one in person.heard if one.get("type") == "match:found"}
    return list(heard.values())


async def until_told(person: Person, number: int) -> None:
    """Wait until somebody was told of so many."""
    async with asyncio.timeout(30):
        while len(told(person)) < number:
            await asyncio.sleep(0.05)


async def test_both_hear_of_a_match_once(ada: Person, bob: Person, eve: Person, done: Any) -> None:
    await trades(ada, "Guitar", "francais", languages=["de", "en"])
    # Who wants what she teaches, and teaches what nobody wants.
    await trades(eve, "Chess", "Guitar")
    await trades(bob, "French", "guitare", level="expert", languages=["en", "fr"])

    hers, his = [(await person.hears("match:found"))["match"] for person in (ada, bob)]

    assert (hers["user"]["id"], his["user"]["id"]) == (bob.id, ada.id)
    assert hers["score"] == his["score"]
    assert [lesson["key"] for lesson in hers["they_teach"]] == ["french"]
    assert hers["they_teach"] == his["you_teach"]
    assert [(one["level"], one["wanted_level"]) for one in hers["they_teach"]] == [("expert", "intermediate")]
    assert (hers["shared_languages"], hers["distance_km"]) == (["en"], None)
    assert (await ada.rest("GET", "/matches/"))["items"] == [hers]
    assert (await bob.asks("match:list"))["items"] == [his]
    assert await matched(eve) == []

    # Told once, however often it is found again.
    await puts(bob, wants=[])
    await done()
    assert await matched(ada) == []
    await trades(bob, "French", "Guitar")
    await done()
    assert await matched(ada) == [bob.id]
    assert (told(ada), told(bob), told(eve)) == ([bob.id], [ada.id], [])
    notified = (await ada.rest("GET", "/notifications/"))["items"]
    assert [one["topic"] for one in notified] == ["matches"]


async def test_the_best_are_first_and_the_list_has_pages(ada: Person, done: Any) -> None:
    await trades(ada, "Guitar", "French", languages=["en"])
    # Each better than the one before.
    steps = [{"languages": ["fr"]}, {}, {"languages": ["en"]}]
    others = [await Person(f"other{number}", ada.url, ada.http).join() for number in range(7)]
    for number, other in enumerate(others):
        await trades(other, "French", "Guitar", **steps[number % 3])
    await done()

    whole = (await ada.asks("match:list"))["items"]

    scores = [match["score"] for match in whole]
    assert len(whole) == 7 and scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3
    found: list[dict[str, Any]] = []
    page = await ada.rest("GET", "/matches/?limit=2")
    found += page["items"]
    while page["next_cursor"]:
        page = await ada.asks("match:list", {"limit": 2, "cursor": page["next_cursor"]})
        found += page["items"]
    assert found == whole
    # When one becomes better, it moves.
    last = next(other for other in others if other.id == whole[-1]["user"]["id"])
    await puts(last, languages=["en"], place={"label": "here", "point": {"type": "Point", "coordinates": [13, 52]}})
    await puts(ada, place={"label": "here", "point": {"type": "Point", "coordinates": [13, 52]}})
    await done()
    best = (await ada.asks("match:list"))["items"][0]
    assert (best["user"]["id"], best["distance_km"], best["shared_languages"]) == (last.id, 0, ["en"])


async def test_what_is_no_longer_true_is_not_shown_for_a_moment(ada: Person, bob: Person) -> None:
    """Before any worker has looked, and by whoever of the two it changed."""
    await trades(ada, "Guitar", "French")
    await trades(bob, "French", "Guitar")
    await ada.hears("match:found")
    for changes, reads in ((bob, ada), (ada, bob)):
        await puts(changes, teaches=[])
        assert await matched(reads) == []
        await puts(changes, teaches=[{"name": "French" if changes is bob else "Guitar"}])


async def test_who_is_away_is_left_out(
    ada: Person, bob: Person, done: Any, settings: Settings, servers: Servers
) -> None:
    until = (utc_now() + timedelta(days=3)).isoformat()
    await trades(ada, "Guitar", "French")
    await trades(bob, "French", "Guitar", vacation={"until": until})
    await done()
    assert (await matched(ada), told(ada)) == ([], [])

    # Back by themselves when it is over.
    async with serving(settings, servers, ahead=timedelta(days=4), mailer=DevelopmentOutbox()):
        await ada.hears("match:found")
    assert await matched(ada) == []
    await puts(bob, vacation=None)
    assert await matched(ada) == [bob.id]


async def test_whom_one_blocked_is_nobodys_match(ada: Person, bob: Person, eve: Person, done: Any) -> None:
    """Neither shown nor told of, in both directions, until they are let in again."""
    await trades(ada, "Guitar", "French")
    await trades(bob, "French", "Guitar")
    await done()
    assert (await matched(ada), await matched(bob)) == ([bob.id], [ada.id])
    await until_told(ada, 1)
    await ada.asks("block:add", {"user_id": bob.id})
    assert (await matched(ada), await matched(bob)) == ([], [])
    await ada.asks("block:add", {"user_id": eve.id})
    await trades(eve, "French", "Guitar")
    await done()
    assert (await matched(ada), await matched(eve), told(eve), told(ada)) == ([], [], [], [bob.id])

    for other in (bob, eve):
        await ada.asks("block:remove", {"user_id": other.id})
    await done()
    assert sorted(await matched(ada)) == sorted([bob.id, eve.id])
    await until_told(eve, 1)
    await until_told(ada, 2)
    assert (told(eve), told(ada)) == ([ada.id], [bob.id, eve.id])


async def test_when_and_how_both_like_to_meet_counts_and_is_said(ada: Person, bob: Person, done: Any) -> None:
    def hours(day: str) -> dict[str, Any]:
        return {"time_zone": "UTC", "weekly": {day: [{"start": "09:00", "end": "12:30"}]}}

    await trades(ada, "Guitar", "French", mode="online")
    await trades(bob, "French", "Guitar", mode="offline")
    await done()
    [before] = (await ada.asks("match:list"))["items"]
    assert (before["shared_modes"], before["shared_hours"]) == ([], None)
    for person in (ada, bob):
        await person.asks("availability:set", hours("monday"))
    await puts(bob, mode="both")
    async with asyncio.timeout(20):
        while (await ada.asks("match:list"))["items"][0]["shared_hours"] is None:
            await asyncio.sleep(0.05)
    await done()

    [after] = (await ada.asks("match:list"))["items"]
    assert (after["shared_modes"], after["shared_hours"]) == (["online"], 3)
    # Ten for how; and for three hours 7.5, where 5 were given for nobody knows how many.
    assert after["score"] - before["score"] in {12, 13}
    assert (await bob.asks("user:get", {"user_id": ada.id}))["mode"] == "online"


async def test_who_leaves_is_gone_and_who_comes_back_is_back(
    people: tuple[Person, Person, Person], done: Any, settings: Settings, servers: Servers
) -> None:
    ada, bob, _ = people
    await trades(ada, "Guitar", "French")
    await bob.rest("POST", "/auth/deletion", {"current_password": PASSWORD})
    await bob.rest("POST", "/auth/login", {"email": bob.email, "password": PASSWORD, "restore": True})
    await bob.log_in()
    await trades(bob, "French", "Guitar")
    await ada.hears("match:found")

    assert ada.backstage is not None
    admin = await Person("admin", ada.url, ada.http).join()
    await ada.backstage.promote(admin.id, Role.ADMIN)
    await admin.rest("PUT", f"/staff/people/{bob.id}/ban/", {"reason": "Spam"})
    assert await matched(ada) == []
    await admin.rest("DELETE", f"/staff/people/{bob.id}/ban/")
    assert await matched(ada) == [bob.id]
    await bob.log_in()
    await bob.rest("POST", "/auth/deletion", {"current_password": PASSWORD})
    assert await matched(ada) == []

    async with serving(settings, servers, ahead=timedelta(days=8), mailer=DevelopmentOutbox()):
        await nothing_waits(settings, servers)
    assert (await rows(servers, settings))["matches"] == []


async def test_many_who_fit_are_all_told_a_few_at_a_time(
    ada: Person, done: Any, settings: Settings, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.matches.TOLD_AT_ONCE", 2)
    monkeypatch.setattr("handlers.matches.LOOKED_AT_ONCE", 2)
    others = [await Person(f"other{number}", ada.url, ada.http).join() for number in range(5)]
    for other in others:
        await trades(other, "French", "Guitar")

    await trades(ada, "Guitar", "French")

    async with asyncio.timeout(30):
        while len(told(ada)) < len(others):
            await ada.hears("match:found")
    assert sorted(told(ada)) == sorted(other.id for other in others)
    await puts(ada, teaches=[])
    await done()
    assert len(told(ada)) == len(others)
    assert [pair["shown_to"] for pair in (await rows(servers, settings))["matches"]] == [[]] * 5
