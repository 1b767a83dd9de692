"""The forum: begun by one, answered by others, read by anybody; by socket and by REST it is one discussion."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from server.engine import Connection
from server.gateway import Gateway
from server.seats import Seat
from tests.handlers.forum.discussions import EVENTS, SKILLS, answer, become_moderator, begin
from tests.people import Person, key, refused


@pytest.fixture
async def anybody(server: str, http: aiohttp.ClientSession) -> AsyncIterator[Person]:
    """Who has no account, and reads."""
    yield Person("anybody", server, http)


async def test_who_unwatches_and_leaves_at_once_takes_nothing_from_others(
    ada: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of one process watch, and the unwatching of one is carried out after the end of their connection."""
    begun, gone, done = asyncio.Event(), asyncio.Event(), asyncio.Event()
    unwatch, left = Gateway._unwatch, Gateway.on_disconnect

    async def late(self: Gateway, connection: Connection, seat: Seat, audience: str) -> None:
        begun.set()
        await gone.wait()
        await unwatch(self, connection, seat, audience)
        done.set()

    async def ended(self: Gateway, connection: Connection, reason: str) -> None:
        await left(self, connection, reason)
        gone.set()

    discussion = (await begin(ada))["discussion"]
    for person in (ada, bob):
        await person.asks("discussion:watch", {"thread_id": discussion["id"]})
    monkeypatch.setattr(Gateway, "_unwatch", late)
    monkeypatch.setattr(Gateway, "on_disconnect", ended)
    assert ada.socket is not None
    await ada.socket.emit("discussion:unwatch", {"thread_id": discussion["id"]}, callback=lambda *_: None)
    async with asyncio.timeout(15):
        await begun.wait()
        await ada.leave()
        await done.wait()

    said = await answer(await Person("eve", ada.url, ada.http).join(), discussion)
    assert (await bob.hears("post:created"))["post"]["id"] == said["id"]


async def test_a_discussion_is_one_by_either_door(ada: Person, bob_elsewhere: Person, anybody: Person) -> None:
    bob = bob_elsewhere
    begun = await begin(ada)
    discussion, opening = begun["discussion"], begun["items"][0]
    assert (opening["n"], opening["html"]) == (1, "<p>For a <em>beginner</em>.</p>\n")
    await bob.asks("discussion:watch", {"thread_id": discussion["id"]})
    await ada.asks("discussion:watch", {"thread_id": discussion["id"]})

    first = await answer(bob, discussion, parent_id=opening["id"])
    second = await ada.asks(
        "post:create", {"thread_id": discussion["id"], "content": "Thanks!", "parent_id": first["id"]}
    )

    assert [(post["n"], post["parent_id"], post["depth"]) for post in (first, second)] == [
        (2, opening["id"], 1),
        (3, first["id"], 2),
    ]
    for person in (ada, bob):
        assert [(await person.hears("post:created"))["post"] for _ in range(2)] == [first, second]
    page = await anybody.rest("GET", f"/forums/{discussion['id']}")
    assert page["items"] == [opening, first, second]
    assert (page["discussion"]["post_count"], page["discussion"]["mine"]) == (3, None)
    assert (await bob.asks("discussion:get", {"thread_id": discussion["id"]}))["items"] == page["items"]
    listed = await anybody.rest("GET", "/forums/")
    assert [one["id"] for one in listed["items"]] == [discussion["id"]]
    assert listed["items"][0]["last_updated"] == second["createdAt"]
    counts = {one["id"]: (one["discussion_count"], one["last_updated"]) for one in listed["categories"]}
    assert counts[SKILLS] == (1, second["createdAt"])
    assert counts[EVENTS] == (0, None)
    with refused("unauthenticated"):
        await answer(anybody, discussion)

    await bob.asks("discussion:unwatch", {"thread_id": discussion["id"]})
    third = await answer(bob, discussion)
    assert (await ada.hears("post:created"))["post"] == third
    assert bob.hears_nothing_of("post:created")


