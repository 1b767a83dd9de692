"""People: profiles, and who is there."""

from uuid import uuid4

from server.operation import Operation
from tests.asks.base import EVERYBODY, Asker, Rights
from tests.people import Person

MAY: Rights = {
    **dict.fromkeys(("get_profile", "update_profile", "presence:get", "presence:set"), EVERYBODY),
    **dict.fromkeys(("favourite:list", "contact:list", "skill:suggest", "skill:get"), EVERYBODY),
    # Of a newcomer: anybody may put them into their own list, and only Ada has.
    **dict.fromkeys(("user:get", "favourite:add", "contact:share"), EVERYBODY),
    **dict.fromkeys(("favourite:remove", "contact:unshare"), ("not_found", "not_found")),
}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of Ada's own profile, and of Bob's presence."""
    match row.name:
        case "update_profile":
            return ada, {"bio": f"I play {uuid4()}."}
        case "presence:get":
            return ada, {"user_ids": [bob.id]}
        case "presence:set":
            return ada, {"text": f"busy until {uuid4()}"}
        case "skill:suggest":
            return ada, {"q": "py"}
        case "skill:get":
            return ada, {"key": "python"}
        case "get_profile" | "favourite:list" | "contact:list":
            return ada, {}
    newcomer = {"user_id": (await Person("newcomer", ada.url, ada.http).join()).id}
    if row.name == "favourite:remove":
        await ada.asks("favourite:add", newcomer)
    if row.name in {"contact:share", "contact:unshare"}:
        await ada.asks("contact:share", newcomer | {"shares": ["phone"]})
    return ada, newcomer | ({"shares": ["address"]} if row.name == "contact:share" else {})
