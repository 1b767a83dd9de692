"""Searches that people keep or watch: each hears of what answers it, once, and of nothing else."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from handlers.searches.saving import MOST_SAVED
from handlers.searches.watching import MOST_WATCHED
from server.config import Settings
from server.mail import DevelopmentOutbox
from tests.conftest import serving
from tests.files import nothing_is_due
from tests.people import PASSWORD, Person, key, refused
from tests.processes import Servers
from tests.stories.test_search import BERLIN, publishes

pytestmark = pytest.mark.usefixtures("unlimited", "worker")


@pytest.fixture
async def worker(settings: Settings, servers: Servers) -> AsyncIterator[None]:
    """Another process, which does what was asked to be done later."""
    async with serving(settings, servers, mailer=DevelopmentOutbox()):
        yield


async def saves(person: Person, name: str, frequency: str = "live", **filters: Any) -> str:
    """Keep a search; its id."""
    asked = {"name": name, "filters": filters, "frequency": frequency, "client_id": key()}
    search_id: str = (await person.asks("search:save", asked))["id"]
    return search_id


async def test_a_search_is_kept_changed_and_deleted_by_either_door(ada: Person, bob: Person) -> None:
    asked = {"name": "Strings", "filters": {"search": "guitar", "tags": ["rock"], "mode": "online"}}
    kept = await ada.rest("POST", "/searches/", asked)
    assert kept["filters"] == asked["filters"] | dict.fromkeys(kept["filters"].keys() - asked["filters"])
    assert kept["frequency"] == "live"
    assert (await ada.hears("search:saved"))["search"] == kept
    assert await ada.asks("search:get", {"search_id": kept["id"]}) == kept

    changed = await ada.asks("search:change", {"search_id": kept["id"], "frequency": "off"})
    assert changed == kept | {"frequency": "off"}
    assert (await ada.rest("GET", "/searches/"))["items"] == [changed]
    with refused("not_found"):
        await bob.rest("GET", f"/searches/{kept['id']}/")
    await ada.rest("DELETE", f"/searches/{kept['id']}/")
    assert (await ada.hears("search:deleted")) == {"search_id": kept["id"]}
    assert (await ada.asks("search:list"))["items"] == []


async def test_so_many_and_no_more(ada: Person) -> None:
    # All at once: a place that two take is had by one of them, and the other takes the next.
    for number in range(MOST_SAVED):
        await saves(ada, f"Number {number}", search="guitar")
    with refused("conflict"):
        await saves(ada, "One more", search="guitar")
    first = (await ada.asks("search:list"))["items"][0]
    await ada.asks("search:delete", {"search_id": first["id"]})
    await saves(ada, "One more", search="guitar")


async def test_whoever_looks_for_it_hears_of_it_once(ada: Person, bob: Person, eve: Person) -> None:
    strings = await saves(bob, "Strings", search="guit", mode="online")
    music = await saves(bob, "Music", category="music")
    berlin = await saves(eve, "Near", lat=52.5, lon=13.3, radius_km=20)
    await saves(bob, "Chess", search="chess")
    await saves(ada, "My own", search="guitar")

    gig_id = await publishes(ada, "Guitar for all", offered_skills=["Guitar"], mode="both", location=BERLIN)
    heard = await bob.hears("gig:matched")
    assert heard["gig"]["id"] == gig_id
    assert {one["id"] for one in heard["searches"]} == {strings, music}
    assert [one["id"] for one in (await eve.hears("gig:matched"))["searches"]] == [berlin]

    # What is changed, and was found before, is no news; what answers by its change, is.
    await ada.asks("gig:update", {"gig_id": gig_id, "title": "Guitar and chess"})
    again = await bob.hears("gig:matched")
    assert [one["name"] for one in again["searches"]] == ["Chess"]
    await ada.asks("gig:update", {"gig_id": gig_id, "title": "Guitar and chess, too"})
    marker = await publishes(ada, "Chess openings", offered_skills=["Chess"])
    assert (await bob.hears("gig:matched"))["gig"]["id"] == marker
    assert bob.hears_nothing_of("gig:matched")
    assert ada.hears_nothing_of("gig:matched")
    assert eve.hears_nothing_of("gig:matched")


async def test_what_is_not_published_answers_nothing_until_it_is(ada: Person, bob: Person) -> None:
    await saves(bob, "Guitar", search="guitar")
    draft = await publishes(ada, "Guitar draft", status="draft")
    await publishes(ada, "Guitar now")
    assert (await bob.hears("gig:matched"))["gig"]["title"] == "Guitar now"
    await ada.asks("gig:publish", {"gig_id": draft})
    assert (await bob.hears("gig:matched"))["gig"]["id"] == draft


async def test_nobody_hears_of_whom_they_blocked(ada: Person, bob: Person, eve: Person) -> None:
    for person in (bob, eve):
        await saves(person, "Guitar", search="guitar")
        await person.asks("search:watch", {"filters": {"search": "guitar"}})
    await bob.asks("block:add", {"user_id": ada.id})
    await publishes(ada, "Guitar for all")
    for event in ("gig:matched", "search:matched"):
        await eve.hears(event)
    mine = await publishes(eve, "Guitar of mine")
    for event in ("gig:matched", "search:matched"):
        assert (await bob.hears(event))["gig"]["id"] == mine
        assert bob.hears_nothing_of(event)


async def test_once_a_day_is_said_how_much_came(
    ada: Person, bob: Person, settings: Settings, servers: Servers, http: aiohttp.ClientSession
) -> None:
    search_id = await saves(bob, "Guitar", "daily", search="guitar")
    live = await saves(bob, "Now", search="guitar two")
    await publishes(ada, "Guitar one")
    await publishes(ada, "Guitar two")
    assert [one["id"] for one in (await bob.hears("gig:matched"))["searches"]] == [live]
    await nothing_is_due(settings, servers, timedelta(0))
    assert bob.hears_nothing_of("gig:matched")
    assert await notified(bob, search_id) == []
    async with serving(settings, servers, ahead=timedelta(days=1, hours=1), mailer=DevelopmentOutbox()) as server:
        late = Person("bob", server, http, email=bob.email)
        await late.log_in()
        async with asyncio.timeout(30):
            while not (told := await notified(late, search_id)):
                await asyncio.sleep(0.1)
    assert told == ["2 are new for Guitar"]


async def notified(person: Person, search_id: str) -> list[str]:
    items = (await person.rest("GET", "/notifications/"))["items"]
    return [one["title"] for one in items if one["about"] == f"search:{search_id}"]


async def test_whoever_watches_a_list_hears_what_comes_to_it(ada: Person, bob_elsewhere: Person, eve: Person) -> None:
    filters = {"search": "guitar"}
    watch = await bob_elsewhere.asks("search:watch", {"filters": filters})
    assert (await bob_elsewhere.asks("search:watch", {"filters": filters}))["watch_id"] == watch["watch_id"]
    gig_id = await publishes(ada, "Guitar for all")
    heard = await bob_elsewhere.hears("search:matched")
    assert (heard["watch_id"], heard["gig"]["id"]) == (watch["watch_id"], gig_id)

    await bob_elsewhere.asks("search:unwatch", {"watch_id": watch["watch_id"]})
    other = await bob_elsewhere.asks("search:watch", {"filters": {"search": "chess"}})
    await publishes(ada, "Guitar for more")
    await publishes(ada, "Chess")
    assert (await bob_elsewhere.hears("search:matched"))["watch_id"] == other["watch_id"]
    assert bob_elsewhere.hears_nothing_of("search:matched")
    assert eve.hears_nothing_of("search:matched")
    # It is no search that is kept.
    assert (await bob_elsewhere.asks("search:list"))["items"] == []


async def test_whoever_watches_a_list_hears_what_leaves_it(ada: Person, bob_elsewhere: Person, eve: Person) -> None:
    watch = (await bob_elsewhere.asks("search:watch", {"filters": {"search": "guitar"}}))["watch_id"]
    await eve.asks("search:watch", {"filters": {"search": "chess"}})
    gig_id = await publishes(ada, "Guitar for all")
    await bob_elsewhere.hears("search:matched")

    for away, back in (
        (("gig:pause", {}), ("gig:resume", {})),
        (("gig:update", {"title": "Piano", "offered_skills": ["Piano"]}), ("gig:update", {"title": "Guitar"})),
    ):
        await ada.asks(away[0], {"gig_id": gig_id, **away[1]})
        assert await bob_elsewhere.hears("search:unmatched") == {"watch_id": watch, "gig_id": gig_id}
        await ada.asks(back[0], {"gig_id": gig_id, **back[1]})
        assert (await bob_elsewhere.hears("search:matched"))["gig"]["id"] == gig_id
    await ada.asks("gig:delete", {"gig_id": gig_id})
    await bob_elsewhere.hears("search:unmatched")
    # Also what somebody offers who leaves.
    other = await publishes(ada, "Guitar again")
    await bob_elsewhere.hears("search:matched")
    await ada.rest("POST", "/auth/deletion", {"current_password": PASSWORD})
    assert (await bob_elsewhere.hears("search:unmatched"))["gig_id"] == other
    for event in ("search:matched", "search:unmatched"):
        assert bob_elsewhere.hears_nothing_of(event)
        assert eve.hears_nothing_of(event)


async def test_nobody_watches_without_end(ada: Person, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.gateway.MOST_WATCHED", MOST_WATCHED + 1)
    # None of them is the beginning of another. Those that ended take no place of the connection's from what comes.
    words = [f"{n}word" for n in range(MOST_WATCHED + 3)]
    watches = [await bob.asks("search:watch", {"filters": {"search": word}}) for word in words]
    assert len({watch["watch_id"] for watch in watches}) == MOST_WATCHED + 3
    await publishes(ada, words[0])
    await publishes(ada, words[-1])
    assert (await bob.hears("search:matched"))["watch_id"] == watches[-1]["watch_id"]
    assert bob.hears_nothing_of("search:matched")


async def test_a_stranger_watches_nobody_elses_list(ada: Person, bob: Person, eve: Person) -> None:
    watch = await bob.asks("search:watch", {"filters": {"search": "guitar"}})
    await eve.asks("search:unwatch", {"watch_id": watch["watch_id"]})
    await publishes(ada, "Guitar for all")
    await bob.hears("search:matched")
    assert eve.hears_nothing_of("search:matched")
