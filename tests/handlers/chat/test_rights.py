"""Who may do what in a conversation: every row of chat is asked by a stranger, through both doors."""

from typing import Any
from urllib.parse import urlencode

import pytest

from server.api import chat
from server.operation import Operation
from tests.handlers.chat.threads import say, thread_of
from tests.people import Person, Refusal, refused

# What each row needs beside the conversation, the message and the person of the scene.
MORE: dict[str, dict[str, Any]] = {
    "thread:rename": {"title": "Mine"},
    "thread:mute": {"until": "2999-01-01T00:00:00Z"},
    "mark:read": {"up_to": 1},
    "mark:unread": {"from_seq": 1},
    "mark:delivered": {"up_to": 1},
    "message:send": {"message_content": "let me in"},
    "message:edit": {"message_content": "mine"},
    "message:react": {"emoji": "👍"},
    "message:unreact": {"emoji": "👍"},
}
# Of chat alone: the forum calls its discussions by the same name.
ROWS = [
    row for row in chat.ROWS if row.event and "thread_id" in row.asked.model_fields and row.event != "message:search"
]


def asked(row: Operation, scene: dict[str, Any]) -> dict[str, Any]:
    """A request of this row that only a stranger is refused."""
    fields = row.asked.model_fields
    needed = {name: value for name, value in scene.items() if name in fields and fields[name].is_required()}
    return {**needed, **MORE.get(row.name, {})}


async def by_rest(person: Person, row: Operation, payload: dict[str, Any]) -> None:
    """Ask by the row's address: what is not in the path goes into the query or the body."""
    assert row.http is not None
    path = row.http.path.format(**payload)
    rest = {name: value for name, value in payload.items() if f"{{{name}}}" not in row.http.path}
    if row.http.method in ("GET", "DELETE"):
        await person.rest(row.http.method, f"{path}?{urlencode(rest)}")
    else:
        await person.rest(row.http.method, path, rest)


@pytest.fixture
async def scene(ada: Person, bob: Person) -> dict[str, Any]:
    """A group of two and a message in it."""
    group = await thread_of(ada, bob, title="Guitar")
    message = await say(ada, group, "between us")
    return {
        "thread_id": group["id"],
        "message_id": message["id"],
        "user_id": bob.id,
        "participants": [bob.id],
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_to_a_stranger_there_is_no_such_thing(row: Operation, scene: dict[str, Any], eve: Person) -> None:
    payload = asked(row, scene)
    # Taking a message out of one's own list asks for no conversation; a stranger's list does not have it.
    with refused("not_found"):
        await eve.asks(row.name, payload)
    if row.http is not None:
        with refused("not_found"):
            await by_rest(eve, row, payload)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_ids_are_ids_and_unknown_fields_are_refused(row: Operation, scene: dict[str, Any], ada: Person) -> None:
    payload = asked(row, scene)
    for wrong in ({"$ne": 1}, {"$gt": ""}, ["x"], None, 7, "", "0" * 23, "0" * 25, "G" * 24, "0" * 24 + "\n"):
        answer = await ada.ack(row.name, {**payload, "thread_id": wrong, "$where": "1"})
        named = {fault["field"] for fault in answer["error"]["fields"]}
        assert answer["error"]["code"] == "invalid"
        assert named == {"thread_id", "$where"}


@pytest.mark.parametrize("event", ["message:edit", "message:delete", "message:pin", "message:unpin"])
async def test_what_is_not_ones_own_is_forbidden(event: str, scene: dict[str, Any], bob: Person) -> None:
    of_it = {"thread_id": scene["thread_id"], "message_id": scene["message_id"], **MORE.get(event, {})}
    with refused("forbidden"):
        await bob.asks(event, of_it)


async def test_an_admin_deletes_and_only_who_deleted_restores(scene: dict[str, Any], ada: Person, bob: Person) -> None:
    group = {"id": scene["thread_id"]}
    message = await say(bob, group, "rude")
    of_it = {"thread_id": group["id"], "message_id": message["id"]}
    with refused("invalid_transition"):
        await bob.asks("message:restore", of_it)
    assert (await ada.asks("message:delete", of_it))["deleted"] is True
    with refused("forbidden"):
        await bob.asks("message:restore", of_it)
    assert (await ada.asks("message:restore", of_it))["message_content"] == "rude"


async def test_a_message_of_another_conversation_is_not_found(scene: dict[str, Any], ada: Person, bob: Person) -> None:
    other = await thread_of(ada, bob)
    for event in ("message:edit", "message:delete", "message:restore", "message:pin", "message:save", "message:react"):
        of_it = {"thread_id": other["id"], "message_id": scene["message_id"], **MORE.get(event, {})}
        with refused("not_found"):
            await ada.asks(event, of_it)
    with refused("not_found"):
        await say(ada, other, "as you said", reply_to=scene["message_id"])


async def test_whoever_left_sees_nothing_more(scene: dict[str, Any], ada: Person, bob: Person) -> None:
    of_it = {"thread_id": scene["thread_id"], "message_id": scene["message_id"]}
    await bob.asks("message:save", of_it)
    await ada.asks("thread:remove", {"thread_id": scene["thread_id"], "user_id": bob.id})
    assert (await bob.asks("saved:list"))["items"] == []
    assert (await bob.asks("message:search", {"q": "between"}))["items"] == []
    for row in ROWS:
        if row.name != "message:unsave":
            with pytest.raises(Refusal) as refusal:
                await bob.asks(row.name, asked(row, scene))
            assert refusal.value.code == "not_found", row.name
