"""Two people on two server processes write to each other, by socket and by REST, and see one conversation."""

import asyncio

import pytest

from tests.people import Person, key


async def test_both_see_the_same_conversation_in_the_same_order(ada: Person, bob_elsewhere: Person) -> None:
    bob = bob_elsewhere
    thread = await ada.asks("thread:open", {"participants": [bob.id], "client_id": key()})
    assert (await bob.hears("thread:created"))["thread"]["id"] == thread["id"]

    for number in range(5):
        await ada.asks("message:send", {"thread_id": thread["id"], "message_content": f"a{number}", "client_id": key()})
        await bob.rest("POST", f"/messages/{thread['id']}/", {"message_content": f"b{number}", "client_id": key()})

    said = [f"{who}{number}" for number in range(5) for who in "ab"]
    for person in (ada, bob):
        heard = [(await person.hears("message:created"))["message"] for _ in said]
        assert [message["message_content"] for message in heard] == said
        assert [message["seq"] for message in heard] == list(range(1, 11))
        page = await person.rest("GET", f"/messages/{thread['id']}/")
        assert page["items"] == heard


async def test_sending_again_changes_nothing(ada: Person, bob: Person) -> None:
    thread = await ada.asks("thread:open", {"participants": [bob.id]})
    message = {"thread_id": thread["id"], "message_content": "once", "client_id": key()}

    first = await ada.ack("message:send", message)
    again = await ada.ack("message:send", message)

    assert again == {**first, "duplicate": True}
    assert len((await bob.rest("GET", f"/messages/{thread['id']}/"))["items"]) == 1


async def test_what_was_missed_is_replayed_in_order(ada: Person, bob: Person) -> None:
    thread = await ada.asks("thread:open", {"participants": [bob.id]})
    await bob.hears("thread:created")
    where = bob.since
    await bob.leave()
    for number in range(20):
        await ada.asks("message:send", {"thread_id": thread["id"], "message_content": str(number)})

    await bob.connect(since=where)

    assert bob.hello["recovered"] is True
    contents = [(await bob.hears("message:created"))["message"]["message_content"] for _ in range(20)]
    assert contents == [str(number) for number in range(20)]


async def test_logging_out_closes_the_sockets_of_that_session_alone(ada: Person, bob: Person) -> None:
    phone = await ada.another_device()
    await phone.rest("POST", "/auth/logout")
    ended = await phone.hears("session:ended")
    assert ended["code"] == "logged_out"
    assert (await ada.asks("thread:list"))["items"] == []
    await phone.leave()


async def test_who_asks_too_often_in_one_go_is_answered_and_who_goes_on_is_not(
    ada: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.gateway.MOST_BREACHES", 3)
    thread = await ada.asks("thread:open", {"participants": [bob.id]})
    typing = ("typing:start", {"thread_id": thread["id"]})

    answers = await asyncio.gather(*(ada.ack(*typing) for _ in range(65)))
    assert {answer["error"]["code"] for answer in answers if not answer["ok"]} == {"rate_limited"}

    ended = asyncio.create_task(ada.hears("session:ended"))
    while not ended.done():
        asked = asyncio.create_task(ada.ack(*typing))
        await asyncio.wait({asked, ended}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
    assert (ended.result()["code"], ended.result()["reconnect"]) == ("rate_limited", True)
