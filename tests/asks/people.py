"""People: profiles, and who is there."""

from uuid import uuid4

from server.operation import Operation
from tests.asks.base import EVERYBODY, Asker, Rights
from tests.people import Person

MAY: Rights = dict.fromkeys(("get_profile", "update_profile", "presence:get", "presence:set"), EVERYBODY)


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of Ada's own profile, and of Bob's presence."""
    match row.name:
        case "update_profile":
            return ada, {"bio": f"I play {uuid4()}."}
        case "presence:get":
            return ada, {"user_ids": [bob.id]}
        case "presence:set":
            return ada, {"text": f"busy until {uuid4()}"}
    return ada, {}
