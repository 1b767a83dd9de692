"""What the forum asks of those who write: an address, patience at first, and texts, tags and pictures within bounds."""

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from server.config import Settings
from server.mail import DevelopmentOutbox
from store.tickets import Purpose
from tests.conftest import serving
from tests.handlers.forum.discussions import SKILLS, answer, become_moderator, begin
from tests.people import Person, Refusal, key, refused, surely
from tests.processes import Servers
from tests.stories.test_uploads import picture

pytestmark = pytest.mark.usefixtures("unlimited")


async def test_who_writes_has_confirmed_who_they_are(
    settings: Settings, servers: Servers, people: tuple[Person, Person, Person]
) -> None:
    ada, _, _ = people
    begun = await begin(ada)
    async with serving(settings.model_copy(update={"confirm_email": True}), servers) as strict:
        newcomer = await (await Person("newcomer", strict, ada.http).join()).connect()
        with refused("email_unconfirmed"):
            await begin(newcomer)
        with refused("email_unconfirmed"):
            await answer(newcomer, begun["discussion"])
        with refused("email_unconfirmed"):
            where = {"thread_id": begun["discussion"]["id"], "post_id": begun["items"][0]["id"]}
            await newcomer.asks("post:vote", where)
        assert ada.backstage is not None
        token = await ada.backstage.link(Purpose.CONFIRM, newcomer.id, newcomer.email)
        await newcomer.rest("POST", "/auth/email/confirm", {"token": token})
        assert (await answer(newcomer, begun["discussion"]))["n"] == 2
        await newcomer.leave()


async def test_newcomers_wait_between_posts_and_link_little(
    settings: Settings, servers: Servers, http: aiohttp.ClientSession
) -> None:
    """Until something of theirs has stood for a day; what is hidden or deleted has not."""
    strict = settings.model_copy(update={"newcomer_delay_seconds": 60})
    links = " ".join(f"https://{name}.example" for name in "abc")
    async with serving(strict, servers) as server:
        ada = await Person("ada", server, http).join()
        async with ada_at(ada, server):
            with refused("invalid"):
                await begin(ada, content=links)
            begun = await begin(ada, content="https://a.example https://b.example")
            with pytest.raises(Refusal) as caught:
                await answer(ada, begun["discussion"])
            assert caught.value.code == "rate_limited"
            assert 0 < caught.value.problem["retry_after_ms"] <= 60_000
            # One may mend at once what one wrote, and add no links by that.
            where = {"thread_id": begun["discussion"]["id"], "post_id": begun["items"][0]["id"]}
            await ada.asks("post:edit", {**where, "content": "Better."})
            with refused("invalid"):
                await ada.asks("post:edit", {**where, "content": links})
    async with serving(strict, servers, ahead=timedelta(seconds=61)) as server, ada_at(ada, server):
        assert (await answer(ada, begun["discussion"]))["n"] == 2
    async with serving(strict, servers, ahead=timedelta(days=1, hours=1)) as server, ada_at(ada, server):
        for number in range(2):
            assert (await answer(ada, begun["discussion"], links))["n"] == 3 + number


class ada_at:  # noqa: N801 - reads as words
    """Somebody at another server for a while, signed in again there."""

    def __init__(self, person: Person, server: str) -> None:
        self._person, self._server = person, server

    async def __aenter__(self) -> None:
        self._person.url = self._server
        await self._person.log_in()
        await self._person.connect()

    async def __aexit__(self, *_: object) -> None:
        await self._person.leave()


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("title", "x" * 140, "x" * 141),
        ("title", "xyz", "xy"),
        ("title", "One line", "Two\nlines"),
        ("content", "é" * 4096, "é" * 4096 + "x"),
        ("content", "x", "   "),
        ("tags", [f"tag {number}" for number in range(5)], [f"tag {number}" for number in range(6)]),
        ("tags", ["x" * 32], ["x" * 33]),
        ("mentions", [], ["0" * 24] * 21),
    ],
)
async def test_what_is_written_has_bounds(ada: Person, field: str, good: object, bad: object) -> None:
    await begin(ada, **{field: good})
    with refused("invalid"):
        await begin(ada, **{field: bad})


