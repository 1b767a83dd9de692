"""Leaving for good, changing one's mind, and what is left in the database of who left."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from handlers.deletion import UNDO
from server.config import Settings
from server.mail import DevelopmentOutbox
from store import Database, Store
from tests.asks.calls import a_recording, the_helper
from tests.asks.gigs import a_gig
from tests.asks.swaps import a_swap_request
from tests.backstage import Backstage
from tests.conftest import serving
from tests.handlers.forum.discussions import begin
from tests.people import PASSWORD, Person, key, refused
from tests.processes import Servers
from tests.stories.test_uploads import picture

MARK = "planted"
PHONE = "+44 20 7946 0958"
SOON = 20.0
LATER = {"AgeGig", "LookForMissed"}
# What is not a person's own, and why it may name one.
OTHERS = {
    "media.files",
    "media.chunks",
    "users",
    "threads",
    "calls",
    # Who said that the server stands still is in the log of staff.
    "maintenance",
    # Of one's way to Google and back: gone within minutes by itself.
    "calendar_consents",
    "memberships",
    "messages",
    "forum_categories",
    "discussions",
    "posts",
    "requests",
    "jobs",
    "staff_log",
    # All that is reported of one thing; the reports themselves are somebody's own.
    "cases",
    # A word of staff's to everybody.
    "swaps",
    # Of two people: who stays sees that there were lessons, and what was to be in them.
    "series",
    "agendas",
    # All balances together are zero, also without whoever left.
    "credit_accounts",
    "credit_transfers",
    "identity_proofs",
    "outbox",
    # By a text that stands for who looked.
    "sightings",
}


async def rows(servers: Servers, settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """Everything there is in the database."""
    async with AsyncMongoClient[dict[str, Any]](servers.mongodb_url) as client:
        database = client[settings.mongodb_database]
        return {name: await database[name].find().to_list() for name in await database.list_collection_names()}


async def planted(person: Person) -> None:
    """Leave something of oneself wherever one can."""
    words = {"bio": MARK, "phone": PHONE, "address": f"{MARK} street", "skills": [MARK], "place": {"label": MARK}}
    made = {"vacation": {"note": MARK}, "portfolio": [{"title": MARK, "link": f"https://example.org/{MARK}"}]}
    await person.rest("PUT", "/auth/profile", made)
    await person.rest("PUT", "/auth/profile", {"name": f"Ada {MARK}", **words})
    await person.asks("presence:set", {"status": "busy", "text": MARK})
    await person.asks("search:save", {"name": MARK, "filters": {"search": MARK}})
    await person.asks("search:watch", {"filters": {"search": MARK}})
    await person.rest("POST", "/auth/password/forgotten", {"email": person.email})
    begun = await person.rest("POST", "/auth/second-factor/begin", {"current_password": PASSWORD})
    assert begun["secret"]
    await person.upload(f"{MARK} chords".encode(), f"{MARK}.txt")


async def leave(person: Person) -> None:
    await person.rest("POST", "/auth/deletion", {"current_password": PASSWORD})


@pytest.mark.usefixtures("unlimited")
async def test_who_leaves_may_come_back_for_a_week(ada: Person, settings: Settings, servers: Servers) -> None:
    elsewhere = await ada.another_device()
    with refused("invalid"):
        await ada.rest("POST", "/auth/deletion", {"current_password": "not this one"})

    await leave(ada)

    for device in (ada, elsewhere):
        assert (await device.hears("session:ended"))["code"] == "account_closing"
        with refused("unauthenticated"):
            await device.refresh()
    with refused("account_closing"):
        await ada.log_in()
    with refused("unauthenticated"):
        await ada.rest("POST", "/auth/login", {"email": ada.email, "password": "not this one", "restore": True})
    await ada.rest("POST", "/auth/login", {"email": ada.email, "password": PASSWORD, "restore": True})
    await ada.log_in()
    assert (await ada.rest("GET", "/auth/profile"))["name"] == "ada"

    # The time to change one's mind is over, and nothing happens to who did.
    outbox = DevelopmentOutbox()
    async with serving(settings, servers, ahead=UNDO + timedelta(hours=1), mailer=outbox):
        await nothing_waits(settings, servers)
    await ada.log_in()
    assert "Your account is deleted" not in {sent.letter.subject for sent in outbox.sent}
    await elsewhere.leave()

    # Too late, also where no worker has begun: half an account is kept by nobody.
    await leave(ada)
    async with serving(settings, servers, ahead=UNDO) as ada.url:
        with refused("account_closing"):
            await ada.rest("POST", "/auth/login", {"email": ada.email, "password": PASSWORD, "restore": True})


@pytest.fixture(params=[1, 500])
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Little at a time, or all."""
    monkeypatch.setattr("handlers.deletion.AT_ONCE", request.param)


