"""What people are notified of."""

from typing import Any

from handlers.missed import UNSUBSCRIBE
from server.operation import Operation
from server.vault import KeyVault
from store.notifications import Topic
from tests.asks.base import EVERYBODY, Asker, Rights, backstage
from tests.fake_push import FakePush
from tests.people import Person

# Of one's own each: what is named of somebody else's is as if it were not there.
MAY: Rights = {
    **dict.fromkeys(("notification:list", "notification:mark_read", "notification:mark_all_read"), EVERYBODY),
    **dict.fromkeys(("badge:get", "preferences:get", "preferences:set"), EVERYBODY),
    "unsubscribe": EVERYBODY,
    **dict.fromkeys(("push:subscribe", "push:list"), EVERYBODY),
    **dict.fromkeys(("push:unsubscribe", "push:test"), ("not_found", "not_found")),
}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of somebody who was notified of something."""
    if row.name.startswith("push:"):
        return ada, await _of_push(row, ada)
    id_ = await backstage(ada).notify(ada.id, Topic.SWAPS, title="Bob accepted", about="swap:" + "0" * 24)
    payloads: dict[str, dict[str, Any]] = {
        "notification:mark_read": {"ids": [id_]},
        "unsubscribe": {"token": KeyVault(b"d" * 32).seal(f"{ada.id}:messages", of=UNSUBSCRIBE)},
        "preferences:set": {
            "topics": [{"topic": "forum", "channels": ["in_app", "email"]}],
            "time_zone": "Europe/Berlin",
        },
    }
    # The first time of anything is another thing than the next.
    if row.name == "preferences:set":
        await ada.asks(row.name, payloads[row.name])
    if row.name == "unsubscribe":
        letters = [{"topic": "messages", "channels": ["in_app", "push", "email"]}]
        await ada.asks("preferences:set", {"topics": letters, "time_zone": "Europe/Berlin"})
    return ada, payloads.get(row.name, {})


async def _of_push(row: Operation, ada: Person) -> dict[str, Any]:
    config = await ada.rest("GET", "/config/")
    push = FakePush(backstage(ada).settings.push_hosts[0], ada.http)
    subscription = await push.subscription(config["push_key"])
    kept = await ada.asks("push:subscribe", subscription)
    if row.name == "push:subscribe":
        # In the place of the one that this device has.
        return await push.subscription(config["push_key"])
    return {} if row.name == "push:list" else {"subscription_id": kept["id"]}
