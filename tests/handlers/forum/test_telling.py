"""Who hears of what is written: everybody who follows, however many they are, and once."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from handlers.errors import Invalid
from store.users import Role
from tests.handlers.forum.discussions import SKILLS
from tests.handlers.swaps.world import World, world

ABOUT = {"title": "Which strings?", "content": "Nylon?", "category_id": SKILLS}


@pytest.fixture
async def earth(mongodb_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    for module in ("telling", "moderating"):
        monkeypatch.setattr(f"handlers.forum.{module}.FOLLOWERS_AT_ONCE", 2)
    async with world(mongodb_url, database_name, newcomer_delay_seconds=0) as made:
        yield made


async def begins(earth: World, person: str, **more: Any) -> dict[str, Any]:
    begun: dict[str, Any] = await earth.asks(person, "discussion:create", **ABOUT, **more)
    return begun


async def told(earth: World, person: str) -> list[str]:
    """The titles of what somebody is notified of."""
    return [one["notification"]["title"] for one in await earth.told(person, "notification:created")]


async def test_everybody_who_follows_hears_of_a_post_and_goes_along_with_a_merge(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    mod = await earth.somebody("mod", role=Role.MODERATOR)
    one, other, last = [{"thread_id": (await begins(earth, ada))["discussion"]["id"]} for _ in range(3)]
    followers = sorted([await earth.somebody(f"follower {number}") for number in range(5)])
    for person in followers:
        await earth.asks(person, "discussion:follow", **one)
    # Who hears nothing of it takes nobody's place.
    await earth.asks(followers[0], "discussion:mute", **one, until=earth.after(days=1))

    await earth.asks(bob, "post:create", **one, content="Steel.")
    await earth.passes(seconds=5)

    assert [await told(earth, person) for person in followers] == [[], *[["A new post"]] * 4]
    assert (await told(earth, ada), await told(earth, bob)) == (["A new post"], [])

    # Merged twice, before any worker has moved those who follow.
    for source, into in ((one, other), (other, last)):
        await earth.asks(mod, "merge_discussions", **source, into=into["thread_id"])
    await earth.passes(seconds=5)
    for person in followers:
        followed = (await earth.asks(person, "discussion:followed"))["items"]
        assert [found["id"] for found in followed] == [last["thread_id"]]


async def test_what_is_deleted_meanwhile_calls_nobody_more(earth: World) -> None:
    ada, bob = await earth.somebody("ada"), await earth.somebody("bob")
    where = {"thread_id": (await begins(earth, ada))["discussion"]["id"]}
    followers = sorted([await earth.somebody(f"follower {number}") for number in range(3)])
    for person in followers:
        await earth.asks(person, "discussion:follow", **where)
    post = await earth.asks(bob, "post:create", **where, content="Steel.")
    await earth.asks(bob, "post:delete", **where, post_id=post["id"])
    await earth.passes(seconds=5)
    assert await told(earth, followers[-1]) == []


async def test_a_post_tells_each_whom_it_mentions_once(earth: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, bob, eve = [await earth.somebody(name) for name in ("ada", "bob", "eve")]
    begun = await begins(earth, ada, mentions=[bob])
    post = {"thread_id": begun["discussion"]["id"], "post_id": begun["items"][0]["id"], "content": "Nylon?"}
    for mentions in ([], [bob, eve], [], [eve, bob]):
        edited = await earth.asks(ada, "post:edit", **post, mentions=mentions)
    assert edited["mentions"] == [eve, bob]
    assert [await told(earth, person) for person in (bob, eve)] == [["Somebody mentioned you"]] * 2
    monkeypatch.setattr("handlers.forum.editing.MOST_MENTIONED", 2)
    with pytest.raises(Invalid):
        await earth.asks(ada, "post:edit", **post, mentions=[ada])
