"""The pages for people, as they are served: whole, from here alone, and allowed no more than they need."""

import hashlib
import re
from datetime import UTC, datetime

import pytest
from aiohttp import web
from pytest_aiohttp.plugin import AiohttpClient

from handlers.letters import Letter
from server import docs, pages
from server.mail import DevelopmentOutbox
from store.calls import EndReason


@pytest.mark.parametrize(("name", "assets"), [("call", pages.CALL_ASSETS), ("staff", pages.STAFF_ASSETS)])
async def test_a_page_is_whole_and_runs_nothing_but_its_own(
    aiohttp_client: AiohttpClient, name: str, assets: tuple[str, ...]
) -> None:
    app = web.Application()
    pages.add_routes(app)
    client = await aiohttp_client(app)

    answer = await client.get(f"/{name}")
    text = await answer.text()
    assert (answer.url.path, answer.status, answer.content_type) == (f"/{name}/", 200, "text/html")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script>|<style|\son\w+=|\sstyle=", text)
    wanted = set(re.findall(r'(?:href|src)="(/[^"]+)"', text))
    seen: set[str] = set()
    while wanted - seen:
        seen.add(path := (wanted - seen).pop())
        file = await client.get(path)
        assert file.status == 200, path
        imported = re.findall(r'^import .* from "(?:\.|(?=/))(/[^"]+)"', await file.text(), re.MULTILINE)
        wanted |= {one if one.count("/") > 1 else path.rpartition("/")[0] + one for one in imported}
    assert {path.removeprefix(f"/{name}/") for path in seen if path.startswith(f"/{name}/")} == set(assets)


async def test_the_page_of_a_call_may_see_and_hear(aiohttp_client: AiohttpClient) -> None:
    app = web.Application()
    pages.add_routes(app)
    answer = await (await aiohttp_client(app)).get("/call/")
    assert answer.headers["Permissions-Policy"] == "camera=(self), microphone=(self), display-capture=(self)"


def test_the_page_of_a_call_has_words_for_every_end() -> None:
    (words,) = re.findall(r"const WHY = {(.*?)}", (pages.CALL / "room.js").read_text(), re.DOTALL)
    assert re.findall(r"^  (\w+): \"", words, re.MULTILINE) == [*EndReason]


@pytest.mark.parametrize("path", ["/account/confirm", "/account/reset", "/account/appeal", "/staff/", "/docs/"])
async def test_no_other_page_sees_or_hears(aiohttp_client: AiohttpClient, path: str) -> None:
    app = web.Application()
    pages.add_routes(app)
    docs.add_routes(app)
    answer = await (await aiohttp_client(app)).get(path)
    assert "camera=(), microphone=()" in answer.headers["Permissions-Policy"]


async def test_letters_are_shown_as_they_were_written(aiohttp_client: AiohttpClient) -> None:
    app, outbox = web.Application(), DevelopmentOutbox()
    pages.add_outbox(app, outbox)
    letter = Letter(to="<ada>@example.org", subject="{0} <b>Eve</b> wrote to you", text="Hello <you> {there}", html="")
    await outbox.send(letter, id_="1", at=datetime(2026, 5, 4, tzinfo=UTC))

    text = await (await (await aiohttp_client(app)).get("/outbox/")).text()

    head = "{0} &lt;b&gt;Eve&lt;/b&gt; wrote to you <small>to &lt;ada&gt;@example.org, 2026-05-04 00:00 UTC</small>"
    assert f"<article><h2>{head}</h2><p>Hello &lt;you&gt; {{there}}</p></article>" in text


def test_what_others_made_is_what_was_noted() -> None:
    ((digest, name),) = re.findall(r"^([0-9a-f]{128})  (\S+)$", (pages.CALL / "README.md").read_text(), re.MULTILINE)
    assert hashlib.sha512((pages.CALL / name).read_bytes()).hexdigest() == digest
