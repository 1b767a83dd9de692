"""What people are notified of: grouped, counted exactly, read on one device and so on all, and gone in time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from handlers.notifying import notify, settle
from server.config import Settings
from server.core import Core, make_core, utc_now
from server.embedded import Endpoints
from server.mail import DevelopmentOutbox
from store.notifications import Topic
from tests.backstage import worked
from tests.conftest import serving
from tests.people import OTHER_PASSWORD, PASSWORD, Person, refused
from tests.processes import Servers

SWAP: dict[str, Any] = {"title": "Bob accepted your swap", "about": "swap:" + "1" * 24}
CHAT: dict[str, Any] = {"title": "Bob: hello", "many": "{count} messages from Bob", "about": "thread:" + "2" * 24}


@pytest.fixture
async def other(settings: Settings, servers: Servers, server: str) -> AsyncIterator[Core]:
    """Another process of the same server, in which something happens."""
    core = make_core(settings, Endpoints(servers.mongodb_url, servers.redis_url))
    await core.start(lambda _audience, _event: None, lambda _audience, _position: None)
    yield core
    await core.stop()


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than two are many."""
    monkeypatch.setattr("handlers.notifying.MOST_AT_ONCE", 2)


async def tell(core: Core, *people: Person, topic: Topic = Topic.SWAPS, **said: Any) -> None:
    """Have people notified, in a transaction of its own."""
    await worked(core, lambda ctx: notify([one.id for one in people], topic, ctx, **{**SWAP, **said}))


async def listed(person: Person, **asked: Any) -> list[dict[str, Any]]:
    return list((await person.asks("notification:list", asked))["items"])


async def test_people_are_notified_at_once_and_find_it_later(ada: Person, bob: Person, other: Core) -> None:
    await tell(other, ada, bob, data={"status": "accepted"})

    for person in (ada, bob):
        told = (await person.hears("notification:created"))["notification"]
        assert (told["title"], told["about"], told["topic"]) == (SWAP["title"], SWAP["about"], "swaps")
        assert (told["unread"], told["count"], told["data"]) == (True, 1, {"status": "accepted"})
        assert (await person.hears("badge:changed"))["unread"] == 1
        assert await listed(person) == [told]
        assert (await person.rest("GET", "/notifications/?unread=true"))["items"] == [told]
        assert await person.rest("GET", "/notifications/badge/") == {"unread": 1}


async def test_what_is_read_on_one_device_is_read_on_all(ada: Person, other: Core) -> None:
    phone = await ada.another_device()
    for _ in range(3):
        await tell(other, ada)
    first, *rest = [(await phone.hears("notification:created"))["notification"]["id"] for _ in range(3)]

    assert await phone.asks("notification:mark_read", {"ids": [first]}) == {"unread": 2}

    for device in (ada, phone):
        assert (await device.hears("notification:read"))["ids"] == [first]
    assert await ada.rest("POST", "/notifications/read/", {"ids": [first]}) == {"unread": 2}
    assert [one["id"] for one in await listed(ada, unread=True)] == rest[::-1]
    assert {one["id"]: one["unread"] for one in await listed(ada)} == {first: False, rest[0]: True, rest[1]: True}
    # Up to what was seen, and then the rest; by whichever door.
    seen = next(one["at"] for one in await listed(ada) if one["id"] == rest[0])
    assert await ada.rest("POST", "/notifications/read/all/", {"up_to": seen}) == {"unread": 1}
    assert (await phone.hears("notification:read"))["ids"] == [rest[0]]
    assert await phone.asks("notification:mark_all_read") == {"unread": 0}
    assert (await ada.hears("notification:read"))["ids"] == [rest[0]]
    assert (await ada.hears("notification:read"))["ids"] == [rest[1]]
    assert [(await ada.hears("badge:changed"))["unread"] for _ in range(6)] == [1, 2, 3, 2, 1, 0]
    await phone.leave()