async def test_every_post_is_reached_page_by_page(ada: Person, anybody: Person) -> None:
    begun = await begin(ada)
    above, posts = begun["items"][0], [begun["items"][0]]
    for _ in range(8):
        above = await answer(ada, begun["discussion"], parent_id=above["id"])
        posts.append(above)

    read: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = await anybody.rest("GET", f"/forums/{begun['discussion']['id']}/?limit=2{cursor}")
        read += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert read == posts
    # What answers the deepest stands beside it, and says what it answers.
    assert [post["depth"] for post in read] == [0, 1, 2, 3, 4, 5, 5, 5, 5]
    assert {post["parent_id"] for post in read[5:]} == {read[4]["id"]}
    assert [post["reply_to"] for post in read[1:]] == [post["id"] for post in read[:-1]]


async def test_sending_again_changes_nothing(ada: Person) -> None:
    asked = {"title": "Once", "content": "only", "category_id": SKILLS, "client_id": key()}
    first = await ada.ack("discussion:create", asked)
    assert await ada.ack("discussion:create", asked) == {**first, "duplicate": True}
    said = {"thread_id": first["data"]["discussion"]["id"], "content": "only once", "client_id": key()}
    post = await ada.ack("post:create", said)
    assert await ada.ack("post:create", said) == {**post, "duplicate": True}
    page = await ada.asks("discussion:get", {"thread_id": said["thread_id"]})
    assert [one["n"] for one in page["items"]] == [1, 2]


async def test_a_post_is_edited_deleted_and_restored(people: tuple[Person, Person, Person], anybody: Person) -> None:
    ada, bob, eve = people
    begun = await begin(ada)
    discussion = begun["discussion"]
    post = await answer(bob, discussion, "Nylon")
    where = {"thread_id": discussion["id"], "post_id": post["id"]}
    await eve.asks("discussion:watch", {"thread_id": discussion["id"]})
    with refused("forbidden"):
        await ada.asks("post:edit", {**where, "content": "Steel"})

    edited = await bob.asks("post:edit", {**where, "content": "**Nylon**", "version": post["version"]})

    assert (edited["html"], edited["version"]) == ("<p><strong>Nylon</strong></p>\n", 2)
    assert (await eve.hears("post:edited"))["post"] == edited
    with refused("conflict"):
        await bob.asks("post:edit", {**where, "content": "Steel", "version": 1})
    deleted = await bob.rest("DELETE", f"/forums/{discussion['id']}/{post['id']}/")
    assert (deleted["deleted"], deleted["content"], deleted["html"], deleted["n"]) == (True, "", "", 2)
    assert (await eve.hears("post:deleted"))["post"] == deleted
    page = await anybody.rest("GET", f"/forums/{discussion['id']}/")
    assert page["items"][1] == deleted
    assert page["discussion"]["post_count"] == 1
    with refused("invalid"):
        await answer(eve, discussion, parent_id=post["id"])
    with refused("forbidden"):
        await ada.rest("POST", f"/forums/{discussion['id']}/{post['id']}/restore/")
    await become_moderator(eve, ada)
    former = await eve.rest("GET", f"/forums/{discussion['id']}/{post['id']}/edits/")
    assert [one["content"] for one in former["items"]] == ["**Nylon**", "Nylon"]

    restored = await bob.asks("post:restore", where)

    assert {**restored, "version": 2} == edited
    assert (await anybody.rest("GET", f"/forums/{discussion['id']}/"))["discussion"]["post_count"] == 2


async def test_with_its_last_post_a_discussion_goes(ada: Person, bob: Person, anybody: Person) -> None:
    begun = await begin(ada)
    path = f"/forums/{begun['discussion']['id']}/"

    await ada.rest("DELETE", f"{path}{begun['items'][0]['id']}/")

    listed = await anybody.rest("GET", "/forums/")
    assert listed["items"] == []
    assert {one["discussion_count"] for one in listed["categories"]} == {0}
    for person in (bob, anybody):
        with refused("not_found"):
            await person.rest("GET", path)
    with refused("not_found"):
        await answer(bob, begun["discussion"])
    with refused("invalid_transition"):
        await answer(ada, begun["discussion"])
    await ada.rest("POST", f"{path}{begun['items'][0]['id']}/restore/")
    assert len((await anybody.rest("GET", "/forums/"))["items"]) == 1


