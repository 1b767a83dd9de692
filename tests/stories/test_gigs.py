"""Offers and requests: made, changed by their owner alone, found by everybody, faded and renewed."""

import asyncio
import itertools
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pymongo import AsyncMongoClient

from handlers.gigs.access import no_such_gig
from handlers.gigs.lifecycle import TRANSITIONS, Action
from server.config import Settings
from server.core import utc_now
from server.mail import DevelopmentOutbox
from store.gigs import ASKED_BEFORE, LIFE, Status
from store.users import Role
from tests.asks.base import backstage
from tests.asks.gigs import a_gig
from tests.asks.swaps import a_swap_request
from tests.conftest import serving
from tests.files import nothing_is_due
from tests.people import PASSWORD, Person, Refusal, key, refused, surely
from tests.processes import Servers
from tests.stories.test_uploads import fetched, kept, picture

pytestmark = pytest.mark.usefixtures("unlimited")
BERLIN = {"label": "Berlin", "point": {"type": "Point", "coordinates": [13.3777, 52.5163]}}
AS_SHOWN = ("images", "tags", "languages")
ASKS = {
    Action.PUBLISH: "gig:publish", Action.PAUSE: "gig:pause", Action.RESUME: "gig:resume",
    Action.RENEW: "gig:renew", Action.ARCHIVE: "gig:archive",
}  # fmt: skip


async def publishes(person: Person, **more: Any) -> dict[str, Any]:
    """Make an offer like no other; the offer."""
    gig: dict[str, Any] = await person.asks("gig:create", {**a_gig(**more), "client_id": key()})
    return gig


def nobody_at(person: Person) -> Person:
    """Whoever looks without an account."""
    return Person("nobody", person.url, person.http)


async def listed(person: Person) -> list[str]:
    return [gig["id"] for gig in (await person.rest("GET", "/gigs?limit=100"))["items"]]


