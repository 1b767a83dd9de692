"""Changing what was written: who may, until when, and what everybody sees of it."""

from typing import Any

from tests.handlers.chat.threads import say, thread_of
from tests.people import Person, refused


def of(message: dict[str, Any]) -> dict[str, Any]:
    return {"thread_id": message["thread_id"], "message_id": message["id"]}


async def test_an_edit_is_seen_by_all_and_in_the_list(ada: Person, bob: Person) -> None:
    message = await say(ada, await thread_of(ada, bob), "helo")

    edited = await ada.asks("message:edit", {**of(message), "message_content": "hello", "version": 1})

    assert (edited["message_content"], edited["version"]) == ("hello", 2)
    assert edited["edited_at"]
    assert (await bob.hears("message:edited"))["message"] == edited
    assert (await bob.asks("thread:list"))["items"][0]["last_message"]["message_content"] == "hello"


async def test_only_its_author_edits_and_only_what_stands(ada: Person, bob: Person, eve: Person) -> None:
    message = await say(ada, await thread_of(ada, bob), "mine")
    change = {**of(message), "message_content": "yours"}
    with refused("forbidden"):
        await bob.asks("message:edit", change)
    with refused("not_found"):
        await eve.asks("message:edit", change)
    await ada.asks("message:edit", change)
    answer = await ada.ack("message:edit", {**change, "message_content": "late", "version": 1})
    assert answer["error"]["code"] == "conflict"
    assert answer["error"]["current"]["version"] == 2


async def test_a_deleted_message_leaves_its_place(ada: Person, bob: Person) -> None:
    thread = await thread_of(ada, bob)
    message = await say(ada, thread, "regret")
    await say(bob, thread, "what?", reply_to=message["id"])
    with refused("forbidden"):
        await bob.asks("message:delete", of(message))

    await ada.rest("DELETE", f"/messages/{thread['id']}/{message['id']}/")

    gone = (await bob.hears("message:deleted"))["message"]
    assert (gone["seq"], gone["message_content"], gone["deleted"]) == (1, "", True)
    page = (await bob.rest("GET", f"/messages/{thread['id']}/"))["items"]
    assert [one["seq"] for one in page] == [1, 2]
    assert page[1]["reply_to"]["message_content"] == ""
    with refused("invalid_transition"):
        await ada.asks("message:edit", {**of(message), "message_content": "again"})

    restored = await ada.asks("message:restore", of(message))
    assert restored["message_content"] == "regret"
    assert (await bob.hears("message:restored"))["message"] == restored


async def test_reactions_are_counted_by_who(ada: Person, bob: Person) -> None:
    message = await say(ada, await thread_of(ada, bob), "news")
    await bob.asks("message:react", {**of(message), "emoji": "🎉"})
    again = await bob.asks("message:react", {**of(message), "emoji": "🎉"})
    assert again["reactions"] == {"🎉": [bob.id]}
    assert (await ada.hears("message:reacted"))["message"] == again
    path = f"/messages/{message['thread_id']}/{message['id']}/reactions/"
    assert (await bob.rest("DELETE", f"{path}?emoji=🎉"))["reactions"] == {}
    for wrong in ("", "thumbs up", "a" * 33, {"$ne": 1}, "$x.y" * 9):
        with refused("invalid"):
            await bob.asks("message:react", {**of(message), "emoji": wrong})


async def test_the_size_of_a_message_is_bounded_in_bytes(ada: Person, bob: Person) -> None:
    thread = await thread_of(ada, bob)
    fits = "é" * 4096
    assert (await say(ada, thread, fits))["message_content"] == fits
    for wrong in (fits + "x", "", "   ", "nul\x00", None, {"$ne": 1}, 7):
        with refused("invalid"):
            await ada.asks("message:send", {"thread_id": thread["id"], "message_content": wrong})


async def test_every_fault_of_a_payload_is_named(ada: Person) -> None:
    answer = await ada.ack("message:send", {"thread_id": {"$gt": ""}, "message_content": 1, "surprise": True})
    named = {(fault["field"], fault["code"]) for fault in answer["error"]["fields"]}
    assert named == {
        ("thread_id", "string_type"),
        ("message_content", "string_type"),
        ("surprise", "extra_forbidden"),
    }
    assert (await ada.ack("no:such", {}))["error"]["code"] == "unknown_operation"
    assert (await ada.ack("message:send", [1]))["error"]["code"] == "invalid"
