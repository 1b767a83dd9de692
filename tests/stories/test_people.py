"""Other people: what they show and to whom, their pictures, and the list of those one wants to find again."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from handlers.people import roughly
from handlers.responding import WAIT
from handlers.views.profiles import Active
from server.config import Settings
from server.core import utc_now
from server.mail import DevelopmentOutbox
from tests.asks.accounts import consents
from tests.asks.swaps import a_swap_request
from tests.conftest import serving
from tests.people import Person, key, refused
from tests.processes import Servers
from tests.stories.test_leaving import rows
from tests.stories.test_uploads import fetched, kept, picture

pytestmark = pytest.mark.usefixtures("unlimited")

SOON = 20.0
# Written down, so that nothing joins them unseen.
PUBLIC_KEYS = {
    *("id", "name", "profile_picture", "bannerImage", "bio", "skills", "teaches", "wants", "languages", "place"),
    *(
        "ratings",
        "time_zone",
        "mode",
        "vacation",
        "last_active",
        "response",
        "reliability",
        "verified",
        "portfolio",
        "phone",
        "address",
        "favourite",
        "mutual",
        "createdAt",
    ),
}
PLACE = {"label": "Berlin", "point": {"type": "Point", "coordinates": [13.4, 52.5]}}


async def puts(person: Person, **fields: Any) -> Any:
    return await person.rest("PUT", "/auth/profile", fields)


async def seen_by(reader: Person, person: Person) -> Any:
    """Somebody's profile by both doors, or by REST alone for who has no socket."""
    shown = await reader.rest("GET", f"/users/{person.id}/")
    if reader.socket is not None:
        assert await reader.asks("user:get", {"user_id": person.id}) == shown
    return shown


async def test_a_stranger_sees_these_fields_and_no_others(ada: Person, bob: Person) -> None:
    await puts(ada, phone="+49 30 1234", address="Unter den Linden 1", place=PLACE, time_zone="Europe/Berlin")
    nobody = Person("nobody", ada.url, ada.http)

    for reader in (bob, nobody):
        shown = await seen_by(reader, ada)
        assert shown.keys() == PUBLIC_KEYS
        assert (shown["phone"], shown["address"]) == (None, None)
        assert not any(secret in str(shown) for secret in (ada.email, "1234", "Linden"))
    assert (await seen_by(bob, ada))["place"] == PLACE
    assert (await seen_by(nobody, ada))["place"] is None
    mine = await seen_by(ada, ada)
    assert (mine["phone"], mine["address"]) == ("+49 30 1234", "Unter den Linden 1")


@pytest.mark.parametrize(
    ("shown_to", "seers"),
    [("public", {"nobody", "bob", "ada"}), ("signed_in", {"bob", "ada"}), ("partners", {"ada"}), ("nobody", {"ada"})],
)
async def test_everybody_says_who_sees_what(ada: Person, bob: Person, shown_to: str, seers: set[str]) -> None:
    note = await ada.upload(b"My chords.")
    fields = {
        "bio": "I play.",
        "languages": ["de"],
        "place": PLACE,
        "time_zone": "Europe/Berlin",
        "vacation": {"note": "By the sea"},
        "portfolio": [{"title": "Chords", "upload_id": note["id"]}, {"title": "Site", "link": "https://example.org/a"}],
    }
    hidden = [*fields, "last_active"]
    await puts(ada, **fields, visibility=dict.fromkeys(hidden, shown_to))

    for reader in (Person("nobody", ada.url, ada.http), bob, ada):
        shown = await seen_by(reader, ada)
        assert {name for name in hidden if shown[name]} == ({*hidden} if reader.name in seers else set()), reader.name
        assert (await fetched(reader, note["id"]))[0] == (200 if reader.name in seers else 404)


async def test_pictures_are_everybodys_and_the_old_one_goes(ada: Person, settings: Settings, servers: Servers) -> None:
    nobody = Person("nobody", ada.url, ada.http)
    old, new, banner = [await ada.upload(picture(), f"{number}.jpg") for number in range(3)]
    note = await ada.upload(b"No picture.")
    with refused("invalid"):
        await puts(ada, profile_picture=note["id"])
    said = await puts(ada, profile_picture=old["id"], bannerImage=banner["id"])
    again = await puts(ada, profile_picture=old["id"])
    assert {**again, "updatedAt": said["updatedAt"]} == said
    shown = (await seen_by(nobody, ada))["profile_picture"]
    assert shown.keys() == {"id", "url", "preview_url", "thumbnail_url"}
    for size in ("url", "preview_url", "thumbnail_url"):
        assert (await fetched(nobody, shown[size]))[0] == 200

    await puts(ada, profile_picture=new["id"])

    assert (await fetched(nobody, shown["url"]))[0] == 404
    assert (await fetched(ada, shown["url"]))[0] == 404
    await puts(ada, bannerImage=None)
    async with serving(settings, servers, mailer=DevelopmentOutbox()), asyncio.timeout(SOON):
        # The new picture in three sizes, and the note.
        while await kept(settings, servers) != (2, 4):
            await asyncio.sleep(0.05)
    assert (await seen_by(nobody, ada))["bannerImage"] is None


