"""What reaches devices that are closed: through a push service that decrypts it, fails, and forgets them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from pymongo import AsyncMongoClient

from handlers.notifying import notify
from server.config import Settings
from server.core import Core, make_core, utc_now
from server.embedded import Endpoints
from server.mail import DevelopmentOutbox
from store.notifications import Topic
from tests.backstage import Backstage, worked
from tests.conftest import serving
from tests.fake_push import FakePush
from tests.people import Person, refused
from tests.processes import Servers

ABOUT = "swap:" + "1" * 24
EVERY_DAY = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@pytest.fixture
async def server(settings: Settings, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A server that does its own jobs, and soon tries again."""
    monkeypatch.setattr("server.jobs.FIRST_PAUSE", timedelta(seconds=0.2))
    async with serving(settings, servers, mailer=DevelopmentOutbox()) as url:
        yield url


@pytest.fixture
async def other(settings: Settings, servers: Servers, server: str) -> AsyncIterator[Core]:
    """Another process of the same server, in which something happens."""
    core = make_core(settings, Endpoints(servers.mongodb_url, servers.redis_url))
    await core.start(lambda _audience, _event: None, lambda _audience, _position: None)
    yield core
    await core.stop()


@pytest.fixture
async def push(push_origin: str, http: aiohttp.ClientSession) -> AsyncIterator[FakePush]:
    service = FakePush(push_origin, http)
    yield service
    await service.answers(201)


@pytest.fixture
async def ann(server: str, http: aiohttp.ClientSession) -> Person:
    """Ann, signed up, and nowhere connected."""
    return await Person("ann", server, http).join()


async def subscribed(person: Person, push: FakePush) -> dict[str, Any]:
    subscription = await push.subscription((await person.rest("GET", "/config/"))["push_key"])
    kept = await person.rest("POST", "/push/subscriptions/", subscription)
    return {**subscription, "id": kept["id"]}


async def tell(
    core: Core, person: Person, title: str = "Bob accepted", before: timedelta = timedelta(), **said: Any
) -> None:
    said = {"topic": Topic.SWAPS, "about": ABOUT, **said}
    topic = said.pop("topic")
    await worked(core, lambda ctx: notify([person.id], topic, replace(ctx, now=ctx.now - before), title=title, **said))


async def devices(person: Person) -> list[str]:
    return [one["id"] for one in (await person.rest("GET", "/push/subscriptions/"))["items"]]


async def test_who_is_not_there_is_told_by_push(ann: Person, push: FakePush, other: Core) -> None:
    subscription = await subscribed(ann, push)

    await tell(other, ann, text="See you on Monday", urgent=True)

    (got,) = await push.got(subscription)
    (one,) = (await ann.rest("GET", "/notifications/"))["items"]
    assert got["payload"] == {
        "type": "notification",
        "title": "Bob accepted",
        "text": "See you on Monday",
        "ids": [one["id"]],
        "about": ABOUT,
        "unread": 1,
        "topic": "swaps",
    }
    assert (got["Urgency"], got["Topic"], got["TTL"]) == ("high", one["id"], "86400")


