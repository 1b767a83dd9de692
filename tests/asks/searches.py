"""Searches of Ada's own: nobody else has anything to do with them."""

from server.operation import Operation
from tests.asks.base import EVERYBODY, Asker, Rights
from tests.people import Person, key

MAY: Rights = {
    **dict.fromkeys(("search:list", "search:save", "search:watch", "search:unwatch"), EVERYBODY),
    **dict.fromkeys(("search:get", "search:change", "search:delete"), ("not_found", "not_found")),
}

LOOKED_FOR = {"search": "guitar", "mode": "online"}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of what she looks for."""
    match row.name:
        case "search:list":
            return ada, {}
        case "search:save":
            return ada, {"name": "Guitar", "filters": LOOKED_FOR}
        case "search:watch":
            # Once more: what is watched already is watched for longer.
            await ada.asks("search:watch", {"filters": LOOKED_FOR})
            return ada, {"filters": LOOKED_FOR}
        case "search:unwatch":
            return ada, {"watch_id": (await ada.asks("search:watch", {"filters": LOOKED_FOR}))["watch_id"]}
    # They are all hers, and she may keep but twenty.
    for one in (await ada.asks("search:list"))["items"]:
        await ada.asks("search:delete", {"search_id": one["id"]})
    saved = await ada.asks("search:save", {"name": "Guitar", "filters": LOOKED_FOR, "client_id": key()})
    return ada, {"search_id": saved["id"]} | ({"frequency": "daily"} if row.name == "search:change" else {})
