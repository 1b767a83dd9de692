"""Finding one's own messages."""

from tests.handlers.chat.threads import say, thread_of
from tests.people import Person, refused


async def test_messages_are_found_by_all_their_words(ada: Person, bob: Person, eve: Person) -> None:
    thread = await thread_of(ada, bob)
    other = await thread_of(ada, eve)
    first = await say(ada, thread, "Café au lait, s'il vous plaît")
    second = await say(bob, thread, "the CAFETERIA is closed")
    third = await say(ada, other, "a cafe elsewhere")

    async def found(person: Person, words: str, **more: str) -> list[str]:
        return [one["id"] for one in (await person.asks("message:search", {"q": words, **more}))["items"]]

    assert await found(bob, "cafe lait") == [first["id"]]
    assert await found(bob, "caf") == [second["id"], first["id"]]
    assert await found(ada, "caf") == [third["id"], second["id"], first["id"]]
    assert await found(ada, "caf", thread_id=other["id"]) == [third["id"]]
    assert await found(eve, "lait") == []
    with refused("not_found"):
        await found(eve, "lait", thread_id=thread["id"])

    await ada.asks(
        "message:edit", {"thread_id": thread["id"], "message_id": first["id"], "message_content": "tea, please"}
    )
    assert await found(bob, "lait") == []
    assert await found(bob, "tea plea") == [first["id"]]
    await ada.asks("message:delete", {"thread_id": thread["id"], "message_id": first["id"]})
    assert await found(bob, "tea") == []
    for wrong in ("a", "!!", ".*", {"$regex": ".*"}, "x" * 101):
        with refused("invalid"):
            await bob.asks("message:search", {"q": wrong})
