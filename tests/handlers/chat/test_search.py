"""Finding one's own messages."""

import pytest

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


async def test_a_search_reaches_every_message_page_by_page(
    ada: Person, bob: Person, eve: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few conversations and messages are looked at for one page."""
    monkeypatch.setattr("handlers.chat.search.THREADS_AT_ONCE", 2)
    monkeypatch.setattr("handlers.chat.search.MOST_CANDIDATES", 3)
    people = [(bob.id,), (eve.id,), (bob.id, eve.id), (eve.id, bob.id)]
    threads = [await ada.asks("thread:open", {"participants": list(ids), "title": "a group"}) for ids in people]
    said = {"tea and milk": set[str](), "tea alone": set[str](), "coffee": set[str]()}
    for number in range(20):
        text = list(said)[number % 3]
        said[text].add((await say(ada, threads[number % 4], text))["id"])

    for words, expected in {
        "te": said["tea and milk"] | said["tea alone"],
        "tea mil": said["tea and milk"],
        "tea coffee": set[str](),
    }.items():
        found: list[str] = []
        asked: dict[str, object] = {"q": words, "limit": 4}
        while True:
            page = await ada.asks("message:search", asked)
            assert len(page["items"]) <= 4
            found += [one["id"] for one in page["items"]]
            if page["next_cursor"] is None:
                break
            asked["cursor"] = page["next_cursor"]
        assert len(found) == len(set(found))
        assert set(found) == expected, words

    for cursor in ("x", "a.b.c", "a.1", f"a.{'9' * 15}.c", "a.\u0663.c"):
        with refused("invalid"):
            await eve.asks("message:search", {"q": "tea", "cursor": cursor})
