"""When people can meet."""

from uuid import uuid4

from server.operation import Operation
from tests.asks.base import EVERYBODY, Asker, Rights
from tests.people import Person

MAY: Rights = dict.fromkeys(("availability:get", "availability:set", "slots:get"), EVERYBODY)
WEEK = {"tuesday": [{"start": "10:00", "end": "12:00"}]}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of Ada's hours, and of what she has in common with Bob, who has some."""
    match row.name:
        case "availability:set":
            return ada, {"time_zone": "Europe/Berlin", "weekly": WEEK, "notice_minutes": uuid4().int % 40_000}
        case "slots:get":
            await bob.asks("availability:set", {"time_zone": "America/New_York", "weekly": WEEK})
            return ada, {"user_id": bob.id}
    return ada, {}
