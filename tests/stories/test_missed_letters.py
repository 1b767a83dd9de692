"""Letters about what was not read: together, hardly often, daily for some, and no more after one click."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from handlers.notifying import notify
from server.config import Settings
from server.core import Core, make_core, utc_now
from server.embedded import Endpoints
from server.mail import SmtpMailer
from store.notifications import Topic
from tests.backstage import worked
from tests.conftest import serving
from tests.people import Person
from tests.processes import Servers
from tests.smtp import PostOffice, part, post_office

WEB = "https://skillnet.example.org"
TWO = "2 notifications on SkillNet"
DAY = "Your day on SkillNet"


@pytest.fixture
def post(tmp_path: Path) -> Iterator[PostOffice]:
    """A mail server of this test's own."""
    folder = tmp_path / "letters"
    folder.mkdir()
    office, child = post_office(folder)
    with child:
        yield office


@pytest.fixture
def mailer(post: PostOffice) -> SmtpMailer:
    return SmtpMailer(post.url, "SkillNet <letters@skillnet.example.org>")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"web_url": WEB})


@pytest.fixture
def later(settings: Settings, servers: Servers, mailer: SmtpMailer) -> Callable[..., Any]:
    """The same server, so much later."""
    return lambda **ahead: serving(settings, servers, ahead=timedelta(**ahead), mailer=mailer)


@pytest.fixture
async def server(settings: Settings, servers: Servers, mailer: SmtpMailer) -> AsyncIterator[str]:
    """A server whose worker sends letters."""
    async with serving(settings, servers, mailer=mailer) as url:
        yield url


@pytest.fixture
async def other(settings: Settings, servers: Servers, server: str) -> AsyncIterator[Core]:
    """Another process of the same server, in which something happens."""
    core = make_core(settings, Endpoints(servers.mongodb_url, servers.redis_url))
    await core.start(lambda _audience, _event: None, lambda _audience, _position: None)
    yield core
    await core.stop()


async def tell(core: Core, person: Person, title: str, *, topic: Topic = Topic.SWAPS, **said: Any) -> None:
    told = {"about": "swap:" + "1" * 24, **said}
    await worked(core, lambda ctx: notify([person.id], topic, ctx, title=title, **told))


def missed(post: PostOffice, person: Person) -> list[str]:
    return [one["Subject"] for one in post.letters(person.email)]


async def test_one_letter_tells_all_that_was_missed_and_nothing_that_was_read(
    ada: Person, later: Callable[..., Any], post: PostOffice, other: Core
) -> None:
    await tell(other, ada, "seen in time")
    await tell(other, ada, "Bob accepted", text="See you & <b>Eve</b>")
    await tell(other, ada, "Eve asks", text="Monday?")
    seen = next(one for one in (await ada.asks("notification:list"))["items"] if one["title"] == "seen in time")
    await ada.asks("notification:mark_read", {"ids": [seen["id"]]})
    await tell(other, ada, "not by letter", topic=Topic.ACHIEVEMENTS)

    async with later(minutes=20):
        letter = await post.letter(ada.email, TWO)
        assert letter.is_multipart() and letter["Auto-Submitted"] == "auto-generated"
        for kind in ("plain", "html"):
            assert "Bob accepted" in part(letter, kind) and "Eve asks" in part(letter, kind)
            assert "seen in time" not in part(letter, kind) and "not by letter" not in part(letter, kind)
        assert "See you &amp; &lt;b&gt;Eve&lt;/b&gt;" in part(letter, "html")

    # What a letter has told, none tells again; and the next one waits an hour.
    await tell(other, ada, "Bob is late")
    async with later(minutes=45):
        await asyncio.sleep(2)  # It would be on its way.
        assert missed(post, ada) == [TWO]
    async with later(minutes=90):
        assert "Bob accepted" not in part(await post.letter(ada.email, "Bob is late"), "plain")


