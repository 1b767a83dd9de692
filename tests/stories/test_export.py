"""A copy of all that is one's own: complete, without secrets, for its owner alone."""

import asyncio
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from server.config import Settings
from server.mail import DevelopmentOutbox
from store import Database, Store
from tests.asks.swaps import a_swap_request, an_item
from tests.calling import a_call, inside
from tests.conftest import serving
from tests.handlers.forum.discussions import answer, begin
from tests.people import PASSWORD, Person, key, refused
from tests.processes import Servers

MARK = "planted"
# Somebody's own, and not in the copy: what opens an account, and the copies.
UNTOLD = {
    "tickets", "exports", "export_pieces",
    # By what one's gigs are found, what one looked at a moment ago, and which of one's searches told of which gig.
    "listings", "watches", "search_matches",
}  # fmt: skip


async def fetched(person: Person, export_id: str) -> zipfile.ZipFile:
    """The copy, once it can be fetched."""
    path = f"{person.url}/api/v1/auth/exports/{export_id}/file"
    async with asyncio.timeout(20):
        while not (await person.rest("GET", "/auth/exports/"))["items"][0]["ready"]:
            await asyncio.sleep(0.05)
    async with person.http.get(path, headers={"Authorization": f"Bearer {person.token}"}) as response:
        assert (response.status, response.content_type) == (200, "application/zip")
        assert response.headers["Content-Disposition"].startswith("attachment;")
        return zipfile.ZipFile(io.BytesIO(await response.read()))


def told(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(name))


@pytest.fixture(params=[100, 1024 * 1024])
def pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many, or one; and several pages of a conversation."""
    monkeypatch.setattr("handlers.export.PIECE_BYTES", request.param)
    monkeypatch.setattr("handlers.export.NUMBERS_AT_ONCE", 2)


async def is_told(outbox: DevelopmentOutbox, subject: str) -> None:
    async with asyncio.timeout(30):
        while subject not in {sent.letter.subject for sent in outbox.sent}:
            await asyncio.sleep(0.02)


@pytest.mark.usefixtures("pieces")
async def test_a_copy_of_all_that_is_ones_own(ada: Person, bob: Person, settings: Settings, servers: Servers) -> None:
    thread = await ada.asks("thread:open", {"participants": [bob.id], "title": "Guitar", "client_id": key()})
    where = {"thread_id": thread["id"]}
    for number in range(5):
        sent = await ada.asks("message:send", {**where, "message_content": f"hers {number}", "client_id": key()})
        await bob.asks("message:send", {**where, "message_content": f"his {number}", "client_id": key()})
    await ada.asks("message:save", {**where, "message_id": sent["id"]})
    await ada.rest("PUT", "/auth/profile", {"bio": MARK})
    for one, another in ((ada, bob), (bob, ada)):
        await one.asks("favourite:add", {"user_id": another.id})
        await one.asks("contact:share", {"user_id": another.id, "shares": ["phone"]})
    upload = await ada.upload(b"My chords.", "chords.txt")
    swaps = [await ada.asks("swap:request", a_swap_request(bob, note="hers")),
             await bob.asks("swap:request", a_swap_request(ada, note="his own"))]  # fmt: skip
    await bob.asks("swap:update", {"swap_id": swaps[0]["id"], "action": "reject", "reason": "his reason"})
    for one in (ada, bob):
        await one.asks("agenda:write", an_item(swaps[1], f"{'hers' if one is ada else 'his own'} to learn"))
    begun = await begin(ada, content="hers")
    await answer(bob, begun["discussion"], "his")
    for number in range(2):
        await answer(ada, begun["discussion"], f"hers {number}")
    with refused("invalid"):
        await ada.rest("POST", "/auth/exports/", {"current_password": "not this one"})

    call = await a_call(ada, bob, thread_id=thread["id"])
    await inside(ada, call)
    await inside(bob, call)
    export = await ada.rest("POST", "/auth/exports/", {"current_password": PASSWORD})

    assert not export["ready"]
    with refused("not_found"):
        await ada.rest("GET", f"/auth/exports/{export['id']}/file/")
    outbox = DevelopmentOutbox()
    async with serving(settings, servers, mailer=outbox):
        archive = await fetched(ada, export["id"])
        await is_told(outbox, "Your copy is ready")
    assert (told(archive, "account.json")["email"], told(archive, "account.json")["bio"]) == (ada.email, MARK)
    written = told(archive, f"conversations/{thread['id']}.json")
    assert [message["text"] for message in written] == [f"hers {number}" for number in range(5)]
    assert [one["title"] for one in told(archive, "conversations.json") if one["title"]] == ["Guitar"]
    assert [one["message_id"] for one in told(archive, "saved_messages.json")] == [sent["id"]]
    assert [one["text"] for one in told(archive, "posts.json")] == ["hers 1", "hers 0", "hers"]
    assert [one["discussion_id"] for one in told(archive, "follows.json")] == [begun["discussion"]["id"]]
    assert [one["person_id"] for one in told(archive, "favourites.json")] == [bob.id]
    assert [one["reader_id"] for one in told(archive, "contact_shares.json")] == [bob.id]
    assert {one["what"] for one in told(archive, "activity.json")} >= {"signed_up", "export_asked"}
    assert [one["id"] for one in told(archive, "uploads.json")] == [upload["id"]]
    (called,) = told(archive, "calls.json")
    assert (called["id"], [span["user_id"] for span in called["attendance"]]) == (call["session_id"], [ada.id])
    assert archive.read(f"media/{upload['id']}-chords.txt") == b"My chords."
    kept = told(archive, "swaps.json")
    assert {one["id"] for one in kept} == {one["id"] for one in swaps}
    assert "hers" in str(kept) and "his own" not in str(kept) and "his reason" not in str(kept)
    assert [(one["by"], one["text"]) for one in told(archive, "agenda_items.json")] == [(ada.id, "hers to learn")]
    whole = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "argon2" not in whole and "nonce" not in whole
    with refused("not_found"):
        await bob.rest("GET", f"/auth/exports/{export['id']}/file/")


async def test_a_copy_can_be_fetched_for_a_week(ada: Person, settings: Settings, servers: Servers) -> None:
    export = await ada.rest("POST", "/auth/exports/", {"current_password": PASSWORD})
    async with serving(settings, servers, mailer=DevelopmentOutbox()):
        await fetched(ada, export["id"])

    async with serving(settings, servers, ahead=timedelta(days=7, hours=1)) as later:
        ada.url = later
        await ada.log_in()
        with refused("not_found"):
            await ada.rest("GET", f"/auth/exports/{export['id']}/file/")


async def test_nothing_that_is_ones_own_is_forgotten(ada: Person, settings: Settings, servers: Servers) -> None:
    """A new collection of what is people's own is in the copy, or is listed here."""
    export = await ada.rest("POST", "/auth/exports/", {"current_password": PASSWORD})
    async with serving(settings, servers, mailer=DevelopmentOutbox()):
        archive = await fetched(ada, export["id"])
    store = Store(Database("mongodb://127.0.0.1:1", "unused"))
    own = {one.collection for one in store._repositories() if one.owner is not None}
    assert own - UNTOLD == {name.removesuffix(".json") for name in archive.namelist()} & own