async def test_the_same_again_grows_while_it_is_unread(ada: Person, other: Core) -> None:
    for text in ("one", "two", "three"):
        await tell(other, ada, topic=Topic.MESSAGES, **CHAT, text=text, key="thread:2")
    await tell(other, ada)

    titles = [(await ada.hears("notification:created"))["notification"]["title"] for _ in range(3)]

    assert titles == ["Bob: hello", "2 messages from Bob", "3 messages from Bob"]
    newest, grown = await listed(ada)
    assert (newest["about"], grown["text"], grown["count"]) == (SWAP["about"], "three", 3)
    assert await ada.asks("badge:get") == {"unread": 2}
    # Again the last of the list, as it happened last.
    await tell(other, ada, topic=Topic.MESSAGES, **CHAT, key="thread:2")
    assert [one["count"] for one in await listed(ada)] == [4, 1]

    await ada.asks("notification:mark_read", {"ids": [grown["id"]]})
    await tell(other, ada, topic=Topic.MESSAGES, **CHAT, key="thread:2")

    again, *_ = await listed(ada)
    assert (again["title"], again["count"], again["id"] == grown["id"]) == ("Bob: hello", 1, False)
    # What has been seen elsewhere is read by its key.
    await worked(other, partial(settle, [ada.id], "thread:2"))
    assert [one["about"] for one in await listed(ada, unread=True)] == [SWAP["about"]]


async def test_the_count_is_exact_however_many_happen_at_once(ada: Person, bob: Person, other: Core) -> None:
    async def happens(number: int) -> None:
        # Each of them sees the others' writes, or is done again.
        await tell(other, ada, bob, key=f"swap:{number % 2}")

    await asyncio.gather(*(happens(number) for number in range(8)))

    for person in (ada, bob):
        heard = [await person.hears("badge:changed") for _ in range(8)]
        assert [one["version"] for one in heard] == list(range(1, 9))
        assert heard[-1]["unread"] == 2
        assert await person.asks("badge:get") == {"unread": 2}
        assert sorted(one["count"] for one in await listed(person)) == [4, 4]


async def test_what_is_over_disappears(ada: Person, settings: Settings, servers: Servers, other: Core) -> None:
    soon = utc_now() + timedelta(hours=1)
    await tell(other, ada, topic=Topic.REMINDERS, title="Your swap begins in an hour", key="swap:1", expires_at=soon)
    await tell(other, ada)
    reminder = (await ada.hears("notification:created"))["notification"]["id"]
    assert len(await listed(ada)) == 2

    async with serving(settings, servers, ahead=timedelta(hours=2), mailer=DevelopmentOutbox()) as later:
        assert (await ada.hears("notification:expired"))["ids"] == [reminder]
        assert [(await ada.hears("badge:changed"))["unread"] for _ in range(3)] == [1, 2, 1]
        ada.url = later
        await ada.log_in()
        assert [one["about"] for one in (await ada.rest("GET", "/notifications/"))["items"]] == [SWAP["about"]]


@pytest.mark.usefixtures("few_at_once")
async def test_many_are_notified_a_few_at_a_time(
    people: tuple[Person, Person, Person], settings: Settings, servers: Servers, other: Core
) -> None:
    soon = utc_now() + timedelta(hours=1)
    await tell(other, *people, expires_at=soon, data={"status": "accepted"})
    assert await listed(people[0]) == []

    async with serving(settings, servers, mailer=DevelopmentOutbox()):
        for person in people:
            told = (await person.hears("notification:created"))["notification"]
            assert (told["title"], told["data"]) == (SWAP["title"], {"status": "accepted"})


async def test_the_list_is_read_page_by_page(ada: Person, other: Core) -> None:
    for number in range(5):
        await tell(other, ada, title=str(number))
    page = await ada.asks("notification:list", {"limit": 2})
    found = page["items"]
    while page["next_cursor"] is not None:
        page = await ada.rest("GET", f"/notifications/?limit=2&cursor={page['next_cursor']}")
        found += page["items"]
    assert [one["title"] for one in found] == ["4", "3", "2", "1", "0"]