async def test_a_post_shows_pictures_of_its_author_to_anybody(
    people: tuple[Person, Person, Person], settings: Settings, servers: Servers
) -> None:
    ada, bob, eve = people
    anybody = Person("anybody", ada.url, ada.http)
    mine, second, his = [await person.upload(picture(64, 64), "x.jpg") for person in (ada, ada, bob)]
    note = await ada.upload(b"No picture.")

    async def status(upload: dict[str, Any], reader: Person = anybody) -> int:
        headers = {"Authorization": f"Bearer {reader.token}"} if reader.token else {}
        async with ada.http.get(f"{ada.url}/api/v1/uploads/{upload['id']}/?size=preview", headers=headers) as response:
            await response.read()
            return response.status

    assert await status(mine) == 404
    begun = await begin(ada, content=f"![Mine](upload:{mine['id']})")
    opening, discussion = begun["items"][0], begun["discussion"]
    assert f'<img src="/api/v1/uploads/{mine["id"]}/?size=preview" alt="Mine">' in opening["html"]
    assert await status(mine) == 200
    for wrong in (his, note, {"id": "0" * 24}, mine):
        with refused("invalid"):
            await answer(ada, discussion, f"![x](upload:{wrong['id']})")
    assert (await ada.asks("discussion:get", {"thread_id": discussion["id"]}))["discussion"]["last_n"] == 1
    with refused("invalid_transition"):
        await ada.rest("DELETE", f"/uploads/{mine['id']}/")

    # What it shows no more goes; what it shows now is seen, until staff hides it.
    where = {"thread_id": discussion["id"], "post_id": opening["id"]}
    await ada.asks("post:edit", {**where, "content": f"![](/api/v1/uploads/{second['id']}/)"})
    assert [await status(one) for one in (mine, second)] == [404, 200]
    await become_moderator(eve, ada)
    staff = f"/forums/{discussion['id']}/staff/"
    await eve.rest("PUT", staff, {"hidden": True, "reason": "Spam."})
    assert await status(second) == 404
    await eve.rest("PUT", staff, {"hidden": False})
    assert await status(second) == 200
    await ada.asks("post:delete", where)
    assert await status(second) == 404
    outbox = DevelopmentOutbox()
    async with serving(settings, servers, ahead=timedelta(minutes=17), mailer=outbox), asyncio.timeout(20):
        while {one["id"] for one in (await ada.rest("GET", "/uploads/"))["items"]} != {note["id"]}:
            await asyncio.sleep(0.05)


async def test_discussions_are_found_by_their_words(ada: Person, bob: Person) -> None:
    strings = (await begin(ada, title="Which strings?", content="For my Café guitar", tags=["Beginner"]))["discussion"]
    keys = (await begin(ada, title="Which keys?", content="For a piano"))["discussion"]

    async def found(q: str, **more: object) -> list[str]:
        return [one["id"] for one in (await bob.asks("discussion:list", {"q": q, **more}))["items"]]

    assert await found("which") == [keys["id"], strings["id"]]
    assert await found("CAFE gui") == [strings["id"]]
    assert await found("beginner") == [strings["id"]]
    assert await found("which", tag="beginner") == [strings["id"]]
    assert await found("which", category_id="f" * 24) == []
    assert await found("guitar piano") == []
    first = await bob.asks("discussion:list", {"q": "which", "limit": 1})
    second = await bob.asks("discussion:list", {"q": "which", "limit": 1, "cursor": first["next_cursor"]})
    assert [one["id"] for one in first["items"] + second["items"]] == [keys["id"], strings["id"]]
    assert second["next_cursor"] is None
    opening = (await ada.asks("discussion:get", {"thread_id": strings["id"]}))["items"][0]
    where = {"thread_id": strings["id"], "post_id": opening["id"]}
    await ada.asks("post:edit", {**where, "content": "For my lute"})
    assert (await found("guitar"), await found("lute")) == ([], [strings["id"]])
    await ada.asks("discussion:edit", {"thread_id": strings["id"], "title": "Which gut?", "tags": []})
    assert (await found("strings"), await found("beginner"), await found("gut lut")) == ([], [], [strings["id"]])
    await answer(bob, strings)
    await ada.asks("post:delete", where)
    assert (await found("lute"), await found("gut")) == ([], [strings["id"]])
    for wrong in ("a", "!!", ".*", {"$regex": ".*"}, "x" * 101):
        with refused("invalid"):
            await bob.asks("discussion:list", {"q": wrong})
    with refused("invalid"):
        await found("which", sort="votes")


async def test_a_double_click_begins_one_discussion(ada: Person, other_server: str) -> None:
    """Fifty at once, on two processes, with one key."""
    there = Person("ada", other_server, ada.http, token=ada.token)
    body = {"title": "Once", "content": "only", "category_id": SKILLS}
    headers = {"Idempotency-Key": key()}

    async def ask(person: Person) -> Any:
        return await person.rest("POST", "/forums/", body, headers=headers)

    answers = await asyncio.gather(*(surely(ask, ada if number % 2 else there) for number in range(50)))

    assert all(one == answers[0] for one in answers)
    listed = await ada.asks("discussion:list", {})
    assert [one["id"] for one in listed["items"]] == [answers[0]["discussion"]["id"]]
    assert {one["discussion_count"] for one in listed["categories"]} == {0, 1}
    with refused("idempotency_key_reused"):
        await ada.rest("POST", "/forums/", {**body, "title": "Twice"}, headers=headers)


async def test_numbers_are_dense_whoever_writes_and_votes_at_once(ada: Person, bob_elsewhere: Person) -> None:
    bob = bob_elsewhere
    begun = await begin(ada)
    discussion, opening = begun["discussion"], begun["items"][0]

    writing = [surely(answer, person, discussion, client_id=key()) for _ in range(5) for person in (ada, bob)]
    path = f"/forums/{discussion['id']}/{opening['id']}/vote/"
    voting = [surely(bob.rest, "PUT", path, {}) for _ in range(4)]
    await asyncio.gather(*writing, *voting)

    page = await ada.asks("discussion:get", {"thread_id": discussion["id"]})
    assert [post["n"] for post in page["items"]] == list(range(1, 12))
    assert (page["discussion"]["post_count"], page["discussion"]["votes"], page["items"][0]["votes"]) == (11, 1, 1)
