"""What is left of events whose message was deleted after them."""

from typing import Any

from handlers.events import EVENTS
from handlers.events.withdrawing import CARRYING, withdrawn, without
from handlers.views.chat import MessageView
from handlers.views.notifications import NotificationView


def a_message(id_: str, version: int, **more: Any) -> dict[str, Any]:
    text = "" if more.get("deleted") else f"text of {id_}"
    return {"id": id_, "version": version, "message_content": text, "deleted": False, "reply_to": None, **more}


def test_the_highest_version_says_whether_it_is_deleted() -> None:
    """Whatever came first: deletions have no order but that."""
    back, gone = a_message("1", 3), a_message("1", 2, deleted=True)
    for said in ([back, gone], [gone, back]):
        assert withdrawn({"message": one} for one in said) == {}
    again = a_message("1", 4, deleted=True)
    assert withdrawn({"message": one} for one in (again, back, gone)) == {"1": again}


def test_what_it_said_is_nowhere_in_them() -> None:
    gone = {"1": a_message("1", 2, deleted=True, reply_to={"message_id": "2", "message_content": "text of 2"})}
    gone["2"] = a_message("2", 2, deleted=True)

    assert without({"message": a_message("1", 1)}, gone)["message"] == {
        **gone["1"],
        "reply_to": {"message_id": "2", "message_content": ""},
    }
    other = {"message": a_message("3", 1)}
    assert without(other, gone) == other
    for about, text in (("1", ""), ("3", "said")):
        notification = {"id": "n", "text": "said", "data": {"message_id": about}}
        assert without({"notification": notification}, gone) == {"notification": {**notification, "text": text}}
    swap = {"notification": {"id": "n", "text": "said", "data": {}}}
    assert without(swap, gone) == swap
    for last, text in (("2", ""), ("3", "said")):
        thread = {"id": "t", "last_message": {"message_id": last, "message_content": "said"}}
        assert without({"thread": thread}, gone)["thread"]["last_message"]["message_content"] == text
    assert without({"thread": {"id": "t", "last_message": None}}, gone)["thread"]["last_message"] is None


def test_no_event_that_lasts_carries_a_message_unknown_to_this() -> None:
    def carries(schema: object) -> bool:
        text = str(schema)
        return "message_content" in text or NotificationView.__name__ in text

    lasting = [event for event in EVENTS if event.durable]
    assert {event.name for event in lasting if carries(event.model_json_schema())} == CARRYING
    assert carries(MessageView.model_json_schema())