async def test_nobody_reads_for_others(ada: Person, eve: Person, other: Core) -> None:
    await tell(other, ada)
    (mine,) = await listed(ada)

    assert await eve.asks("notification:mark_read", {"ids": [mine["id"]]}) == {"unread": 0}
    assert await eve.asks("notification:mark_all_read") == {"unread": 0}

    assert (await listed(ada))[0]["unread"]
    assert await listed(eve) == []


async def test_people_choose_what_reaches_them_how(ada: Person, other: Core) -> None:
    phone = await ada.another_device()
    before = await ada.asks("preferences:get")
    assert {one["topic"] for one in before["topics"]} == set(Topic)

    night = {"days": ["friday"], "start": "22:00", "end": "07:00"}
    choice = {"topics": [{"topic": "swaps", "channels": ["push"]}], "quiet": [night]}
    chosen = await ada.asks("preferences:set", {**choice, "time_zone": "Europe/Berlin"})

    by_topic = {one["topic"]: one for one in chosen["topics"]}
    assert (by_topic["swaps"]["channels"], by_topic["forum"]["channels"]) == (["push"], ["in_app", "digest"])
    assert (chosen["time_zone"], chosen["quiet"], chosen["digest_hour"]) == ("Europe/Berlin", [night], 8)
    assert (await phone.hears("preferences:changed"))["preferences"] == chosen
    # What is left out stays.
    assert (await ada.rest("PUT", "/notifications/preferences/", {"digest_hour": 7}))["quiet"] == [night]
    assert (await ada.rest("GET", "/notifications/preferences/"))["topics"] == chosen["topics"]

    await tell(other, ada)
    await tell(other, ada, topic=Topic.FORUM)
    assert [one["topic"] for one in await listed(ada)] == ["forum"]
    assert await ada.asks("badge:get") == {"unread": 1}
    await phone.leave()


async def test_what_protects_the_account_is_told_in_any_case(ada: Person) -> None:
    for channels in ([], ["in_app", "push"], ["email"]):
        with refused("invalid"):
            await ada.asks("preferences:set", {"topics": [{"topic": "account", "channels": channels}]})
    (account,) = [one for one in (await ada.asks("preferences:get"))["topics"] if one["topic"] == "account"]
    assert (account["channels"], account["locked"]) == (["in_app", "push", "email"], ["in_app", "email"])


async def test_what_alarms_about_the_account_is_notified_of_on_all_devices(ada: Person) -> None:
    phone = await ada.another_device()
    await ada.asks("notification:mark_all_read")
    await ada.rest("PUT", "/auth/password", {"current_password": PASSWORD, "new_password": OTHER_PASSWORD})

    told = (await ada.hears("notification:created"))["notification"]
    while "password" not in told["title"]:
        told = (await ada.hears("notification:created"))["notification"]

    assert (told["topic"], told["about"], told["actor_id"]) == ("account", "account", ada.id)
    assert [one["topic"] for one in (await ada.asks("notification:list", {"unread": True}))["items"]] == ["account"]
    await phone.leave()


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Europe/Atlantis"},
        {"time_zone": "../etc/passwd"},
        {"quiet": [{"days": [], "start": "22:00", "end": "07:00"}]},
        {"quiet": [{"days": ["friday"], "start": "25:00", "end": "07:00"}]},
        {"quiet_channels": ["in_app"]},
        {"digest_hour": 24},
        {"topics": [{"topic": "weather", "channels": ["email"]}]},
    ],
    ids=str,
)
async def test_choices_that_mean_nothing_are_refused(ada: Person, wrong: dict[str, Any]) -> None:
    with refused("invalid"):
        await ada.asks("preferences:set", wrong)