async def test_votes_count_once_and_the_asker_accepts(ada: Person, bob: Person, eve: Person) -> None:
    begun = await begin(ada)
    discussion = begun["discussion"]
    where = {"thread_id": discussion["id"]}
    post = {**where, "post_id": (await answer(bob, discussion))["id"]}
    await ada.asks("discussion:watch", where)
    with refused("forbidden"):
        await bob.asks("post:vote", post)
    for _ in range(2):
        await eve.asks("post:vote", post)
    await ada.asks("post:vote", post)
    assert [(await ada.hears("post:voted"))["votes"] for _ in range(2)] == [1, 2]
    page = await eve.asks("discussion:get", where)
    assert (page["items"][1]["votes"], page["voted"]) == (2, [post["post_id"]])
    assert (await bob.asks("discussion:get", where))["voted"] == []
    await eve.asks("post:unvote", post)
    await eve.asks("post:unvote", post)
    assert (await ada.hears("post:voted"))["votes"] == 1

    with refused("forbidden"):
        await bob.asks("post:accept", post)
    with refused("invalid_transition"):
        await ada.asks("post:accept", {**where, "post_id": begun["items"][0]["id"]})
    accepted = await ada.asks("post:accept", post)

    assert accepted["accepted"] == post["post_id"]
    told = (await bob.hears("notification:created"))["notification"]
    assert (told["topic"], told["title"], told["about"]) == (
        "forum",
        "Your answer was accepted",
        f"discussion:{discussion['id']}",
    )
    assert (await ada.hears("discussion:updated"))["discussion"]["accepted"] == post["post_id"]
    # Of what is deleted nobody is told that it is the answer.
    await bob.asks("post:delete", post)
    assert (await eve.asks("discussion:get", where))["discussion"]["accepted"] is None


async def test_who_follows_is_told_once_until_they_read(ada: Person, bob: Person, eve: Person) -> None:
    begun = await begin(ada, mentions=[eve.id])
    discussion = begun["discussion"]
    where = {"thread_id": discussion["id"]}
    mention = (await eve.hears("notification:created"))["notification"]
    assert (mention["title"], mention["text"], mention["data"]["n"]) == (
        "Somebody mentioned you",
        "Which strings?",
        1,
    )

    for number in range(3):
        await answer(bob, discussion, f"{number}")

    told = [(await ada.hears("notification:created"))["notification"] for _ in range(3)]
    assert [one["title"] for one in told] == ["A new post", "2 new posts", "3 new posts"]
    assert len({one["id"] for one in told}) == 1
    followed = (await ada.asks("discussion:followed", {}))["items"]
    assert [(one["id"], one["mine"]["unread_count"]) for one in followed] == [(discussion["id"], 3)]
    phone = await ada.another_device()
    read = await ada.asks("discussion:read", {**where, "up_to": 4})
    assert (read["mine"]["unread_count"], read["mine"]["read_up_to"]) == (0, 4)
    assert (await phone.hears("follow:changed"))["mine"] == read["mine"]
    assert (await phone.hears("notification:read"))["ids"] == [told[0]["id"]]
    await phone.leave()
    assert (await ada.asks("discussion:read", {**where, "up_to": 2}))["mine"]["read_up_to"] == 4

    await ada.asks("discussion:mute", {**where, "until": "2999-01-01T00:00:00Z"})
    await eve.asks("discussion:follow", {**where, "level": "ignored"})
    await answer(bob, discussion, "for nobody", mentions=[ada.id, eve.id])
    await ada.asks("discussion:mute", {**where, "until": None})
    await answer(bob, discussion, "for Ada")

    assert (await ada.hears("notification:created"))["notification"]["data"]["n"] == 6
    assert eve.hears_nothing_of("notification:created")
    assert bob.hears_nothing_of("notification:created")
    assert (await eve.asks("discussion:list", {}))["items"] == []
    assert [one["id"] for one in (await eve.asks("discussion:followed", {"level": "ignored"}))["items"]] == [
        discussion["id"]
    ]
    for wrong in ("0" * 24, "x"):
        with refused("invalid"):
            await answer(bob, discussion, mentions=[wrong])