async def test_who_is_there_is_told_on_the_screen_alone(
    ann: Person, push: FakePush, other: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.delivery.LOOK_AGAIN", timedelta(seconds=1))
    subscription = await subscribed(ann, push)
    await ann.connect()
    await tell(other, ann, "she sees this")
    await ann.hears("notification:created")
    await asyncio.sleep(3)  # Also the second look is over.
    assert (await push.state(subscription))["got"] == []

    # There, and away all the same.
    await ann.asks("presence:set", {"status": "away"})
    await tell(other, ann, "not this")
    assert (await push.got(subscription))[0]["payload"]["title"] == "not this"
    await ann.leave()


async def test_what_is_read_elsewhere_is_taken_from_devices_without_a_word(
    ann: Person, push: FakePush, other: Core
) -> None:
    phone, laptop = ann, await ann.signed_in_again()
    subscription, own = await subscribed(phone, push), await subscribed(laptop, push)
    await tell(other, ann)
    (got,) = await push.got(subscription)
    await push.got(own)

    await laptop.rest("POST", "/notifications/read/", {"ids": got["payload"]["ids"]})

    clear = (await push.got(subscription, 2))[1]["payload"]
    assert clear == {"type": "clear", "ids": got["payload"]["ids"], "unread": 0}
    # The device that it was read on knows.
    assert [one["payload"]["type"] for one in (await push.state(own))["got"]] == ["notification"]


async def test_what_was_read_in_time_is_not_pushed(ann: Person, push: FakePush, other: Core) -> None:
    subscription = await subscribed(ann, push)
    await push.answers(503)
    await tell(other, ann)
    await push.asked(subscription, 1)
    await ann.rest("POST", "/notifications/read/all/")
    await push.answers(201)
    await tell(other, ann, "news")
    await push.got(subscription)
    await asyncio.sleep(1)  # What was put back would have been tried again.
    assert [one["payload"]["title"] for one in (await push.state(subscription))["got"]] == ["news"]


@pytest.mark.parametrize("status", [404, 410])
async def test_a_device_that_the_service_knows_no_more_is_forgotten(
    ann: Person, push: FakePush, other: Core, status: int
) -> None:
    subscription = await subscribed(ann, push)
    await push.answers(status)
    await tell(other, ann)
    async with asyncio.timeout(20):
        while await devices(ann):
            await asyncio.sleep(0.05)
    assert (await push.state(subscription))["asked"] == 1


@pytest.mark.parametrize(("status", "headers"), [(429, {"Retry-After": "1"}), (500, {}), (503, {"Retry-After": "x"})])
async def test_a_service_that_is_busy_is_asked_again(
    ann: Person, push: FakePush, other: Core, status: int, headers: dict[str, str]
) -> None:
    subscription = await subscribed(ann, push)
    await push.answers(status, **headers)
    await tell(other, ann)
    await push.asked(subscription, 2)
    await push.answers(201)
    assert (await push.got(subscription))[0]["payload"]["title"] == "Bob accepted"
    assert await devices(ann) == [subscription["id"]]


async def test_a_service_that_says_nothing_keeps_nobody_else_waiting(
    ann: Person, bob: Person, push: FakePush, other: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.push.TIMEOUT_SECONDS", 1.0)
    subscription = await subscribed(ann, push)
    await push.answers(0)
    await tell(other, ann)
    await push.asked(subscription, 1)
    await tell(other, bob)
    await bob.hears("notification:created")
    await push.answers(201)
    await push.got(subscription)


async def test_a_device_is_forgotten_with_its_session(ann: Person, push: FakePush, other: Core) -> None:
    phone = await ann.signed_in_again()
    kept, forgotten = await subscribed(ann, push), await subscribed(phone, push)
    assert await devices(ann) == [kept["id"], forgotten["id"]]
    assert [one["current"] for one in (await ann.rest("GET", "/push/subscriptions/"))["items"]] == [True, False]

    await phone.rest("POST", "/auth/logout")

    assert await devices(ann) == [kept["id"]]
    await tell(other, ann)
    await push.got(kept)
    assert (await push.state(forgotten))["got"] == []


async def test_a_device_is_tried_and_removed(ann: Person, bob: Person, push: FakePush) -> None:
    subscription = await subscribed(ann, push)
    path = f"/push/subscriptions/{subscription['id']}/"
    await ann.rest("POST", f"{path}test/")
    assert (await push.got(subscription))[0]["payload"] == {"type": "test"}
    with refused("not_found"):
        await bob.rest("DELETE", path)
    await ann.rest("DELETE", path)
    assert await devices(ann) == []


async def test_a_device_belongs_to_who_is_signed_in_on_it(ann: Person, bob: Person, push: FakePush) -> None:
    subscription = await subscribed(ann, push)
    body = {name: subscription[name] for name in ("endpoint", "keys")}
    # The same again, and the same device by another address.
    assert (await ann.rest("POST", "/push/subscriptions/", body))["id"] == subscription["id"]
    another = await subscribed(ann, push)
    assert await devices(ann) == [another["id"]]
    await bob.asks("push:subscribe", {name: another[name] for name in ("endpoint", "keys")})
    assert (await devices(ann), await devices(bob)) == ([], [another["id"]])


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://example.org/push/x",
        "http://127.0.0.1:1/push/x",
        "https://127.0.0.1/push/x",
        "https://fcm.googleapis.com@evil.example.org/x",
        "https://evil.example.org#.push.apple.com",
        "https://xpush.apple.com/x",
        "http://updates.push.services.mozilla.com/x",
        "https://fcm.googleapis.com:8443/x",
    ],
)
async def test_nothing_but_push_services_is_asked(
    ann: Person, push: FakePush, settings: Settings, endpoint: str
) -> None:
    keys = (await push.subscription((await ann.rest("GET", "/config/"))["push_key"]))["keys"]
    with refused("invalid"):
        await ann.rest("POST", "/push/subscriptions/", {"endpoint": endpoint, "keys": keys})