def faults(refusal: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [one["field"] for one in refusal.value.problem["fields"]]


async def test_an_offer_is_made_changed_and_deleted_by_either_door(ada: Person, bob: Person) -> None:
    asked, once = a_gig(title="Guitar", offered_skills=["guitar", "Gitarre"]), {"Idempotency-Key": key()}
    made = await ada.rest("POST", "/create-gig/", asked, headers=once)
    assert await ada.rest("POST", "/gigs/", asked, headers=once) == made
    assert (await ada.hears("gig:created"))["gig"] == made
    assert made["offered_skills"] == [{"key": "guitar", "name": "Guitar"}]
    assert (made["category"], made["status"], made["version"]) == ("music", "active", 1)
    assert made["created_by"] == ada.id
    author = {"id": ada.id, "name": "ada", "profile_picture": None}
    assert made["creator"] == author | {"ratings": {"count": 0, "mean": None, "score": None}, "next_free_at": None}

    asked = {"gig_id": made["id"], "title": "Piano", "offered_skills": ["Piano"], "mode": "offline", "location": BERLIN}
    changed = await ada.asks("gig:update", asked)
    assert (changed["title"], changed["version"], changed["description"]) == ("Piano", 2, made["description"])
    assert changed["location"]["point"]["coordinates"] == [13.4, 52.5]
    assert (await ada.hears("gig:updated"))["gig"] == changed
    seen = await bob.rest("GET", f"/gigs/{made['id']}/")
    assert seen == changed | {"counts": None}

    with refused("forbidden"):
        await bob.rest("PUT", f"/gigs/{made['id']}/", {"title": "Mine"})
    with pytest.raises(Refusal) as late:
        await ada.rest("PUT", f"/gigs/{made['id']}/", {"title": "Older", "version": 1})
    assert (late.value.code, late.value.problem["current"]) == ("conflict", changed)
    again = await ada.rest("PUT", f"/gigs/{made['id']}/", {"title": "Newer", "version": 2, "category": None})
    assert (again["version"], again["category"]) == (3, None)
    await ada.rest("DELETE", f"/gigs/{made['id']}/")
    assert (await ada.hears("gig:deleted")) == {"gig_id": made["id"]}
    for person in (ada, bob):
        with refused("not_found"):
            await person.asks("gig:get", {"gig_id": made["id"]})
    assert (await ada.rest("GET", "/gigs/mine/"))["items"] == []


async def test_ones_other_devices_hear_and_nobody_else(ada: Person, bob: Person) -> None:
    phone = await ada.another_device()
    gig = await publishes(ada)
    assert (await phone.hears("gig:created"))["gig"] == gig
    await ada.asks("gig:pause", {"gig_id": gig["id"]})
    assert (await phone.hears("gig:updated"))["gig"]["status"] == "paused"
    await bob.asks("gig:list")
    assert bob.hears_nothing_of("gig:created") and bob.hears_nothing_of("gig:updated")
    await phone.leave()


async def test_the_list_is_in_pages_the_newest_first(ada: Person) -> None:
    ids = [(await publishes(ada))["id"] for _ in range(5)]
    nobody = nobody_at(ada)
    found, cursor = [], ""
    while True:
        page = await nobody.rest("GET", f"/gigs/?limit=2{cursor}")
        found += [gig["id"] for gig in page["items"]]
        if len(found) == 2:
            # What is published meanwhile moves nothing.
            await publishes(ada)
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == ids[::-1]
    assert ada.email not in str(page) and "@" not in str(page)


async def test_a_request_may_offer_nothing_and_an_offer_may_not(ada: Person) -> None:
    wanted = await publishes(ada, kind="request", offered_skills=[], desired_skills=["Zauberei für Igel"])
    assert wanted["desired_skills"][0]["key"].startswith("~") and wanted["category"] is None
    for more, field in (
        ({"offered_skills": []}, "offered_skills"),
        ({"kind": "request", "desired_skills": []}, "desired_skills"),
        ({"mode": "offline"}, "location"),
    ):
        with pytest.raises(Refusal) as refusal:
            await publishes(ada, **more)
        assert faults(refusal) == [field]
    with pytest.raises(Refusal) as refusal:
        await ada.asks("gig:update", {"gig_id": wanted["id"], "desired_skills": []})
    assert faults(refusal) == ["desired_skills"]


@pytest.mark.parametrize(
    ("field", "fits", "does_not"),
    [
        ("title", "t" * 120, "t" * 121),
        ("description", "ä" * 2048, "ä" * 2048 + "a"),
        ("offered_skills", [f"skill {n}" for n in range(10)], [f"skill {n}" for n in range(11)]),
        ("desired_skills", [f"skill {n}" for n in range(10)], [f"skill {n}" for n in range(11)]),
        ("tags", [f"tag {n}" for n in range(10)], [f"tag {n}" for n in range(11)]),
        ("languages", ["de", "en"], ["Deutsch"]),
        ("category", "music", "astrology"),
        ("level", "expert", "master"),
        ("mode", "both", "by post"),
        ("location", BERLIN, {"label": "Nowhere", "point": {"type": "Point", "coordinates": [13, 91]}}),
        ("status", "draft", "archived"),
        ("images", [], ["0" * 24] * 9),
    ],
)
async def test_bounds(ada: Person, field: str, fits: object, does_not: object) -> None:
    await publishes(ada, **{field: fits})
    with pytest.raises(Refusal) as refusal:
        await publishes(ada, **{field: does_not})
    assert {one.partition(".")[0] for one in faults(refusal)} == {field}


async def test_who_made_it_is_who_asks(ada: Person, bob: Person) -> None:
    assert (await publishes(ada, created_by=ada.id))["created_by"] == ada.id
    with refused("forbidden"):
        await publishes(ada, created_by=bob.id)
    for field in ("impressions", "hidden", "expires_at", "creator", "id"):
        with refused("invalid"):
            await publishes(ada, **{field: 1})


async def test_fifty_times_the_same_request_makes_one(ada: Person) -> None:
    headers, body = {"Idempotency-Key": str(uuid4())}, a_gig()
    answers = await asyncio.gather(*(surely(ada.rest, "POST", "/gigs/", body, headers=headers) for _ in range(50)))
    assert all(answer == answers[0] for answer in answers)
    assert len((await ada.rest("GET", "/gigs/mine/"))["items"]) == 1
    with refused("idempotency_key_reused"):
        await ada.rest("POST", "/gigs/", a_gig(), headers=headers)


async def test_the_same_words_are_published_once_by_one_person(ada: Person, bob: Person) -> None:
    said = a_gig(title="Crêpes à la maison")
    tries = [ada.ack("gig:create", {**said, "client_id": key()}) for _ in range(5)]
    answers = await asyncio.gather(*tries)
    assert sorted(answer["ok"] for answer in answers) == [False] * 4 + [True]
    first = next(answer["data"] for answer in answers if answer["ok"])
    refusals = [answer["error"] for answer in answers if not answer["ok"]]
    assert {refusal["code"] for refusal in refusals} == {"conflict"}
    with pytest.raises(Refusal) as refusal:
        await publishes(ada, **{**said, "title": "CREPES  a la Maison"})
    assert refusal.value.problem["current"]["id"] == first["id"]

    await publishes(bob, **said)
    draft = await publishes(ada, **said, status="draft")
    with refused("conflict"):
        await ada.asks("gig:publish", {"gig_id": draft["id"]})
    await ada.asks("gig:archive", {"gig_id": first["id"]})
    await ada.asks("gig:publish", {"gig_id": draft["id"]})
    other = await publishes(ada)
    with refused("conflict"):
        await ada.asks("gig:update", {"gig_id": other["id"], **{name: said[name] for name in ("title", "description")}})


@pytest.mark.parametrize("status", Status)
async def test_where_each_action_leads(ada: Person, bob: Person, status: Status) -> None:
    ways: dict[Status, list[str]] = {
        Status.DRAFT: [], Status.ACTIVE: [], Status.PAUSED: ["gig:pause"], Status.ARCHIVED: ["gig:archive"],
    }  # fmt: skip
    for action in Action:
        gig = await publishes(ada, status="draft" if status is Status.DRAFT else "active")
        for way in ways[status]:
            gig = await ada.asks(way, {"gig_id": gig["id"]})
        assert gig["status"] == status
        to = TRANSITIONS.get((status, action))
        if to is None:
            with refused("invalid_transition"):
                await ada.asks(ASKS[action], {"gig_id": gig["id"]})
            to = status
        else:
            assert (await ada.asks(ASKS[action], {"gig_id": gig["id"]}))["status"] == to
        assert (gig["id"] in await listed(bob)) == (to is Status.ACTIVE)
        seen = await bob.ack("gig:get", {"gig_id": gig["id"]})
        assert seen["ok"] == (to is Status.ACTIVE)
        assert (await ada.rest("GET", f"/gigs/mine/?status={to}"))["items"][0]["id"] == gig["id"]


async def test_a_draft_is_new_when_it_is_published(ada: Person) -> None:
    draft = await publishes(ada, status="draft")
    assert draft["expires_at"] is None
    other = await publishes(ada)
    await ada.asks("gig:publish", {"gig_id": draft["id"]})
    assert await listed(ada) == [draft["id"], other["id"]]


async def test_a_gig_fades_unless_it_is_renewed(ada: Person, settings: Settings, servers: Servers) -> None:
    stale, renewed = await publishes(ada), await publishes(ada)
    hour = timedelta(hours=1)
    for_a_week = LIFE - ASKED_BEFORE + hour
    async with serving(settings, servers, ahead=for_a_week, mailer=DevelopmentOutbox()) as later:
        await nothing_is_due(settings, servers, for_a_week)
        warned = [await ada.hears("gig:expiring") for _ in range(2)]
        told = {one["gig_id"]: one["expires_at"] for one in warned}
        assert told == {gig["id"]: gig["expires_at"] for gig in (stale, renewed)}
        asked = [(await ada.hears("notification:created"))["notification"]["data"] for _ in range(2)]
        assert {one["gig_id"] for one in asked} == told.keys()
        asker = await Person("ada", later, ada.http, email=ada.email).signed_in_again()
        assert (await asker.rest("POST", f"/gigs/{renewed['id']}/renew/"))["expires_at"] > renewed["expires_at"]
        # What was asked is answered.
        await ada.hears("notification:read")

    # Also before somebody came to pause it.
    async with serving(settings, servers, ahead=LIFE + hour) as later:
        asker = await Person("ada", later, ada.http, email=ada.email).signed_in_again()
        assert await listed(asker) == [renewed["id"]]
        with refused("not_found"):
            await nobody_at(asker).rest("GET", f"/gigs/{stale['id']}/")
    async with serving(settings, servers, ahead=LIFE + hour, mailer=DevelopmentOutbox()) as later:
        await nothing_is_due(settings, servers, LIFE + hour)
        asker = await Person("ada", later, ada.http, email=ada.email).signed_in_again()
        assert (await asker.rest("GET", f"/gigs/{stale['id']}/"))["status"] == "paused"
        again = await asker.rest("POST", f"/gigs/{stale['id']}/resume/")
        assert again["expires_at"] > stale["expires_at"]
        assert set(await listed(asker)) == {renewed["id"], stale["id"]}


async def test_images_are_seen_with_the_offer_and_go_with_it(
    ada: Person, bob: Person, settings: Settings, servers: Servers
) -> None:
    first, second = [(await ada.upload(picture(), "home.jpg"))["id"] for _ in range(2)]
    note = (await ada.upload(b"Some words."))["id"]
    for images in ([note], [first, first], [(await bob.upload(picture()))["id"]]):
        with pytest.raises(Refusal) as refusal:
            await publishes(ada, images=images)
        assert faults(refusal) == ["images"]
    gig = await publishes(ada, images=[first], status="draft")
    assert [image["id"] for image in gig["images"]] == [first]
    urls = [url for name, url in gig["images"][0].items() if name.endswith("url")]
    assert len(urls) == 3

    async def statuses(url: str) -> list[int]:
        return [(await fetched(person, url))[0] for person in (ada, bob, nobody_at(ada))]

    for url in urls:
        assert await statuses(url) == [200, 404, 404]
    await ada.asks("gig:publish", {"gig_id": gig["id"]})
    for url in urls:
        assert await statuses(url) == [200, 200, 200]
    with refused("invalid_transition"):
        await ada.rest("DELETE", f"/uploads/{first}/")

    changed = await ada.asks("gig:update", {"gig_id": gig["id"], "images": [second]})
    assert await statuses(urls[0]) == [404, 404, 404]
    assert await statuses(changed["images"][0]["url"]) == [200, 200, 200]
    # What somebody asked for they see as it was then, whatever becomes of it.
    other = await publishes(ada, images=[(await ada.upload(picture()))["id"]], tags=["strings"], languages=["de"])
    swap = await bob.asks("swap:request", a_swap_request(ada, gig=other["id"]))
    assert {name: swap["gig_snapshot"][name] for name in AS_SHOWN} == {name: other[name] for name in AS_SHOWN}
    for one in (gig, other):
        await ada.asks("gig:delete", {"gig_id": one["id"]})
    assert await statuses(changed["images"][0]["url"]) == [404, 404, 404]
    soon = timedelta(minutes=1)
    async with serving(settings, servers, ahead=soon, mailer=DevelopmentOutbox()):
        await nothing_is_due(settings, servers, soon)
    for url in (other["images"][0]["url"], other["images"][0]["thumbnail_url"]):
        assert await statuses(url) == [200, 200, 404]
    # That, the note, and what Bob sent: nothing refers to these, for a day.
    assert (await kept(settings, servers))[0] == 3


async def test_staff_hides_and_says_why(
    people: tuple[Person, Person, Person], settings: Settings, servers: Servers
) -> None:
    ada, bob, eve = people
    gig = await publishes(ada)
    path = f"/staff/gigs/{gig['id']}/hidden/"
    with refused("forbidden"):
        await bob.rest("PUT", path, {"reason": "Spam"})
    await backstage(ada).promote(bob.id, Role.ADMIN)

    hidden = await bob.rest("PUT", path, {"reason": "An advertisement"})

    assert (hidden["gig_id"], hidden["hidden"]["reason"]) == (gig["id"], "An advertisement")
    told = (await ada.hears("gig:updated"))["gig"]
    assert told["hidden"]["reason"] == "An advertisement" and told["counts"] is not None
    async with serving(settings, servers, mailer=DevelopmentOutbox()):
        heard = (await ada.hears("notification:created"))["notification"]
    assert (heard["topic"], heard["actor_id"]) == ("moderation", None) and heard["text"] == "An advertisement"
    assert await listed(eve) == []
    for person in (eve, bob, nobody_at(ada)):
        with refused("not_found"):
            await person.rest("GET", f"/gigs/{gig['id']}/")
    # What its owner does with it lets nobody see it.
    renewed = await ada.asks("gig:renew", {"gig_id": gig["id"]})
    assert renewed["hidden"] is not None and await listed(eve) == []
    await bob.rest("DELETE", path)
    assert await listed(eve) == [gig["id"]]
    acts = (await bob.rest("GET", "/staff/acts/"))["items"]
    assert [(act["act"], act["before"], act["after"]) for act in acts[:2]] == [
        ("gig_shown", "An advertisement", ""),
        ("gig_hidden", "", "An advertisement"),
    ]
    with refused("not_found"):
        await bob.rest("DELETE", path)


async def test_a_newcomers_first_offer_is_there_for_nobody_until_staff_has_looked(
    people: tuple[Person, Person, Person], settings: Settings, servers: Servers
) -> None:
    _, bob, mod = people
    await backstage(people[0]).promote(mod.id, Role.MODERATOR)
    asks_for_it = settings.model_copy(update={"approved_offers": 1})
    async with serving(asks_for_it, servers, mailer=DevelopmentOutbox()) as url:
        new = await (await Person("new", url, bob.http).join()).connect()
        first, second = [(await new.upload(picture(), f"{name}.jpg"))["id"] for name in "ab"]
        await mod.asks("staff:watch")
        await bob.asks("search:watch", {"filters": {"search": "guitar"}})
        gig = await new.rest("POST", "/gigs/", a_gig(images=[first]))
        path = f"/gigs/{gig['id']}/"
        assert gig["hidden"]["waits"] and "staff looks" in gig["hidden"]["reason"]
        assert [one["id"] for one in (await new.asks("gig:mine", {}))["items"]] == [gig["id"]]
        changed = await new.rest("PUT", path, {"images": [second]})
        picture_url = changed["images"][0]["url"]

        async def there(looks: Person) -> set[bool]:
            """Whether somebody finds it, by whatever shows it to others."""
            lists = ("", f"created_by={new.id}", "search=guitar", "sort=rating")
            found = {gig["id"] in str(await looks.rest("GET", f"/gigs/?{asked}")) for asked in lists}
            counted = (await looks.rest("GET", "/gigs/facets/"))["total"] == 1
            found |= {counted, (await fetched(looks, picture_url))[0] == 200}
            try:
                await looks.rest("GET", path)
            except Refusal as refusal:
                assert refusal.problem["message"] == no_such_gig().detail
                return found | {False}
            return found | {True}

        for looks in (bob, mod, nobody_at(bob)):
            assert await there(looks) == {False}
        for event in ("gig:get", "gig:bookmark"):
            with refused("not_found"):
                await bob.asks(event, {"gig_id": gig["id"]})
        with refused("not_found"):
            await bob.rest("POST", "/reports/", {"kind": "gig", "thing_id": gig["id"], "reason": "scam"})
        with refused("invalid"):
            await bob.asks("swap:request", a_swap_request(new, gig=gig["id"]))

        # Staff sees what it shows by now, and that is what they approve.
        case = await mod.rest("GET", f"/staff/reports/{(await mod.hears('staff:report'))['case_id']}/")
        (shown,) = case["items"]
        assert [one["upload_id"] for one in shown["files"]] == [second] and case["case"]["waits"]
        assert await mod.rest("GET", shown["files"][0]["url"].removeprefix("/api/v1"))
        decision = {"outcome": "dismiss", "reason": "Welcome.", "version": case["case"]["version"]}
        await mod.rest("POST", f"/staff/reports/{case['case']['id']}/decision/", decision)

        assert (await bob.hears("search:matched"))["gig"]["id"] == gig["id"]
        for looks in (bob, nobody_at(bob)):
            assert await there(looks) == {True}
        assert (await new.hears("notification:created"))["notification"]["topic"] == "gigs"
        await new.leave()


async def test_what_is_offered_goes_and_comes_back_with_who_offers_it(
    people: tuple[Person, Person, Person], settings: Settings, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept out by staff, for a time or until it is lifted; and on the way out, until they change their mind."""
    monkeypatch.setattr("handlers.gigs.relisting.LISTED_AT_ONCE", 1)
    ada, bob, eve = people
    gigs = sorted([(await publishes(ada))["id"] for _ in range(2)])
    await eve.asks("gig:bookmark", {"gig_id": gigs[0]})
    await backstage(ada).promote(bob.id, Role.ADMIN)
    ban = f"/staff/people/{ada.id}/ban/"

    async def found(looks: Person = eve) -> tuple[list[str], int, int, bool]:
        """What is listed, how much is counted and kept, and whether it can be opened."""
        counted = (await looks.rest("GET", "/gigs/facets/"))["total"]
        bookmarked = (await looks.rest("GET", "/gigs/bookmarked/"))["items"]
        try:
            await looks.rest("GET", f"/gigs/{gigs[0]}/")
        except Refusal:
            return sorted(await listed(looks)), counted, len(bookmarked), False
        return sorted(await listed(looks)), counted, len(bookmarked), True

    async def soon(found_then: tuple[list[str], int, int, bool], looks: Person = eve) -> None:
        async with asyncio.timeout(20):
            while await found(looks) != found_then:
                await asyncio.sleep(0.05)

    there, gone = (gigs, 2, 1, True), (list[str](), 0, 0, False)
    async with serving(settings, servers, mailer=DevelopmentOutbox()):
        until = (utc_now() + timedelta(days=2)).isoformat()
        await bob.rest("PUT", ban, {"reason": "Spam", "until": until})
        # At once nobody sees them; soon they are counted no more.
        assert (await found())[0] == []
        await soon(gone)
        await bob.rest("DELETE", ban)
        await soon(there)
        await bob.rest("PUT", ban, {"reason": "Spam", "until": until})
        await soon(gone)
    # When the ban ends, by itself.
    over = timedelta(days=3)
    async with serving(settings, servers, ahead=over, mailer=DevelopmentOutbox()) as url:
        later = Person("eve", url, ada.http, email=eve.email)
        await later.log_in()
        await soon(there, later)
    async with serving(settings, servers, mailer=DevelopmentOutbox()):
        await bob.rest("DELETE", ban)
        await soon(there)
        await ada.log_in()
        await ada.rest("POST", "/auth/deletion", {"current_password": PASSWORD})
        await soon(gone)
        await ada.rest("POST", "/auth/login", {"email": ada.email, "password": PASSWORD, "restore": True})
        await soon(there)


async def test_bookmarks(ada: Person, bob: Person) -> None:
    gigs = [await publishes(ada) for _ in range(3)]
    for gig in gigs:
        await bob.rest("PUT", f"/gigs/{gig['id']}/bookmark/")
    # At once by several devices, and again.
    await asyncio.gather(*(bob.ack("gig:bookmark", {"gig_id": gigs[0]["id"]}) for _ in range(5)))
    mine = {gig["id"]: gig for gig in (await ada.rest("GET", "/gigs/mine/"))["items"]}
    assert [mine[gig["id"]]["counts"]["bookmarks"] for gig in gigs] == [1, 1, 1]
    assert not mine[gigs[0]["id"]]["bookmarked"]
    assert (await bob.asks("gig:get", {"gig_id": gigs[0]["id"]}))["bookmarked"]

    page = await bob.rest("GET", "/gigs/bookmarked/?limit=2")
    rest = await bob.asks("gig:bookmarked", {"limit": 2, "cursor": page["next_cursor"]})
    assert [gig["id"] for gig in (*page["items"], *rest["items"])] == [gig["id"] for gig in gigs[::-1]]
    assert rest["next_cursor"] is None
    await ada.asks("gig:pause", {"gig_id": gigs[1]["id"]})
    await ada.asks("gig:delete", {"gig_id": gigs[2]["id"]})
    assert [gig["id"] for gig in (await bob.asks("gig:bookmarked"))["items"]] == [gigs[0]["id"]]
    for gig in (*gigs, gigs[0]):
        await bob.rest("DELETE", f"/gigs/{gig['id']}/bookmark/")
    assert (await bob.asks("gig:bookmarked"))["items"] == []
    assert (await ada.asks("gig:get", {"gig_id": gigs[0]["id"]}))["counts"]["bookmarks"] == 0


async def test_who_saw_it_is_counted_once_an_hour_for_the_owner_alone(
    people: tuple[Person, Person, Person], other_server: str, settings: Settings, servers: Servers
) -> None:
    ada, bob, eve = people
    gig = await publishes(ada)
    nobody = nobody_at(ada)
    elsewhere = Person("bob", other_server, ada.http, email=bob.email)
    await elsewhere.log_in()
    for person, _ in itertools.product((ada, bob, elsewhere, nobody), range(3)):
        await listed(person)
        assert (await person.rest("GET", f"/gigs/{gig['id']}/"))["version"] == 1
    await listed(eve)
    # Each process counts in the order in which it was told: what these two opened last is counted last.
    dan = await Person("dan", other_server, ada.http).join()
    for person in (eve, dan):
        await person.rest("GET", f"/gigs/{gig['id']}/")

    async with asyncio.timeout(20):
        while (counts := (await ada.rest("GET", f"/gigs/{gig['id']}/"))["counts"])["clicks"] < 4:
            await asyncio.sleep(0.1)

    assert counts == {"impressions": 3, "clicks": 4, "bookmarks": 0}
    assert (await bob.rest("GET", f"/gigs/{gig['id']}/"))["counts"] is None
    async with AsyncMongoClient[dict[str, Any]](servers.mongodb_url) as client:
        rows = await client[settings.mongodb_database]["sightings"].find().to_list()
    assert len(rows) == 7
    assert not any(name in str(rows) for name in (bob.id, eve.id, "127.0.0.1"))