async def test_nobody_shows_what_is_anothers(ada: Person, bob: Person) -> None:
    mine = await ada.upload(picture(), "me.jpg")
    with refused("invalid"):
        await puts(bob, profile_picture=mine["id"])
    await puts(ada, profile_picture=mine["id"])
    with refused("invalid"):
        await puts(ada, bannerImage=mine["id"])


@pytest.mark.parametrize(
    "link", ["http://example.org", "https://", "https://ada:secret@example.org", "javascript:alert(1)", "https://a b"]
)
async def test_links_lead_to_the_web_by_https(ada: Person, link: str) -> None:
    with refused("invalid"):
        await puts(ada, portfolio=[{"title": "Mine", "link": link}])


async def test_what_is_missing_is_said(ada: Person) -> None:
    before = (await ada.rest("GET", "/auth/profile"))["completeness"]
    assert [nudge["field"] for nudge in before["missing"]][:2] == ["teaches", "wants"]

    after = (await puts(ada, skills=["Chess"], bio="I play.", languages=["de"]))["completeness"]

    assert {one["field"] for one in before["missing"]} - {one["field"] for one in after["missing"]} == {
        *("teaches", "bio", "languages")
    }
    assert before["percent"] < after["percent"] < 100


async def test_when_somebody_was_last_here_is_told_roughly(
    ada: Person, bob: Person, settings: Settings, servers: Servers
) -> None:
    assert (await seen_by(bob, ada))["last_active"] == "today"
    for days, active in ((2, "this_week"), (6, "this_week"), (20, "this_month")):
        async with serving(settings, servers, ahead=timedelta(days=days)) as later:
            reader = Person("reader", later, bob.http)
            await reader.join()
            assert (await seen_by(reader, ada))["last_active"] == active
    await puts(ada, privacy={"presence": False})
    assert (await seen_by(bob, ada))["last_active"] is None
    now = utc_now()
    assert roughly(now - timedelta(days=400), now) is Active.LONGER_AGO


async def test_a_confirmed_address_is_a_badge(ada: Person, bob: Person) -> None:
    assert (await seen_by(bob, ada))["verified"] == ["email"]


async def test_who_left_is_nobody(people: tuple[Person, Person, Person], settings: Settings, servers: Servers) -> None:
    ada, bob, _ = people
    await bob.asks("favourite:add", {"user_id": ada.id})
    await ada.rest("POST", "/auth/deletion", {"current_password": "correct horse battery"})
    with refused("not_found"):
        await seen_by(bob, ada)
    with refused("not_found"):
        await bob.rest("GET", "/users/000000000000000000000000/")
    assert (await bob.asks("favourite:list"))["items"] == []


async def test_favourites_are_a_list_of_ones_own(ada: Person, bob: Person, eve: Person) -> None:
    for person in (bob, eve, bob):
        await ada.asks("favourite:add", {"user_id": person.id})
    first = await ada.rest("GET", "/favourites/people/?limit=1")
    rest = await ada.asks("favourite:list", {"cursor": first["next_cursor"], "limit": 1})
    assert [one["id"] for one in first["items"] + rest["items"]] == [eve.id, bob.id]
    assert rest["next_cursor"] is None
    assert (await seen_by(ada, bob))["favourite"] is True
    assert (await seen_by(eve, bob))["favourite"] is False
    assert (await bob.asks("favourite:list"))["items"] == []

    await ada.rest("DELETE", f"/favourites/people/{bob.id}/")

    assert [one["id"] for one in (await ada.asks("favourite:list"))["items"]] == [eve.id]
    with refused("not_found"):
        await ada.asks("favourite:remove", {"user_id": bob.id})
    with refused("invalid"):
        await ada.asks("favourite:add", {"user_id": ada.id})


async def agreed(one: Person, other: Person, *, days: float) -> Any:
    """A swap that one asked for and the other accepted, so many days ahead."""
    swap = await one.asks("swap:request", a_swap_request(other, days=days))
    return await other.asks("swap:update", {"swap_id": swap["id"], "action": "accept"})