async def test_lists_are_sorted_filtered_and_paged(ada: Person, bob: Person, anybody: Person) -> None:
    guitar = (await begin(ada, title="Strings", tags=["Guitar"]))["discussion"]
    piano = (await begin(ada, title="Keys", tags=["piano", "Beginners"]))["discussion"]
    meet_up = (await begin(ada, title="Meet", category_id=EVENTS, tags=["guitar"]))["discussion"]
    opening = (await ada.asks("discussion:get", {"thread_id": piano["id"]}))["items"][0]
    await bob.asks("post:vote", {"thread_id": piano["id"], "post_id": opening["id"]})
    await answer(bob, guitar)

    async def listed(**asked: object) -> list[str]:
        found: list[str] = []
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        cursor = ""
        while True:
            page = await anybody.rest("GET", f"/forums/?limit=1&{query}{cursor}")
            found += [one["title"] for one in page["items"]]
            assert bool(page["categories"]) == (cursor == "")
            if page["next_cursor"] is None:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    assert await listed() == ["Strings", "Meet", "Keys"]
    assert await listed(sort="newest") == ["Meet", "Keys", "Strings"]
    assert await listed(sort="votes") == ["Keys", *sorted(("Strings", "Meet"), key=lambda one: one == "Strings")]
    assert await listed(sort="unanswered") == ["Meet", "Keys"]
    assert await listed(tag="GUITAR") == ["Strings", "Meet"]
    assert await listed(tag="guitar", category_id=EVENTS) == ["Meet"]
    assert await listed(tag="beginners") == ["Keys"]
    assert await listed(tag="?") == []
    # A tag that is a skill says by which key offers of it are found; another word for it is the same tag.
    assert guitar["tags"] == [{"name": "guitar", "skill": "guitar"}]
    assert await listed(tag="guitarra") == ["Strings", "Meet"]
    assert piano["tags"][1] == {"name": "beginners", "skill": None}
    edited = await ada.asks("discussion:edit", {"thread_id": meet_up["id"], "title": "Meet up", "tags": []})
    assert (edited["title"], edited["tags"]) == ("Meet up", [])
    assert await listed(category_id=EVENTS, tag="guitar") == []


async def test_staff_pins_locks_moves_hides_and_merges(people: tuple[Person, Person, Person], anybody: Person) -> None:
    ada, bob, eve = people
    await become_moderator(eve, ada)
    old, new = [(await begin(ada, title=title))["discussion"] for title in ("The old one", "The new one")]
    post = await answer(bob, old, "moved", parent_id=None)
    below = await answer(ada, old, "with it", parent_id=post["id"])
    await ada.asks("discussion:watch", {"thread_id": old["id"]})
    staff = f"/forums/{old['id']}/staff/"

    async def titles(query: str = "") -> list[str]:
        return [one["title"] for one in (await anybody.rest("GET", f"/forums/?{query}"))["items"]]

    await answer(bob, new)
    assert await titles() == ["The new one", "The old one"]
    await eve.rest("PUT", staff, {"pinned": True})
    assert await titles() == ["The old one", "The new one"]
    assert (await ada.hears("discussion:updated"))["discussion"]["pinned"] is True
    await eve.rest("PUT", staff, {"pinned": False, "category_id": EVENTS})
    assert await titles(f"category_id={EVENTS}") == ["The old one"]
    counts = {one["id"]: one["discussion_count"] for one in (await anybody.rest("GET", "/forums/"))["categories"]}
    assert (counts[SKILLS], counts[EVENTS]) == (1, 1)

    await eve.rest("PUT", staff, {"locked": True})
    with refused("invalid_transition"):
        await answer(bob, old)
    with refused("invalid_transition"):
        await bob.asks("post:edit", {"thread_id": old["id"], "post_id": post["id"], "content": "no"})
    await answer(eve, old, "staff may")

    await eve.rest("PUT", staff, {"locked": False, "hidden": True, "reason": "Spam."})
    for person in (anybody, bob, ada):
        with refused("not_found"):
            await person.rest("GET", f"/forums/{old['id']}/")
    assert await titles() == ["The new one"]
    assert (await eve.rest("GET", f"/forums/{old['id']}/"))["discussion"]["hidden"] is True
    await eve.rest("PUT", staff, {"hidden": False})

    hidden = await eve.rest("PUT", f"/forums/{old['id']}/{post['id']}/staff/", {"hidden": True, "reason": "Spam."})
    assert (hidden["hidden"], hidden["content"]) == (True, "")
    assert (await anybody.rest("GET", f"/forums/{old['id']}/"))["items"][1] == hidden
    assert (await eve.rest("GET", f"/forums/{old['id']}/"))["items"][1]["content"] == "moved"
    await eve.rest("PUT", f"/forums/{old['id']}/{post['id']}/staff/", {"hidden": False})

    merged = await eve.rest("POST", f"/forums/{old['id']}/merge/", {"into": new["id"]})
    assert (merged["id"], merged["last_n"], merged["post_count"]) == (new["id"], 6, 6)
    page = await anybody.rest("GET", f"/forums/{new['id']}/")
    assert [one["n"] for one in page["items"]] == list(range(1, 7))
    assert {one["thread_id"] for one in page["items"]} == {new["id"]}
    assert [one["content"] for one in page["items"]][3:] == ["moved", "with it", "staff may"]
    assert page["items"][4]["parent_id"] == post["id"] and page["items"][4]["id"] == below["id"]
    gone = await anybody.rest("GET", f"/forums/{old['id']}/")
    assert (gone["discussion"]["merged_into"], gone["items"]) == (new["id"], [])
    with refused("invalid_transition"):
        await answer(bob, old)
    assert await titles() == ["The new one"]
    assert [one["id"] for one in (await eve.asks("discussion:followed", {}))["items"]] == [new["id"]]
    counts = {one["id"]: one["discussion_count"] for one in (await anybody.rest("GET", "/forums/"))["categories"]}
    assert (counts[SKILLS], counts[EVENTS]) == (1, 0)


