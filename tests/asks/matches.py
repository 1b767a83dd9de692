"""Who fits whom."""

from server.operation import Operation
from tests.asks.base import EVERYBODY, Asker, Rights
from tests.people import Person

MAY: Rights = {"match:list": EVERYBODY}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of Ada, who fits Bob."""
    for person, teaches, wants in ((ada, "Guitar", "French"), (bob, "French", "Guitar")):
        fields = {"teaches": [{"name": teaches}], "wants": [{"name": wants}]}
        await person.rest("PUT", "/auth/profile", fields)
    return ada, {}
