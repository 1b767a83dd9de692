"""Who is there and who is writing: of the moment, and only for those who share a conversation."""

import asyncio

import aiohttp

from tests.handlers.chat.threads import thread_of
from tests.people import Person, refused


async def test_typing_is_told_to_the_others_alone(ada: Person, bob: Person, eve: Person) -> None:
    thread = await thread_of(ada, bob)
    await ada.asks("typing:start", {"thread_id": thread["id"]})
    heard = await bob.hears("typing:changed")
    assert (heard["user_id"], heard["typing"]) == (ada.id, True)
    assert 0 < heard["expires_in_ms"] <= 10_000
    with refused("not_found"):
        await eve.asks("typing:start", {"thread_id": thread["id"]})
    assert ada.hears_nothing_of("typing:changed")
    assert "seq" not in next(one for one in bob.heard if one.get("type") == "typing:changed")

    await ada.rest("PUT", "/auth/profile", {"privacy": {"typing_indicators": False}})
    await ada.asks("typing:start", {"thread_id": thread["id"]})
    await ada.rest("PUT", "/auth/profile", {"privacy": {"typing_indicators": True}})
    await ada.asks("typing:stop", {"thread_id": thread["id"]})
    assert (await bob.hears("typing:changed"))["typing"] is False


async def test_presence_is_seen_by_contacts_as_one_shows_it(ada: Person, bob: Person, eve: Person) -> None:
    await thread_of(ada, bob)

    async def seen(person: Person, *of: Person) -> dict[str, str]:
        answer = await person.asks("presence:get", {"user_ids": [one.id for one in of]})
        return {one["user_id"]: one["status"] for one in answer["items"]}

    async with asyncio.timeout(15):
        while await seen(bob, ada, bob, eve) != {ada.id: "online", bob.id: "online"}:
            await asyncio.sleep(0.2)
    assert await seen(eve, ada) == {}

    await ada.asks("presence:set", {"status": "busy", "text": "practising"})
    heard = (await bob.hears("presence:changed"))["presence"]
    while heard["status"] != "busy":
        heard = (await bob.hears("presence:changed"))["presence"]
    assert heard["text"] == "practising"
    await ada.asks("presence:set", {"status": "invisible"})
    assert await seen(bob, ada) == {ada.id: "offline"}
    assert (await bob.rest("GET", f"/presence/?user_ids={ada.id},{bob.id}"))["items"][0]["status"]


async def test_closing_one_of_two_devices_is_not_going(ada: Person, bob: Person) -> None:
    await thread_of(ada, bob)
    phone = await ada.another_device()
    await phone.leave()
    answer = await bob.asks("presence:get", {"user_ids": [ada.id]})
    assert answer["items"][0]["status"] == "online"


async def test_hiding_and_showing_oneself_is_seen_at_once(ada: Person, bob_elsewhere: Person, eve: Person) -> None:
    await thread_of(ada, bob_elsewhere)

    async def sees(status: str) -> None:
        while (await bob_elsewhere.hears("presence:changed"))["presence"]["status"] != status:
            pass

    await ada.rest("PUT", "/auth/profile", {"privacy": {"presence": False}})
    await sees("offline")
    await ada.rest("PUT", "/auth/profile", {"privacy": {"presence": True}})
    await sees("online")
    # What does not concern it is not told.
    await ada.rest("PUT", "/auth/profile", {"bio": "I play the guitar."})
    await ada.asks("presence:set", {"status": "busy"})
    await sees("busy")
    assert eve.hears_nothing_of("presence:changed")


async def test_a_status_set_while_away_is_kept_for_ones_return(
    server: str, http: aiohttp.ClientSession, bob: Person
) -> None:
    ada = await Person("ada", server, http).join()
    thread = await bob.asks("thread:open", {"participants": [ada.id]})
    await ada.rest("POST", f"/messages/{thread['id']}/accept/")
    answer = await ada.rest("PUT", "/presence/", {"status": "busy", "text": "practising"})
    assert (answer["status"], answer["text"]) == ("offline", None)
    await ada.connect()
    try:
        while (heard := (await bob.hears("presence:changed"))["presence"])["status"] != "busy":
            assert heard["status"] == "offline"
        assert heard["text"] == "practising"
    finally:
        await ada.leave()
