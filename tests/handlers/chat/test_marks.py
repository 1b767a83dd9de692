"""Marks: how far people have read, on all their devices, and what they keep to themselves."""

import pytest

from tests.handlers.chat.threads import a_talk, say
from tests.people import Person, refused


async def test_unread_counts_are_the_same_on_all_devices(ada: Person, bob: Person) -> None:
    thread = await a_talk(ada, bob)
    phone = await bob.another_device()
    for text in ("one", "two", "three"):
        await say(ada, thread, text)
    assert [one["unread_count"] for one in (await bob.asks("thread:list"))["items"]] == [3]

    after = await bob.asks("mark:read", {"thread_id": thread["id"], "up_to": 2})

    assert after["unread_count"] == 1
    assert (await phone.hears("thread:read")) == {"thread_id": thread["id"], "user_id": bob.id, "read_up_to": 2}
    assert (await ada.hears("thread:read"))["read_up_to"] == 2
    assert (await phone.asks("thread:get", {"thread_id": thread["id"]}))["unread_count"] == 1
    assert (await ada.asks("thread:get", {"thread_id": thread["id"]}))["unread_count"] == 0
    await phone.leave()


async def test_marks_only_grow(ada: Person, bob: Person) -> None:
    thread = await a_talk(ada, bob)
    for text in ("one", "two", "three"):
        await say(ada, thread, text)
    for up_to, stands in ((2, 2), (1, 2), (99, 3)):
        answer = await bob.rest("POST", f"/messages/{thread['id']}/read/", {"up_to": up_to})
        assert answer["read_up_to"] == stands


@pytest.mark.parametrize("way", ["this once", "always"])
async def test_a_private_mark_is_seen_on_own_devices_alone(ada: Person, bob: Person, way: str) -> None:
    thread = await a_talk(ada, bob)
    await say(ada, thread, "did you see this?")
    if way == "always":
        privacy = {"read_receipts": False, "typing_indicators": True, "presence": True}
        await bob.rest("PUT", "/auth/profile", {"privacy": privacy})
    phone = await bob.another_device()

    mark = {"thread_id": thread["id"], "up_to": 1, **({"private": True} if way == "this once" else {})}
    await bob.asks("mark:read", mark)

    assert (await phone.hears("thread:read"))["read_up_to"] == 1
    marks = {one["user_id"]: one for one in (await ada.asks("mark:list", {"thread_id": thread["id"]}))["items"]}
    assert marks[bob.id]["read_up_to"] == 0
    await say(ada, thread, "another")
    await ada.hears("message:created")
    await ada.hears("message:created")
    assert ada.hears_nothing_of("thread:read")
    await phone.leave()


async def test_delivered_marks_are_told(ada: Person, bob: Person) -> None:
    thread = await a_talk(ada, bob)
    await say(ada, thread, "one")
    await bob.rest("POST", f"/messages/{thread['id']}/delivered/", {"up_to": 1})
    assert (await ada.hears("thread:delivered"))["delivered_up_to"] == 1


async def test_marking_unread_sets_the_own_mark_back(ada: Person, bob: Person) -> None:
    thread = await a_talk(ada, bob)
    for text in ("one", "two", "three"):
        await say(ada, thread, text)
    await bob.asks("mark:read", {"thread_id": thread["id"], "up_to": 3})
    await ada.hears("thread:read")
    assert (await bob.asks("mark:unread", {"thread_id": thread["id"], "from_seq": 2}))["unread_count"] == 2

    # And reading again sets it forward, of which the others have heard.
    again = await bob.asks("mark:read", {"thread_id": thread["id"], "up_to": 3})
    assert (again["read_up_to"], again["unread_count"]) == (3, 0)
    await say(bob, thread, "four")
    while (await ada.hears("message:created"))["message"]["seq"] != 4:
        pass
    assert ada.hears_nothing_of("thread:read")


async def test_strangers_mark_nothing(ada: Person, bob: Person, eve: Person) -> None:
    thread = await a_talk(ada, bob)
    for event, more in (("mark:read", {"up_to": 1}), ("mark:delivered", {"up_to": 1}), ("mark:list", {})):
        with refused("not_found"):
            await eve.asks(event, {"thread_id": thread["id"], **more})
