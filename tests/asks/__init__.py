"""A request of every operation, each with what must be there before it, so that it surely finds or writes something.

What is made here is new for every request: one that is refused or repeated disturbs no other. One module stands beside
each of `server/api/`; its `MAY` is the rows' part of the authorization matrix.
"""

from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

from server import api
from server.operation import Operation
from tests.asks.base import Rights
from tests.people import Person, Refusal, form, key

# The rows of a domain, and the module that asks for them.
MAKERS = [(domain.ROWS, import_module(f"{__name__}.{domain.__name__.rpartition('.')[2]}")) for domain in api.DOMAINS]
MAY: Rights = {name: rights for _, maker in MAKERS for name, rights in maker.MAY.items()}


async def by_rest(person: Person, row: Operation, payload: dict[str, Any]) -> Any:
    """Ask for a row by its address; raises Refusal."""
    assert row.http is not None
    path = row.http.path.format(**payload)
    if row.takes_file:
        return await person.rest(row.http.method, path, partial(form, payload["file"], "a file"))
    rest = {name: value for name, value in payload.items() if f"{{{name}}}" not in row.http.path}
    if row.http.method in {"GET", "DELETE"}:
        flat = {name: ",".join(value) if isinstance(value, list) else value for name, value in rest.items()}
        return await person.rest(row.http.method, f"{path}?{urlencode(flat)}" if flat else path)
    return await person.rest(row.http.method, path, rest)


@dataclass(frozen=True)
class Asking:
    """A request that may be made over and over: the same person, the same payload, the same client_id."""

    row: Operation
    person: Person
    payload: dict[str, Any]

    async def ask(self) -> dict[str, Any]:
        """Make it, by its event where it has one; what an acknowledgement says, by whichever door."""
        if self.row.event is not None:
            return await self.person.ack(self.row.event, self.payload)
        try:
            return {"ok": True, "data": await by_rest(self.person, self.row, self.payload)}
        except Refusal as refusal:
            return {"ok": False, "error": refusal.problem}


async def asking(row: Operation, ada: Person, bob: Person, eve: Person) -> Asking:
    """A request of this row by Ada, who shares what it is about with Bob; Eve may be invited."""
    maker = next(maker for rows, maker in MAKERS if row.name in {one.name for one in rows})
    person, payload = await maker.asks(row, ada, bob, eve)
    return Asking(row, person, payload | ({"client_id": key()} if row.is_creating else {}))