async def test_staff_adds_renames_and_orders_categories(people: tuple[Person, Person, Person], anybody: Person) -> None:
    ada, _, eve = people
    await become_moderator(eve, ada)
    made = await eve.rest("POST", "/forums/categories/", {"name": "Strings", "position": 0})
    await eve.rest("PUT", f"/forums/categories/{EVENTS}/", {"name": "Meetings"})

    categories = (await anybody.rest("GET", "/forums/"))["categories"]

    assert (categories[0]["id"], categories[0]["name"]) == (made["id"], "Strings")
    assert [one["name"] for one in categories if one["id"] == EVENTS] == ["Meetings"]
    assert len(categories) == 7
    with refused("not_found"):
        await eve.rest("PUT", f"/forums/categories/{'f' * 24}/", {"name": "Meetings"})
    with refused("invalid"):
        await begin(ada, category_id="f" * 24)
    assert (await begin(ada, category_id=made["id"]))["discussion"]["category_id"] == made["id"]


async def test_answers_are_found_by_their_words(ada: Person, bob: Person, anybody: Person) -> None:
    discussion = (await begin(ada))["discussion"]
    first = await answer(bob, discussion, "Nylon, *wound* tightly.")
    second = await answer(ada, discussion, "Nylon it is.")

    async def found(q: str) -> list[tuple[str, int]]:
        page = await anybody.rest("GET", f"/forums/posts/?q={q}")
        assert await ada.asks("post:search", {"q": q}) == page
        return [(one["title"], one["post"]["n"]) for one in page["items"]]

    assert await found("nylon") == [("Which strings?", 3), ("Which strings?", 2)]
    assert await found("nylon wou") == [("Which strings?", 2)] and await found("steel") == []
    page = await anybody.rest("GET", "/forums/posts/?q=nylon&limit=1")
    rest = await anybody.rest("GET", f"/forums/posts/?q=nylon&limit=1&cursor={page['next_cursor']}")
    assert [one["post"]["n"] for one in (*page["items"], *rest["items"])] == [3, 2]
    path = f"/forums/{discussion['id']}"
    await bob.rest("PUT", f"{path}/{first['id']}/", {"content": "Steel."})
    await ada.rest("DELETE", f"{path}/{second['id']}/")
    assert await found("nylon") == [] and await found("steel") == [("Which strings?", 2)]
    await ada.rest("POST", f"{path}/{second['id']}/restore/")
    assert await found("nylon") == [("Which strings?", 3)]