async def test_keys_that_are_none_are_refused(ann: Person, push: FakePush) -> None:
    subscription = await push.subscription((await ann.rest("GET", "/config/"))["push_key"])
    keys = {**subscription["keys"], "p256dh": "B" + "A" * 86}
    with refused("invalid"):
        await ann.rest("POST", "/push/subscriptions/", {**subscription, "keys": keys})


async def test_quiet_hours_end_with_one_summary_and_what_is_urgent_breaks_through(
    ann: Person, push: FakePush, settings: Settings, servers: Servers, other: Core
) -> None:
    subscription = await subscribed(ann, push)
    ends = (utc_now() + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    always = {"days": EVERY_DAY, "start": f"{ends:%H:%M}", "end": f"{ends:%H:%M}"}
    starts = utc_now() - timedelta(hours=1)
    night = {**always, "start": f"{starts:%H:%M}"}
    await ann.rest("PUT", "/notifications/preferences/", {"quiet": [night]})
    for title in ("two", "three"):
        await tell(other, ann, title)
    while not await Backstage(settings, servers).waiting("PushSummary"):
        await asyncio.sleep(0.02)
    # What came first is worked last: one worker had it, another had the rest.
    await tell(other, ann, "one", before=timedelta(minutes=1))
    await tell(other, ann, "Ada calls", urgent=True, topic=Topic.CALLS)

    (urgent,) = await push.got(subscription)
    assert urgent["payload"]["title"] == "Ada calls"
    await ann.rest("POST", "/notifications/read/", {"ids": urgent["payload"]["ids"]})

    async with serving(settings, servers, ahead=ends - utc_now() + timedelta(seconds=5), mailer=DevelopmentOutbox()):
        async with asyncio.timeout(20):
            while not (found := [one for one in await push.got(subscription) if one["payload"]["type"] == "summary"]):
                await asyncio.sleep(0.05)
    (summary,) = found
    assert (summary["payload"]["title"], summary["payload"]["text"]) == ("3 notifications", "three\ntwo\none")
    assert len(summary["payload"]["ids"]) == summary["payload"]["unread"] == 3


async def test_the_database_knows_no_address_to_push_to(
    ann: Person, push: FakePush, settings: Settings, servers: Servers
) -> None:
    subscription = await subscribed(ann, push)
    async with AsyncMongoClient[dict[str, Any]](servers.mongodb_url) as client:
        database = client[settings.mongodb_database]
        rows = [await database[name].find().to_list() for name in await database.list_collection_names()]
    for secret in (subscription["endpoint"], *subscription["keys"].values()):
        assert secret not in str(rows)
