"""Groups: who is in them, who may change them, and how they tell their story."""

from tests.handlers.chat.threads import say, thread_of
from tests.people import Person, refused


async def test_a_group_tells_its_story(ada: Person, bob: Person, eve: Person) -> None:
    group = await thread_of(ada, bob, title="Guitar")
    assert (group["kind"], group["admins"]) == ("group", [ada.id])

    await ada.asks("thread:rename", {"thread_id": group["id"], "title": "Lute"})
    await ada.asks("thread:add", {"thread_id": group["id"], "participants": [eve.id]})
    await bob.asks("thread:remove", {"thread_id": group["id"], "user_id": bob.id})

    page = (await eve.rest("GET", f"/messages/{group['id']}/"))["items"]
    assert [(one["system"], one["message_content"]) for one in page] == [
        ("renamed", "Lute"),
        ("added", eve.id),
        ("left", bob.id),
    ]
    assert (await bob.hears("thread:left")) == {"thread_id": group["id"]}
    assert (await eve.hears("thread:updated"))["thread"]["title"] == "Lute"
    with refused("not_found"):
        await bob.asks("message:send", {"thread_id": group["id"], "message_content": "still here?"})
    assert (await bob.asks("thread:list"))["items"] == []


async def test_only_admins_change_a_group(ada: Person, bob: Person, eve: Person) -> None:
    group = await thread_of(ada, bob, title="Guitar")
    for event, more in (
        ("thread:rename", {"title": "Mine"}),
        ("thread:add", {"participants": [eve.id]}),
        ("thread:remove", {"user_id": ada.id}),
        ("thread:promote", {"user_id": bob.id}),
    ):
        with refused("forbidden"):
            await bob.asks(event, {"thread_id": group["id"], **more})
        with refused("not_found"):
            await eve.asks(event, {"thread_id": group["id"], **more})
    await ada.asks("thread:remove", {"thread_id": group["id"], "user_id": ada.id})
    assert (await bob.asks("thread:get", {"thread_id": group["id"]}))["admins"] == [bob.id]


async def test_a_pair_is_one_conversation_and_stays_a_pair(ada: Person, bob: Person, eve: Person) -> None:
    thread = await thread_of(ada, bob)
    assert (await bob.rest("POST", "/messages/", {"participants": [ada.id]}))["id"] == thread["id"]
    with refused("invalid_transition"):
        await ada.asks("thread:add", {"thread_id": thread["id"], "participants": [eve.id]})
    with refused("invalid"):
        await ada.asks("thread:open", {"participants": [ada.id]})
    with refused("invalid"):
        await ada.asks("thread:open", {"participants": ["0" * 24]})


async def test_muted_archived_pinned_saved(ada: Person, bob: Person) -> None:
    thread = await thread_of(ada, bob)
    message = await say(ada, thread, "keep this")
    this = {"thread_id": thread["id"]}
    await bob.asks("thread:archive", this)
    assert (await bob.asks("thread:list"))["items"] == []
    assert len((await bob.asks("thread:list", {"archived": True}))["items"]) == 1
    await say(ada, thread, "hello?")
    assert len((await bob.asks("thread:list"))["items"]) == 1
    await bob.asks("thread:archive", this)
    await bob.asks("thread:mute", {**this, "until": "2999-01-01T00:00:00Z"})
    await say(ada, thread, "anybody?")
    assert (await bob.asks("thread:list"))["items"] == []
    await bob.rest("DELETE", f"/messages/{thread['id']}/archive/")
    assert len((await bob.asks("thread:list"))["items"]) == 1

    of_it = {**this, "message_id": message["id"]}
    assert (await bob.asks("message:pin", of_it))["pinned"] == [message["id"]]
    assert (await ada.hears("message:pinned"))["pinned"] is True
    assert (await bob.asks("message:unpin", of_it))["pinned"] == []
    await bob.asks("message:save", of_it)
    await bob.asks("message:save", of_it)
    assert [one["id"] for one in (await bob.asks("saved:list"))["items"]] == [message["id"]]
    assert (await ada.asks("saved:list"))["items"] == []
    await bob.asks("message:unsave", of_it)
    with refused("not_found"):
        await bob.asks("message:unsave", of_it)


async def test_messages_are_paged_both_ways_and_around(ada: Person, bob: Person) -> None:
    thread = await thread_of(ada, bob)
    for number in range(1, 13):
        await say(ada, thread, f"number {number}")

    async def page(query: str) -> tuple[list[int], bool, bool]:
        found = await bob.rest("GET", f"/messages/{thread['id']}/?limit=5&{query}")
        return [one["seq"] for one in found["items"]], found["has_before"], found["has_after"]

    assert await page("") == ([8, 9, 10, 11, 12], True, False)
    assert await page("before=8") == ([3, 4, 5, 6, 7], True, True)
    assert await page("before=3") == ([1, 2], False, True)
    assert await page("before=1") == ([], False, True)
    assert await page("after=0") == ([1, 2, 3, 4, 5], False, True)
    assert await page("after=10") == ([11, 12], True, False)
    assert await page("after=12") == ([], True, False)
    assert await page("around=6") == ([4, 5, 6, 7, 8], True, True)
    with refused("invalid"):
        await page("around=6&after=2")


async def test_threads_are_paged_by_activity(ada: Person, bob: Person, eve: Person) -> None:
    threads = [await thread_of(ada, bob, title=f"group {number}") for number in range(5)]
    await say(ada, threads[1], "up")
    found: list[str] = []
    cursor = ""
    while True:
        page = await bob.rest("GET", f"/messages/?limit=2{cursor}")
        found += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == [threads[number]["id"] for number in (1, 4, 3, 2, 0)]
    assert (await eve.asks("thread:list"))["items"] == []