async def test_contact_data_takes_consent_and_a_swap(ada: Person, bob: Person, eve: Person) -> None:
    await puts(ada, phone="+49 30 1234", address="Unter den Linden 1", visibility={"bio": "partners"}, bio="I play.")
    given = await ada.asks("contact:share", {"user_id": bob.id, "shares": ["phone"]})
    assert given["shares"] == ["phone"]
    # By consent alone nobody sees anything.
    assert (await seen_by(bob, ada))["phone"] is None
    assert (await seen_by(bob, ada))["bio"] is None

    swap = await agreed(bob, ada, days=3)

    shown = await seen_by(bob, ada)
    assert (shown["phone"], shown["address"], shown["bio"]) == ("+49 30 1234", None, "I play.")
    # By a swap alone neither.
    await agreed(eve, ada, days=4)
    assert (await seen_by(eve, ada))["phone"] is None
    await ada.rest("PUT", f"/contacts/{bob.id}/", {"shares": ["address"]})
    shown = await seen_by(bob, ada)
    assert (shown["phone"], shown["address"]) == (None, "Unter den Linden 1")
    assert [one["user_id"] for one in (await ada.asks("contact:list"))["items"]] == [bob.id]
    assert (await bob.asks("contact:list"))["items"] == []

    # A swap that is called off is none.
    await bob.asks("swap:update", {"swap_id": swap["id"], "action": "cancel", "reason": "I am ill."})
    assert (await seen_by(bob, ada))["address"] is None
    await agreed(ada, bob, days=5)
    assert (await seen_by(bob, ada))["address"] == "Unter den Linden 1"

    await ada.asks("contact:unshare", {"user_id": bob.id})

    assert (await seen_by(bob, ada))["address"] is None
    with refused("not_found"):
        await ada.asks("contact:unshare", {"user_id": bob.id})
    with refused("invalid"):
        await ada.asks("contact:share", {"user_id": bob.id, "shares": []})
    # What was given to whom stays in her log, said once however often it is asked, and in nobody else's.
    for _ in range(2):
        await ada.asks("contact:share", {"user_id": bob.id, "shares": ["phone", "address"]})
    assert consents((await ada.asks("consent:list"))["items"]) == [
        ("contact", True, ["phone", "address"], bob.id, None),
        ("contact", False, [], bob.id, None),
        ("contact", True, ["address"], bob.id, None),
        ("contact", True, ["phone"], bob.id, None),
    ]
    assert (await bob.asks("consent:list"))["items"] == []


async def test_who_is_on_vacation_is_asked_for_nothing(ada: Person, bob: Person) -> None:
    await puts(ada, vacation={"note": "By the sea"})
    with refused("invalid_transition"):
        await bob.asks("swap:request", a_swap_request(ada))
    await puts(ada, vacation=None)
    await bob.asks("swap:request", a_swap_request(ada))


async def test_how_somebody_answers_is_told_roughly_and_of_few_not_at_all(
    ada: Person, bob: Person, eve: Person, settings: Settings, servers: Servers
) -> None:
    async def reckoned() -> Any:
        ahead = WAIT + timedelta(hours=1)
        async with serving(settings, servers, ahead=ahead, mailer=DevelopmentOutbox()), asyncio.timeout(SOON):
            while any(
                (job["kind"], job["state"]) == ("ReckonResponse", "waiting")
                for job in (await rows(servers, settings))["jobs"]
            ):
                await asyncio.sleep(0.05)
        return (await seen_by(bob, ada))["response"]

    others = [bob, eve, await Person("mia", ada.url, ada.http).join(), await Person("leo", ada.url, ada.http).join()]
    for number, other in enumerate(others[:2]):
        thread = await other.rest("POST", "/messages/", {"participants": [ada.id]})
        await other.rest("POST", f"/messages/{thread['id']}/", {"message_content": "Hello!"})
        if number == 0:
            await ada.asks("message:send", {"thread_id": thread["id"], "message_content": "Hello!"})
    # Whom she wrote to herself says nothing of how she answers.
    mine = await ada.asks("thread:open", {"participants": [others[2].id], "client_id": key()})
    await ada.asks("message:send", {"thread_id": mine["id"], "message_content": "Hello!"})
    assert await reckoned() is None

    # A swap that is asked for is a first contact as well, and any answer to it is one.
    swap = await others[3].rest("POST", "/swaps/", a_swap_request(ada, days=9))
    await ada.asks("swap:update", {"swap_id": swap["id"], "action": "reject"})

    assert await reckoned() == {"rate": "mostly", "pace": "within_an_hour"}
    assert (await ada.rest("GET", "/auth/profile"))["response"] == {"rate": "mostly", "pace": "within_an_hour"}
    await puts(ada, visibility={"response": "nobody"})
    assert (await seen_by(bob, ada))["response"] is None
