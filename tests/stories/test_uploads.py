"""Files: sent, shown to whoever may see what refers to them, hostile ones refused, and nothing left of what died."""

import asyncio
import io
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from handlers.uploads import tidy
from server.config import Settings
from server.embedded import supervisor_environment
from server.mail import DevelopmentOutbox
from tests.asks.gigs import a_gig
from tests.backstage import Backstage
from tests.conftest import serving
from tests.faults.workers import free_port
from tests.files import NOTE, SOON, kept, nothing_is_due, png_bomb
from tests.handlers.chat.threads import thread_of
from tests.handlers.forum.discussions import begin
from tests.people import Person, Refusal, form, key, refused, surely
from tests.processes import Servers


def picture(width: int = 640, height: int = 480, **more: Any) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(file, "JPEG", **more)
    return file.getvalue()


def located() -> bytes:
    """A photograph that says where somebody lives."""
    exif = Image.Exif()
    exif[0x010E] = "planted where I live"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return picture(exif=exif)


async def fetched(person: Person, path: str, **headers: str) -> tuple[int, Any, bytes]:
    """What comes back for a file: the status, the headers and the bytes."""
    sent = {"Authorization": f"Bearer {person.token}"} if person.token else {}
    url = path if path.startswith("/api") else f"/api/v1/uploads/{path}"
    async with person.http.get(person.url + url, headers=sent | headers) as response:
        return response.status, response.headers, await response.read()


async def sends(person: Person, thread: dict[str, Any], upload: dict[str, Any]) -> Any:
    """Write a message that shows a file."""
    said = {"thread_id": thread["id"], "message_content": "Look!", "client_id": key()}
    return await person.asks("message:send", {**said, "attachment_reference": upload["id"]})


@contextmanager
def bucket(folder: Path) -> Iterator[str]:
    """An S3 of one's own, as a process; the address of its server."""
    port = free_port()
    command = (sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port))
    with subprocess.Popen(command, cwd=folder, env=supervisor_environment(), stderr=subprocess.DEVNULL) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(params=["database", "folder", "bucket"])
