"""What is left of events whose message was changed after them, or whose conversation was left."""

from typing import Any

from handlers.events import EVENTS
from handlers.events.withdrawing import CARRYING, Changes, changes, retold
from handlers.views.chat import MessageView
from handlers.views.notifications import NotificationView


def a_message(id_: str, version: int, **more: Any) -> dict[str, Any]:
    text = "" if more.get("deleted") else f"text of {id_}, {version}"
    about = {"id": id_, "thread_id": "t", "version": version}
    return {**about, "message_content": text, "deleted": False, "reply_to": None, **more}


def after(*said: dict[str, Any], left: int = 0) -> Changes:
    """What these messages and a leaving come to."""
    gone = [(left, {"thread_id": "t"})] if left else []
    return changes([*((9, {"message": one}) for one in said), *gone])


def a_thread(last: str) -> dict[str, Any]:
    return {"thread": {"id": "t", "last_message": {"message_id": last, "message_content": "said"}}}


def a_notification(**data: str) -> dict[str, Any]:
    return {"notification": {"id": "n", "text": "said", "data": data}}


def texts(now: Changes, message_id: str) -> list[str]:
    """What a message says in what is told of it, quotes it and carries a part of it; each was told as the eighth."""
    quoting = a_message("9", 1, reply_to={"message_id": message_id, "message_content": "said"})
    return [
        retold({"message": a_message(message_id, 1)}, 8, now)["message"]["message_content"],
        retold({"message": quoting}, 8, now)["message"]["reply_to"]["message_content"],
        retold(a_thread(message_id), 8, now)["thread"]["last_message"]["message_content"],
        retold(a_notification(message_id=message_id, thread_id="t"), 8, now)["notification"]["text"],
    ]


def test_the_highest_version_says_what_a_message_says() -> None:
    """Whatever came first: they have no order but that."""
    back, gone = a_message("1", 3), a_message("1", 2, deleted=True)
    for said in ([back, gone], [gone, back]):
        assert after(*said).messages == {"1": back}
        assert not after(*said).is_deleted("1")
    again = a_message("1", 4, deleted=True)
    assert after(again, back, gone).is_deleted("1")
    # That it was deleted meanwhile is told as it was.
    assert retold({"message": gone}, 8, after(gone, back)) == {"message": gone}


def test_what_was_deleted_is_nowhere_in_them() -> None:
    gone = a_message("1", 2, deleted=True, reply_to={"message_id": "2", "message_content": "text of 2"})
    now = after(gone, a_message("2", 2, deleted=True))

    assert retold({"message": a_message("1", 1)}, 8, now)["message"] == {
        **gone,
        "reply_to": {"message_id": "2", "message_content": ""},
    }
    for id_ in ("1", "2"):
        assert texts(now, id_) == ["", "", "", ""]
    assert texts(now, "3") == ["text of 3, 1", "said", "said", "said"]
    for other in (a_notification(), {"thread": {"id": "t", "last_message": None}}):
        assert retold(other, 8, now) == other


def test_what_was_edited_says_what_it_says_now() -> None:
    first, second, long = a_message("1", 2), a_message("1", 3), a_message("4", 2, message_content="x" * 300)
    # A quote is of how it was.
    assert texts(after(second, first, long), "1") == ["text of 1, 3", "said", "text of 1, 3", "text of 1, 3"]
    assert retold({"message": a_message("1", 4)}, 8, after(second))["message"]["version"] == 4
    assert [len(text) for text in texts(after(long), "4")] == [300, 4, 140, 140]


def test_of_a_conversation_that_one_left_after_it_nothing_is_read() -> None:
    for now in (after(left=9), after(a_message("1", 2), left=9)):
        assert texts(now, "1") == ["", "", "", ""]
    # What came after that is of being in it again.
    assert texts(after(left=7), "1") == ["text of 1, 1", "said", "said", "said"]
    elsewhere = {"message": a_message("1", 1, thread_id="u")}
    assert retold(elsewhere, 8, after(left=9)) == elsewhere


def test_no_event_that_lasts_carries_a_message_unknown_to_this() -> None:
    def carries(schema: object) -> bool:
        text = str(schema)
        return "message_content" in text or NotificationView.__name__ in text

    lasting = [event for event in EVENTS if event.durable]
    assert {event.name for event in lasting if carries(event.model_json_schema())} == CARRYING
    assert carries(MessageView.model_json_schema())
