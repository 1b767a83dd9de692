"""What people are notified of."""

from typing import Any

from server.operation import Operation
from store.notifications import Topic
from tests.asks.base import EVERYBODY, Asker, Rights, backstage
from tests.people import Person

# Of one's own each: what is named of somebody else's is as if it were not there.
MAY: Rights = {
    **dict.fromkeys(("notification:list", "notification:mark_read", "notification:mark_all_read"), EVERYBODY),
    **dict.fromkeys(("badge:get", "preferences:get", "preferences:set"), EVERYBODY),
}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of somebody who was notified of something."""
    id_ = await backstage(ada).notify(ada.id, Topic.SWAPS, title="Bob accepted", about="swap:" + "0" * 24)
    payloads: dict[str, dict[str, Any]] = {
        "notification:mark_read": {"ids": [id_]},
        "preferences:set": {"topics": [{"topic": "forum", "email": True}], "time_zone": "Europe/Berlin"},
    }
    return ada, payloads.get(row.name, {})