async def test_a_letter_that_had_to_wait_tells_what_is_still_unread(
    ada: Person, later: Callable[..., Any], post: PostOffice, other: Core
) -> None:
    post.answers("451 Come back later")
    await tell(other, ada, "Bob accepted")
    await tell(other, ada, "Eve asks")
    async with later(minutes=20):
        await post.refusals(1)
        (first,) = [one for one in (await ada.asks("notification:list"))["items"] if one["title"] == "Eve asks"]
        await ada.asks("notification:mark_read", {"ids": [first["id"]]})
        post.answers(None)
        assert "Eve" not in part(await post.letter(ada.email, "Bob accepted"), "plain")


async def test_nobody_is_written_to_at_an_address_that_may_be_anothers(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession, post: PostOffice, mailer: SmtpMailer
) -> None:
    confirming = settings.model_copy(update={"confirm_email": True})
    async with serving(confirming, servers) as url:
        ann = await Person("ann", url, http).join()
        core = make_core(confirming, Endpoints(servers.mongodb_url, servers.redis_url))
        await core.start(lambda _audience, _event: None, lambda _audience, _position: None)
        await tell(core, ann, "Bob accepted")
        await core.stop()
        async with serving(confirming, servers, ahead=timedelta(minutes=20), mailer=mailer):
            await post.letter(ann.email, "Confirm your e-mail address")
            await asyncio.sleep(2)  # It would be on its way.
    assert missed(post, ann) == ["Confirm your e-mail address"]


async def test_the_daily_letter_comes_at_its_hour(
    ada: Person, later: Callable[..., Any], post: PostOffice, other: Core
) -> None:
    hour = (utc_now() + timedelta(hours=5)).hour
    await ada.asks("preferences:set", {"digest_hour": hour})
    await tell(other, ada, "An answer", topic=Topic.FORUM)
    await tell(other, ada, "A match", topic=Topic.MATCHES)
    async with later(hours=3):
        await asyncio.sleep(2)  # It would be on its way.
        assert missed(post, ada) == []
    async with later(hours=5):
        letter = await post.letter(ada.email, DAY)
    assert "An answer" in part(letter, "plain") and "A match" in part(letter, "plain")


async def test_one_click_ends_letters_about_a_topic_without_signing_in(
    ada: Person, later: Callable[..., Any], post: PostOffice, other: Core
) -> None:
    await tell(other, ada, "Bob accepted")
    async with later(minutes=20):
        letter = await post.letter(ada.email, "Bob accepted")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = letter["List-Unsubscribe"].strip("<>")
    assert link in part(letter, "plain").replace("\n", "") or link.startswith(f"{WEB}/unsubscribe/")
    assert ada.id not in link and "swaps" not in link
    here = link.replace(WEB, ada.url)

    # Programs that follow links change nothing.
    async with ada.http.get(here) as page:
        assert (page.status, page.headers["Referrer-Policy"]) == (200, "no-referrer")
        assert 'method="post"' in await page.text()
    assert "email" in await channels(ada, "swaps")
    for _ in range(2):
        async with ada.http.post(here, data={"List-Unsubscribe": "One-Click"}) as done:
            assert done.status == 200 and "Requests to swap" in await done.text()
    assert await channels(ada, "swaps") == ["in_app", "push"]
    assert "email" in await channels(ada, "messages")
    async with ada.http.post(here[:-9] + "AAAAAAAA=") as wrong:
        assert wrong.status == 422

    await tell(other, ada, "Eve asks")
    async with later(hours=3):
        await asyncio.sleep(2)  # It would be on its way.
    assert missed(post, ada) == ["Bob accepted"]


async def channels(person: Person, topic: str) -> list[str]:
    """By what a topic reaches somebody."""
    found = (await person.rest("GET", "/notifications/preferences/"))["topics"]
    return next(list(one["channels"]) for one in found if one["topic"] == topic)
