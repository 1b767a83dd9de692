"""Letters as pages: what people wrote is text in them, links are those of this server, and nothing else is fetched."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from handlers.errands import ask_later
from handlers.letters import ConfirmAddress, Notice, Written
from store.activity import What
from tests.handlers.swaps.world import World, world

WEB = "https://skillnet.example.org"


@pytest.fixture
async def earth(mongodb_url: str, database_name: str) -> AsyncIterator[World]:
    async with world(mongodb_url, database_name, web_url=WEB) as made:
        yield made


async def test_every_letter_is_a_page_as_well(earth: World) -> None:
    ada = await earth.somebody("ada")
    await earth.store.users.update(ada, {"email": "ada@example.org"})
    told = Notice(
        what=What.BANNED, to="ada@example.org", name="<b>Ada</b>", device="<i>phone</i>", address="192.0.2.1",
        at=earth.now, more='https://evil.example.org/?"&\n\nhttps://evil.example.org/', statement_id="0" * 24,
    )  # fmt: skip
    for errand in (
        ConfirmAddress(user_id=ada, email="ada@example.org"),
        told,
        Written(to="ada@example.org", subject="Your copy is <ready>", text="Hello Ada,\n\nfetch it.\n"),
    ):
        await earth.has_done(partial(ask_later, errand))

    letters = {letter.subject: letter for letter in await earth.letters()}
    subjects = ("Confirm your e-mail address", "A change to your account", "Your copy is <ready>")
    confirm, notice, copy = [letters[subject] for subject in subjects]
    (link,) = [line for line in confirm.text.splitlines() if line.startswith(WEB)]
    assert f'<a href="{link}">{WEB}/account/confirm</a>' in confirm.html
    (link,) = [line for line in notice.text.splitlines() if line.startswith(WEB)]
    assert notice.html.count("<a ") == 1 and f'<a href="{link}">{WEB}/account/appeal</a>' in notice.html
    assert "<p>Hello &lt;b&gt;Ada&lt;/b&gt;,</p>" in notice.html and "<br>Device: &lt;i&gt;phone" in notice.html
    assert "<title>Your copy is &lt;ready&gt;</title>" in copy.html
    assert "<p>Hello Ada,</p><p>fetch it.</p></body>" in copy.html
    for letter in (confirm, notice, copy):
        assert letter.html.startswith('<!doctype html><html lang="en">')
        assert "src=" not in letter.html and "<link" not in letter.html and "url(" not in letter.html
