"""The forum: begun by one, answered by others, read by anybody; by socket and by REST it is one discussion."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.handlers.forum.discussions import EVENTS, SKILLS, answer, begin
from tests.people import Person, key, refused


@pytest.fixture
async def anybody(server: str, http: aiohttp.ClientSession) -> AsyncIterator[Person]:
    """Who has no account, and reads."""
    yield Person("anybody", server, http)


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