@pytest.mark.usefixtures("at_once", "unlimited")
async def test_nothing_is_left_of_who_left(ada: Person, bob: Person, settings: Settings, servers: Servers) -> None:
    thread = await ada.asks("thread:open", {"participants": [bob.id], "title": "Guitar", "client_id": key()})
    said = {"thread_id": thread["id"], "message_content": "See you on Monday", "client_id": key()}
    shown = await ada.upload(f"{MARK} chords".encode())
    message = await ada.asks("message:send", {**said, "attachment_reference": shown["id"]})
    await ada.asks("message:save", {"thread_id": thread["id"], "message_id": message["id"]})
    begun = await begin(ada, content="See you *there*")
    ada.backstage = Backstage(settings, servers)
    recorder = await the_helper(ada)
    film = await a_recording(recorder, ada, bob)
    await recorder.rest("POST", f"/video-calls/{film.pop('session_id')}/recordings/", film)
    ada.http.headers["User-Agent"] = f"{MARK} phone"
    hers = a_gig(title=MARK, images=[(await ada.upload(picture(), MARK))["id"]])
    # Without a key: what answers a repeated request is kept for 30 days, as the README says.
    gig = await ada.rest("POST", "/gigs/", hers)
    his = await bob.asks("gig:create", {**a_gig(), "client_id": key()})
    for person, one in ((bob, gig), (ada, his)):
        await person.asks("gig:bookmark", {"gig_id": one["id"]})
    other = await ada.signed_in_again()
    await planted(ada)
    await ada.asks("swap:request", a_swap_request(bob))
    for one, another in ((ada, bob), (bob, ada)):
        await one.asks("favourite:add", {"user_id": another.id})
        await one.asks("contact:share", {"user_id": another.id, "shares": ["phone"]})
    await leave(other)
    before = await rows(servers, settings)
    assert all(MARK in str(before[name]) for name in ("users", "sessions", "activity", "jobs", "notifications"))

    outbox = DevelopmentOutbox()
    async with serving(settings, servers, ahead=UNDO + timedelta(hours=1), mailer=outbox):
        await nothing_waits(settings, servers)

    assert (outbox.sent[0].letter.to, outbox.sent[0].letter.subject) == (ada.email, "Your account is deleted")
    after = await rows(servers, settings)
    left = {
        name: [row for row in found if any(mark in str(row) for mark in (MARK, PHONE, ada.email))]
        for name, found in after.items()
    }
    assert {name: found for name, found in left.items() if found} == {}
    by_id = {name for name, found in after.items() if any(ada.id in str(row) for row in found)}
    assert by_id <= OTHERS, "it names who left, and is nobody else's"

    assert after["uploads"] == [] == after["media.files"]
    assert (await bob.asks("gig:get", {"gig_id": his["id"]}))["counts"]["bookmarks"] == 0
    assert (await bob.asks("gig:bookmarked"))["items"] == []
    # What she said to Bob is his as well.
    page = await bob.asks("message:list", {"thread_id": thread["id"]})
    assert [item["message_content"] for item in page["items"] if item["sender"] == ada.id] == ["See you on Monday"]
    page = await bob.asks("discussion:get", {"thread_id": begun["discussion"]["id"]})
    assert [(item["content"], item["author"]["name"]) for item in page["items"]] == [
        ("See you *there*", "Deleted user")
    ]
    with refused("unauthenticated"):
        await ada.log_in()
    with refused("invalid"):
        await bob.asks("thread:open", {"participants": [ada.id], "title": "Again?", "client_id": key()})
    await ada.rest("POST", "/auth/signup", {"name": "Ada", "email": ada.email, "password": PASSWORD})


def test_every_collection_says_whose_its_documents_are() -> None:
    """A new one is somebody's own, or is listed here, with what becomes of whom it names."""
    store = Store(Database("mongodb://127.0.0.1:1", "unused"))
    assert {one.collection for one in store._repositories() if one.owner is None} == OTHERS


async def test_the_swaps_of_who_left_end_and_the_other_side_is_told(
    ada: Person, bob: Person, settings: Settings, servers: Servers
) -> None:
    agreed, asked = [await ada.asks("swap:request", a_swap_request(bob, days=20 + n)) for n in range(2)]
    await bob.asks("swap:update", {"swap_id": agreed["id"], "action": "accept"})
    await bob.hears("swap:updated")
    await leave(await ada.signed_in_again())

    async with serving(settings, servers, ahead=UNDO + timedelta(hours=1), mailer=DevelopmentOutbox()):
        heard = [(await bob.hears("swap:updated"))["swap"] for _ in range(2)]

    assert {(one["id"], one["status"]) for one in heard} == {(agreed["id"], "cancelled"), (asked["id"], "cancelled")}
    assert {one["history"][-1]["action"] for one in heard} == {"leave"}
    said = (await bob.asks("message:list", {"thread_id": agreed["thread_id"]}))["items"][-1]
    assert (said["system"], said["sender"], said["recipient"]) == ("swap:leave", "", None)


async def nothing_waits(settings: Settings, servers: Servers) -> None:
    """Wait until every job is done, but for those that look after gigs in months, and for letters in a while."""
    async with asyncio.timeout(SOON):
        while any(
            job["state"] == "waiting" and job["kind"] not in LATER for job in (await rows(servers, settings))["jobs"]
        ):
            await asyncio.sleep(0.05)
