"""The pages for people, as they are served: whole, from here alone, and allowed no more than they need."""

import hashlib
import re

import pytest
from aiohttp import web
from pytest_aiohttp.plugin import AiohttpClient

from server import docs, pages


async def test_the_page_of_a_call_is_whole_and_may_see_and_hear(aiohttp_client: AiohttpClient) -> None:
    app = web.Application()
    pages.add_routes(app)
    client = await aiohttp_client(app)

    answer = await client.get("/call")
    text = await answer.text()
    assert (answer.url.path, answer.status, answer.content_type) == ("/call/", 200, "text/html")
    assert answer.headers["Permissions-Policy"] == "camera=(self), microphone=(self), display-capture=(self)"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script>|<style|\son\w+=|\sstyle=", text)
    wanted = set(re.findall(r'(?:href|src)="/call/([^"]+)"', text))
    seen: set[str] = set()
    while wanted - seen:
        seen.add(name := (wanted - seen).pop())
        file = await client.get(f"/call/{name}")
        assert file.status == 200, name
        wanted |= set(re.findall(r'^import .* from "\./([^"]+)"', await file.text(), re.MULTILINE))
    assert seen == set(pages.CALL_ASSETS)


@pytest.mark.parametrize("path", ["/account/confirm", "/account/reset", "/account/appeal", "/docs/"])
async def test_no_other_page_sees_or_hears(aiohttp_client: AiohttpClient, path: str) -> None:
    app = web.Application()
    pages.add_routes(app)
    docs.add_routes(app)
    answer = await (await aiohttp_client(app)).get(path)
    assert "camera=(), microphone=()" in answer.headers["Permissions-Policy"]


def test_what_others_made_is_what_was_noted() -> None:
    ((digest, name),) = re.findall(r"^([0-9a-f]{128})  (\S+)$", (pages.CALL / "README.md").read_text(), re.MULTILINE)
    assert hashlib.sha512((pages.CALL / name).read_bytes()).hexdigest() == digest
