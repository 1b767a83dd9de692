"""A copy of all that is one's own: complete, without secrets, for its owner alone."""

import asyncio
import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from pymongo import AsyncMongoClient
from structlog.testing import capture_logs

from server.config import Settings
from server.mail import DevelopmentOutbox
from store import Database, Store
from store.exports import ExportPiece, ExportPieces
from tests.asks.swaps import a_swap_request, an_item
from tests.calling import a_call, inside
from tests.conftest import serving
from tests.handlers.forum.discussions import answer, begin
from tests.people import PASSWORD, Person, key, refused, surely
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


async def fails(*_: object) -> None:
    raise OSError("The disk is full.")


async def until_none(where: dict[str, Any], collection: str, settings: Settings, servers: Servers) -> None:
    """Wait until there is no such row."""
    async with AsyncMongoClient[dict[str, Any]](servers.mongodb_url) as client, asyncio.timeout(30):
        while await client[settings.mongodb_database][collection].find_one(where):
            await asyncio.sleep(0.05)


@pytest.fixture(params=[100, 1024 * 1024])
def pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many, or one; and several pages of a conversation."""
    monkeypatch.setattr("handlers.export.gathering.PIECE_BYTES", request.param)
    monkeypatch.setattr("handlers.export.gathering.NUMBERS_AT_ONCE", 2)


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


async def breaks_off(
    person: Person, export_id: str, is_gone: Callable[[], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Delete a copy while it is fetched: that ends, and is no fault of the server's."""
    dropped, get = asyncio.Event(), ExportPieces.get

    async def waits(pieces: ExportPieces, id_: str) -> ExportPiece | None:
        if not id_.endswith(":0"):
            await dropped.wait()
        return await get(pieces, id_)

    monkeypatch.setattr(ExportPieces, "get", waits)
    path = f"{person.url}/api/v1/auth/exports/{export_id}/file/"
    with capture_logs() as lines:
        async with person.http.get(path, headers={"Authorization": f"Bearer {person.token}"}) as fetching:
            await fetching.content.readany()
            await person.asks("export:delete", {"export_id": export_id})
            await is_gone()
            dropped.set()
            with pytest.raises(aiohttp.ClientPayloadError):
                await fetching.read()
    assert not [line for line in lines if line["event"] == "file_broke_off"]


@pytest.mark.usefixtures("unlimited")
async def test_one_copy_a_day_which_can_be_deleted(
    ada: Person, settings: Settings, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asked() -> str:
        made = await surely(ada.rest, "POST", "/auth/exports/", {"current_password": PASSWORD})
        return str(made["id"])

    async def nothing_is_kept() -> None:
        await until_none({"user_id": ada.id}, "export_pieces", settings, servers)

    monkeypatch.setattr("handlers.export.gathering.PIECE_BYTES", 1024)
    in_vain, again = await asyncio.gather(asked(), asked())
    assert in_vain == again
    outbox = DevelopmentOutbox()
    with monkeypatch.context() as full:
        full.setattr("server.jobs.MOST_ATTEMPTS", 1)
        full.setattr("handlers.export.gathering._media", fails)
        async with serving(settings, servers, mailer=outbox):
            await is_told(outbox, "Your copy could not be made")
    assert (await ada.rest("GET", "/auth/exports/"))["items"] == []

    # That one does not count; the next one does, and is deleted while somebody fetches it.
    export_id = await asked()
    assert export_id != in_vain
    async with serving(settings, servers, mailer=outbox):
        await fetched(ada, export_id)
        assert await asked() == export_id
        await breaks_off(ada, export_id, nothing_is_kept, monkeypatch)
        whats = {(await ada.hears("account:activity"))["activity"]["what"] for _ in range(5)}
        assert whats >= {"export_failed", "export_deleted"}
    for method, path in ("GET", f"{export_id}/file/"), ("DELETE", f"{export_id}/"):
        with refused("not_found"):
            await ada.rest(method, f"/auth/exports/{path}")
    assert (await ada.rest("GET", "/auth/exports/"))["items"] == []
    with refused("rate_limited") as caught:
        await asked()
    assert 0 < caught.value.problem["retry_after_ms"] <= 86_400_000

    async with serving(settings, servers, ahead=timedelta(days=1, minutes=1)) as ada.url:
        await ada.log_in()
        under_way = await asked()
        assert under_way != export_id
        await ada.rest("DELETE", f"/auth/exports/{under_way}/")
    # Of what was deleted before it was put together nothing is kept, either.
    async with serving(settings, servers, ahead=timedelta(days=1, minutes=2), mailer=outbox):
        await until_none({"kind": {"$regex": "Export"}, "state": "waiting"}, "jobs", settings, servers)
    await nothing_is_kept()


async def test_nothing_that_is_ones_own_is_forgotten(ada: Person, settings: Settings, servers: Servers) -> None:
    """A new collection of what is people's own is in the copy, or is listed here."""
    export = await ada.rest("POST", "/auth/exports/", {"current_password": PASSWORD})
    async with serving(settings, servers, mailer=DevelopmentOutbox()):
        archive = await fetched(ada, export["id"])
    store = Store(Database("mongodb://127.0.0.1:1", "unused"))
    own = {one.collection for one in store._repositories() if one.owner is not None}
    assert own - UNTOLD == {name.removesuffix(".json") for name in archive.namelist()} & own
