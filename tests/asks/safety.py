"""Safety: whom people blocked."""

from server.operation import Operation
from tests.asks.base import EVERYBODY, Asker, Rights
from tests.people import Person

# Of a newcomer: anybody may block them, and only Ada has.
MAY: Rights = {"block:list": EVERYBODY, "block:add": EVERYBODY, "block:remove": ("not_found", "not_found")}


async def asks(row: Operation, ada: Person, bob: Person, eve: Person) -> Asker:
    """Of Ada's list."""
    if row.name == "block:list":
        return ada, {}
    newcomer = {"user_id": (await Person("newcomer", ada.url, ada.http).join()).id}
    if row.name == "block:remove":
        # Twice, so that each comes to the same: Ada's matches are to be looked for already.
        for event in ("block:add", "block:remove", "block:add"):
            await ada.asks(event, newcomer)
    return ada, newcomer