async def stored(
    request: pytest.FixtureRequest, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Settings]:
    """Settings of a server that keeps its files in each of the three ways."""
    if request.param == "database":
        yield settings
    elif request.param == "folder":
        yield settings.model_copy(update={"uploads_url": f"{(tmp_path / 'files').as_uri()}"})
    else:
        with bucket(tmp_path) as endpoint:
            for name, value in (("ENDPOINT", endpoint), ("ALLOW_HTTP", "true"), ("REGION", "us-east-1"),
                                ("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "b")):  # fmt: skip
                monkeypatch.setenv(f"AWS_{name}", value)
            await made(f"{endpoint}/skillnet")
            yield settings.model_copy(update={"uploads_url": "s3://skillnet/files"})


async def made(address: str) -> None:
    async with aiohttp.ClientSession() as http, asyncio.timeout(SOON):
        while True:
            try:
                async with http.put(address) as response:
                    assert response.status == 200
                    return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.1)


async def test_a_file_is_kept_and_fetched_in_parts(
    stored: Settings, servers: Servers, http: aiohttp.ClientSession
) -> None:
    async with serving(stored, servers) as url:
        ada = await Person("ada", url, http).join()
        upload = await ada.upload(NOTE, "chords.txt")
        assert (upload["name"], upload["in_use"]) == ("chords.txt", False)
        kept = upload["variants"]["original"]
        assert (kept["media_type"], kept["size"], kept["width"]) == ("text/plain", len(NOTE), None)
        assert await ada.rest("GET", f"/uploads/{upload['id']}/about/") == upload

        status, headers, body = await fetched(ada, kept["url"])
        assert (status, body) == (200, NOTE)
        assert headers["Content-Type"] == "text/plain"
        assert headers["Content-Disposition"] == 'attachment; filename="chords.txt"'
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "private, no-cache"
        tag = headers["ETag"]
        assert (await fetched(ada, upload["id"], **{"If-None-Match": tag}))[::2] == (304, b"")

        for asked, part in (
            ("bytes=0-4", slice(0, 5)),
            ("bytes=4000-", slice(4000, None)),
            ("bytes=-7", slice(-7, None)),
        ):
            status, headers, body = await fetched(ada, upload["id"], Range=asked)
            assert (status, body) == (206, NOTE[part]), asked
            start = range(len(NOTE))[part][0]
            assert headers["Content-Range"] == f"bytes {start}-{start + len(body) - 1}/{len(NOTE)}"
        assert (await fetched(ada, upload["id"], Range="bytes=9-12", **{"If-Range": tag}))[2] == NOTE[9:13]
        assert (await fetched(ada, upload["id"], Range="bytes=9-12", **{"If-Range": '"old"'}))[2] == NOTE
        status, headers, _ = await fetched(ada, upload["id"], Range="bytes=99999-")
        assert (status, headers["Content-Range"]) == (416, f"bytes */{len(NOTE)}")
        assert (await fetched(ada, upload["id"], Range="nonsense"))[::2] == (200, NOTE)

        large = b"%PDF-1.7\n" + bytes(range(256)) * 12_000
        upload = await ada.upload(large, "book.pdf")
        assert (await fetched(ada, upload["id"]))[2] == large
        assert (await fetched(ada, upload["id"], Range="bytes=1048000-2100000"))[2] == large[1_048_000:2_100_001]
        await ada.rest("DELETE", f"/uploads/{upload['id']}/")
        with refused("not_found"):
            await ada.rest("GET", f"/uploads/{upload['id']}/about/")
        assert [one["name"] for one in (await ada.rest("GET", "/uploads/"))["items"]] == ["chords.txt"]


async def test_a_picture_in_a_conversation(
    people: tuple[Person, Person, Person], settings: Settings, servers: Servers
) -> None:
    ada, bob, eve = people
    thread = await thread_of(ada, bob)
    upload = await ada.upload(located(), "home.jpg")
    variants = upload["variants"]
    assert {name: (one["width"], one["height"]) for name, one in variants.items()} == {
        "original": (640, 480), "preview": (640, 480), "thumbnail": (256, 192),
    }  # fmt: skip
    # Nothing shows it yet.
    with refused("not_found"):
        await bob.rest("GET", f"/uploads/{upload['id']}/about/")
    with refused("invalid"):
        await sends(bob, thread, upload)

    message = await sends(ada, thread, upload)
    assert message["attachment_reference"] == upload["id"]
    assert (await bob.hears("message:created"))["message"]["attachment_reference"] == upload["id"]
    for one in variants.values():
        status, headers, body = await fetched(bob, one["url"])
        assert (status, headers["Content-Type"], len(body)) == (200, one["media_type"], one["size"])
        assert headers["Content-Disposition"].startswith("inline")
        assert b"planted" not in body and not Image.open(io.BytesIO(body)).getexif()
    for stranger in (eve, Person("nobody", ada.url, ada.http)):
        assert (await fetched(stranger, upload["id"]))[0] == 404
    # Once is enough, and what is shown stays.
    with refused("invalid"):
        await sends(ada, thread, upload)
    with refused("invalid_transition"):
        await ada.rest("DELETE", f"/uploads/{upload['id']}/")

    of_it = {"thread_id": thread["id"], "message_id": message["id"]}
    await ada.asks("message:delete", of_it)
    assert (await fetched(bob, upload["id"]))[0] == 404
    await ada.asks("message:restore", of_it)
    assert (await fetched(bob, upload["id"]))[0] == 200
    async with serving(settings, servers, ahead=timedelta(hours=1), mailer=DevelopmentOutbox()):
        await nothing_is_due(settings, servers, timedelta(hours=1))
    assert await kept(settings, servers) == (1, 3)

    await ada.asks("message:delete", of_it)
    async with serving(settings, servers, ahead=timedelta(hours=1), mailer=DevelopmentOutbox()):
        await nothing_is_due(settings, servers, timedelta(hours=1))
    assert await kept(settings, servers) == (0, 0)


async def test_who_left_a_group_sees_its_files_no_more(ada: Person, bob: Person) -> None:
    thread = await thread_of(ada, bob, title="Guitar")
    upload = await ada.upload(NOTE)
    await sends(ada, thread, upload)
    assert (await fetched(bob, upload["id"]))[0] == 200
    await ada.asks("thread:remove", {"thread_id": thread["id"], "user_id": bob.id})
    assert (await fetched(bob, upload["id"]))[0] == 404


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "file_type_refused"),
        (b"<!doctype html><script>alert(1)</script>", "file_type_refused"),
        (b"MZ\x90\x00" + bytes(200), "file_type_refused"),
        (b"", "file_type_refused"),
        (b"\x89PNG\r\n\x1a\n" + bytes(300), "unreadable_image"),
        (picture()[:900], "unreadable_image"),
        (png_bomb(50_000, 50_000), "unreadable_image"),
    ],
    ids=["svg", "html", "program", "nothing", "no picture", "half a picture", "bomb"],
)
async def test_what_is_not_taken(ada: Person, settings: Settings, servers: Servers, content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        await ada.upload(content, "holiday.jpg")
    assert [(one["field"], one["code"]) for one in caught.value.problem["fields"]] == [("file", code)]
    assert (await ada.rest("GET", "/uploads/"))["items"] == []
    assert await kept(settings, servers) == (0, 0)


async def test_a_file_that_is_sent_again_by_its_key_is_one(ada: Person) -> None:
    async def sends_again(headers: dict[str, str], content: bytes = NOTE) -> Any:
        while True:
            try:
                return await ada.rest("POST", "/uploads/", partial(form, content, "a note"), headers=headers)
            except Refusal as refusal:
                if refusal.code != "under_way":
                    raise
                assert refusal.problem["retryable"]
            await asyncio.sleep(0.3)

    by_key = {"Idempotency-Key": key()}
    first, *others = await asyncio.gather(*(sends_again(by_key) for _ in range(5)))
    assert others == [first] * 4 == [await sends_again(by_key)] * 4
    assert (await ada.rest("GET", "/uploads/"))["items"] == [first]

    # What was not taken leaves its key free; what is deleted does not come back by it.
    free = {"Idempotency-Key": key()}
    with refused("invalid"):
        await sends_again(free, b"<svg/>")
    second = await sends_again(free)
    await ada.rest("DELETE", f"/uploads/{second['id']}/")
    with refused("not_found"):
        await sends_again(free)


async def test_nothing_that_hides_in_a_picture_comes_through(ada: Person) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("evil.html", "<script>alert(1)</script>")
    for hidden in (archive.getvalue(), b"<script>alert('planted')</script>"):
        upload = await ada.upload(picture() + hidden, "holiday.jpg.html")
        for one in upload["variants"].values():
            _, headers, body = await fetched(ada, one["url"])
            assert headers["Content-Type"].startswith("image/")
            assert b"script" not in body and b"evil" not in body and b"PK\x03\x04" not in body


@pytest.mark.parametrize(
    ("name", "tidied"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\notes.txt", "notes.txt"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("holiday.jpg.html", "holiday.jpg.html"),
        ("x" * 300 + ".txt", "x" * 116 + ".txt"),
        ("..", ""),
        ("schön.txt", "schön.txt"),
    ],
)
async def test_a_name_is_only_a_name(ada: Person, name: str, tidied: str) -> None:
    upload = await ada.upload(NOTE, name)
    assert upload["name"] == tidied
    status, headers, _ = await fetched(ada, upload["id"])
    assert status == 200
    assert headers["Content-Disposition"].startswith("attachment; filename")
    assert headers["Content-Type"] == "text/plain"


@given(st.text(max_size=300))
@example('a"; x="\r\nSet-Cookie: y=1\0.txt')
def test_no_name_leads_elsewhere_or_ends_a_header(name: str) -> None:
    tidied = tidy(name)
    assert len(tidied) <= 120
    assert not {*tidied} & {"/", "\\", "\0", "\r", "\n"} and tidied not in {".", ".."}
    assert tidy(tidied) == tidied


async def test_no_address_that_somebody_writes_is_fetched(
    ada: Person, bob: Person, settings: Settings, servers: Servers
) -> None:
    """Wherever one can be written: a server that counts its visitors has none."""
    visitors = []
    async with await asyncio.start_server(lambda *met: visitors.append(met), "127.0.0.1", 0) as canary:
        there = f"127.0.0.1:{canary.sockets[0].getsockname()[1]}/a.png"
        thread = await thread_of(ada, bob)
        shown = f"![a](http://{there}) https://{there}"
        async with serving(settings, servers, mailer=DevelopmentOutbox()):
            await ada.rest(
                "PUT", "/auth/profile", {"bio": shown, "portfolio": [{"title": "a", "link": f"https://{there}"}]}
            )
            for field in ("profile_picture", "bannerImage"):
                with refused("invalid"):
                    await ada.rest("PUT", "/auth/profile", {field: f"https://{there}"})
            with refused("invalid"):
                await ada.asks("gig:create", {**a_gig(images=[f"https://{there}"]), "client_id": key()})
            await ada.asks("gig:create", {**a_gig(description=shown), "client_id": key()})
            said = {"thread_id": thread["id"], "message_content": shown, "client_id": key()}
            await ada.asks("message:send", said)
            with refused("invalid"):
                await ada.asks("message:send", {**said, "attachment_reference": f"https://{there}", "client_id": key()})
            await begin(ada, content=shown)
            await nothing_is_due(settings, servers, timedelta())
    assert visitors == []


async def test_requests_that_carry_no_file(ada: Person) -> None:
    with refused("unsupported_media_type"):
        await ada.rest("POST", "/uploads/", {"file": "words"})
    wrong = aiohttp.FormData()
    wrong.add_field("picture", b"words", filename="a.txt")
    with refused("invalid"):
        await ada.rest("POST", "/uploads/", wrong)
    two = form(NOTE, "a.txt")
    two.add_field("more", "words")
    with refused("invalid"):
        await ada.rest("POST", "/uploads/", two)
    sent = {"Authorization": f"Bearer {ada.token}", "Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"", b"--y\r\n\r\n", b"--x--\r\n", b"--x\r\n\xc2\x8d\r\n--x--\r\n"):
        async with ada.http.post(f"{ada.url}/api/v1/uploads/", data=body, headers=sent) as response:
            assert response.status in {400, 422}, await response.text()
    # Nobody's bytes are read.
    async with ada.http.post(f"{ada.url}/api/v1/uploads/", data=form(NOTE, "a")) as response:
        assert response.status == 401


async def test_the_largest_file(
    ada: Person, settings: Settings, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.uploads.MOST_BYTES", 300_000)
    upload = await ada.upload(b"a" * 300_000)
    with refused("too_large"):
        await ada.upload(b"a" * 300_001)
    assert await kept(settings, servers) == (1, 1)
    # What was sent today, and what one more could have, is more than a day's worth.
    monkeypatch.setattr("handlers.uploads.BYTES_A_DAY", 599_999)
    with pytest.raises(Refusal) as caught:
        await ada.upload(NOTE)
    assert (caught.value.code, caught.value.problem["retry_after_ms"]) == ("rate_limited", 3_600_000)
    async with serving(settings, servers, ahead=timedelta(hours=25)) as tomorrow:
        ada.url = tomorrow
        await ada.log_in()
        # As many at once as there is room for, and no more.
        monkeypatch.setattr("handlers.uploads.BYTES_A_DAY", 900_000)
        asking = (surely(ada.upload, b"a" * 300_000) for _ in range(8))
        sent = await asyncio.gather(*asking, return_exceptions=True)
        assert sorted(getattr(one, "code", "kept") for one in sent) == ["kept"] * 3 + ["rate_limited"] * 5
    assert upload["variants"]["original"]["size"] == 300_000


async def test_a_cut_upload_leaves_nothing(ada: Person, settings: Settings, servers: Servers) -> None:
    where = urlsplit(ada.url)
    for length in (0, 100, 70_000, 200_000):
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        head = (
            f"POST /api/v1/uploads/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ada.token}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 400000\r\n\r\n"
            '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        )
        writer.write(head.encode() + b"a" * length)
        await writer.drain()
        async with asyncio.timeout(SOON):
            while (await kept(settings, servers))[0] == 0:
                await asyncio.sleep(0.02)
        writer.close()
        async with asyncio.timeout(SOON):
            while await kept(settings, servers) != (0, 0):
                await asyncio.sleep(0.02)
        assert await reader.read() == b""


async def test_what_nothing_refers_to_goes(ada: Person, settings: Settings, servers: Servers) -> None:
    await ada.upload(NOTE)
    # What a process left that died between its bytes and its end.
    await Backstage(settings, servers).half_an_upload(ada.id)
    assert await kept(settings, servers) == (2, 2)
    for hours, left in ((1, 1), (25, 0)):
        ahead = timedelta(hours=hours)
        async with serving(settings, servers, ahead=ahead, mailer=DevelopmentOutbox()):
            await nothing_is_due(settings, servers, ahead)
        assert await kept(settings, servers) == (left, left)
