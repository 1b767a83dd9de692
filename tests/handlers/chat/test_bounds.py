"""Every number that bounds chat, at it and one past it."""

from datetime import timedelta

from server.config import Settings
from tests.conftest import serving
from tests.handlers.chat.threads import say, thread_of
from tests.people import Person, refused
from tests.processes import Servers

FACES = [chr(0x1F600 + number) for number in range(21)]


async def test_a_message_takes_twenty_different_reactions(ada: Person, bob: Person) -> None:
    message = await say(ada, await thread_of(ada, bob), "react!")
    of_it = {"thread_id": message["thread_id"], "message_id": message["id"]}
    for emoji in FACES[:20]:
        await ada.asks("message:react", {**of_it, "emoji": emoji})
    with refused("invalid"):
        await ada.asks("message:react", {**of_it, "emoji": FACES[20]})
    assert len((await bob.asks("message:react", {**of_it, "emoji": FACES[0]}))["reactions"][FACES[0]]) == 2
    await ada.asks("message:unreact", {**of_it, "emoji": FACES[1]})
    await ada.asks("message:react", {**of_it, "emoji": FACES[20]})


async def test_a_reaction_is_one_emoji(ada: Person, bob: Person) -> None:
    message = await say(ada, await thread_of(ada, bob), "react!")
    of_it = {"thread_id": message["thread_id"], "message_id": message["id"]}
    for emoji in ("❤️", "👍🏽", "👨‍👩‍👧‍👦", "🇩🇪", "1️⃣"):
        assert emoji in (await ada.asks("message:react", {**of_it, "emoji": emoji}))["reactions"]
    for wrong in ("🎉🎉", "🇩", "🇩🇪🇫🇷", "a", "1", "$", ".", "\u200d", "👍 ", "👍\u200d", "x" * 33, {"$ne": 1}, None):
        with refused("invalid"):
            await ada.asks("message:react", {**of_it, "emoji": wrong})


async def test_fifty_messages_are_pinned(ada: Person, bob: Person) -> None:
    thread = await thread_of(ada, bob)
    sent = [await say(ada, thread, f"number {number}") for number in range(26)]
    sent += [await say(bob, thread, f"number {number}") for number in range(25)]
    for message in sent[:50]:
        person = ada if message["seq"] % 2 else bob
        await person.asks("message:pin", {"thread_id": thread["id"], "message_id": message["id"]})
    with refused("invalid"):
        await ada.asks("message:pin", {"thread_id": thread["id"], "message_id": sent[50]["id"]})
    await ada.asks("message:pin", {"thread_id": thread["id"], "message_id": sent[0]["id"]})
    # What is deleted is pinned no more, and leaves room.
    await ada.asks("message:delete", {"thread_id": thread["id"], "message_id": sent[0]["id"]})
    pinned = (await ada.asks("message:pin", {"thread_id": thread["id"], "message_id": sent[50]["id"]}))["pinned"]
    assert pinned == [message["id"] for message in sent[1:]]


async def test_fields_are_bounded(ada: Person, bob: Person) -> None:
    group = await thread_of(ada, bob, title="t" * 64)
    of_it = {"thread_id": group["id"]}
    await ada.asks("thread:rename", {**of_it, "title": "r" * 64})
    await ada.asks("mark:read", {**of_it, "up_to": 2**53})
    await ada.asks("presence:set", {"text": "p" * 100})
    await ada.asks("presence:get", {"user_ids": [bob.id] * 100})
    await ada.asks("message:search", {"q": "qq"})
    await ada.asks("message:search", {"q": "q" * 100, "limit": 100})
    for event, payload in (
        ("thread:rename", {**of_it, "title": "r" * 65}),
        ("thread:rename", {**of_it, "title": " "}),
        ("mark:read", {**of_it, "up_to": 2**53 + 1}),
        ("mark:read", {**of_it, "up_to": -1}),
        ("mark:read", {**of_it, "up_to": 1.5}),
        ("mark:unread", {**of_it, "from_seq": 0}),
        ("presence:set", {"text": "p" * 101}),
        ("presence:set", {"status": "offline"}),
        ("presence:get", {"user_ids": [bob.id] * 101}),
        ("presence:get", {"user_ids": []}),
        ("message:search", {"q": "q"}),
        ("message:search", {"q": "q" * 101}),
        ("message:search", {"q": "qq", "limit": 101}),
        ("saved:list", {"limit": 0}),
        ("message:list", {**of_it, "limit": 101}),
        ("thread:mute", {**of_it, "until": "2030-01-01T00:00:00"}),
        ("thread:add", {**of_it, "participants": []}),
        ("thread:add", {**of_it, "participants": ["0" * 24] * 101}),
    ):
        answer = await ada.ack(event, payload)
        assert not answer["ok"] and answer["error"]["code"] == "invalid", (event, payload)


async def test_saved_and_found_messages_come_in_pages(ada: Person, bob: Person) -> None:
    thread = await thread_of(ada, bob)
    sent = [await say(ada, thread, f"song number {number}") for number in range(5)]
    for message in sent:
        await bob.asks("message:save", {"thread_id": thread["id"], "message_id": message["id"]})
    newest_first = [message["id"] for message in reversed(sent)]
    for event, asked in (("saved:list", {}), ("message:search", {"q": "song numb"}), ("message:search", {"q": "son"})):
        found: list[str] = []
        cursor = None
        while True:
            page = await bob.asks(event, {**asked, "limit": 2, "cursor": cursor})
            found += [one["id"] for one in page["items"]]
            if (cursor := page["next_cursor"]) is None:
                break
        assert found == newest_first


async def test_the_window_for_an_edit_ends(settings: Settings, servers: Servers, ada: Person, bob: Person) -> None:
    message = await say(ada, await thread_of(ada, bob), "too late")
    over = settings.model_copy(update={"edit_window_minutes": int(timedelta().total_seconds())})
    async with serving(over, servers) as url:
        late = Person("ada", url, ada.http, id=ada.id, token=ada.token)
        path = f"/messages/{message['thread_id']}/{message['id']}"
        with refused("invalid_transition"):
            await late.rest("PUT", f"{path}/", {"message_content": "changed"})
        await late.rest("DELETE", f"{path}/")
        with refused("invalid_transition"):
            await late.rest("POST", f"{path}/restore/")


async def test_yes_and_no_are_no_numbers(ada: Person, bob: Person) -> None:
    thread = await thread_of(ada, bob)
    await say(bob, thread, "hello")
    for flag in (True, False):
        with refused("invalid"):
            await ada.asks("mark:read", {"thread_id": thread["id"], "up_to": flag})
        with refused("invalid"):
            await ada.asks("message:list", {"thread_id": thread["id"], "limit": flag})
